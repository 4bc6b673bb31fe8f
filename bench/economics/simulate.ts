import { seededRandom } from "../../sdk/agent/network/seeded-random.ts";
import { costsOf } from "./costs.ts";
import type { BlockFees } from "./fees.ts";
import { type Handoff, playHandoff, type Turn } from "./handoff.ts";
import { hindsightOf } from "./hindsight.ts";
import { landLate } from "./late.ts";
import { type Mechanism, RULES } from "./mechanisms.ts";
import { type Block, FIRST_BLOCK, type OwnValue, ownValues } from "./own.ts";
import { FORGERS, GRIEFERS, type Proposer, QUALITIES, SABOTAGE, SPITE } from "./population.ts";
import { type Plan, planSlot } from "./proposer.ts";
import type { Tally } from "./tally.ts";

const BLOCKS_PER_SLOT = RULES.slotSeconds / RULES.l1SlotSeconds;
const LATE_BLOCKS = RULES.handoffWindowSeconds / RULES.l1SlotSeconds;

/** A world in which each mechanism is tried: the same fees, the same people, the same luck. */
export interface World {
  seed: number;
  rewardGwei: number;
  fees: readonly BlockFees[];
  proposers: readonly Proposer[];
}

/** How a slot begins. `orphan`: built on a checkpoint that died. `landed`: in one call with the one before. */
type Beginning = { start: number } | "orphan" | "landed";

/** Runs a mechanism over a world. Nobody proposes for the last slot but a successor. */
export function simulate(mechanism: Mechanism, world: World, tally: Tally): void {
  const slots = world.proposers.map((_, slot) => blocksOf(world, slot));
  let beginning: Beginning = { start: FIRST_BLOCK };
  for (let slot = 0; slot + 1 < slots.length; slot++) {
    tally.slots++;
    if (beginning === "landed") tally.landed++;
    if (typeof beginning === "string") {
      beginning = { start: FIRST_BLOCK };
      continue;
    }
    const blocks = slots[slot] as Block[];
    const next = slots[slot + 1] as Block[];
    beginning = playSlot(mechanism, world, slot, { blocks, next, start: beginning.start }, tally);
    if (beginning !== "orphan") tally.landed++;
  }
}

function blocksOf({ fees, rewardGwei }: World, slot: number): Block[] {
  const first = slot * BLOCKS_PER_SLOT;
  return fees.slice(first, first + BLOCKS_PER_SLOT).map((each, index) => ({
    fees: each,
    costs: costsOf(each, rewardGwei),
    seconds: index * RULES.l1SlotSeconds,
  }));
}

interface SlotView {
  blocks: readonly Block[];
  /** Of the next slot. */
  next: readonly Block[];
  start: number;
}

function playSlot(mechanism: Mechanism, world: World, slot: number, view: SlotView, tally: Tally): Beginning {
  const random = seededRandom(world.seed * 1_000_003 + slot);
  const proposer = world.proposers[slot] as Proposer;
  const successor = world.proposers[slot + 1] as Proposer;
  const own = ownValues(mechanism, view.next, successor);
  const spite = random() < GRIEFERS ? SPITE : 0;
  const handoff = handoffOf(mechanism, view, own, { proposer, successor, spite });
  const passive = mechanism.acceptsLate
    ? playHandoff({ ...handoff, proposer: { inclusion: 0, strategic: false } })
    : [];
  const acts = handoff.proposer.strategic && handoff.proposer.inclusion > 0;
  const turns = acts && mechanism.acceptsLate ? playHandoff(handoff) : passive;

  tally.states++;
  if (hindsightOf(handoff, passive, view.blocks, view.start).lateIsBetter) tally.sybilProfitable++;
  const onTime = own[FIRST_BLOCK] as OwnValue;
  const gain = (passive[0]?.value.successor ?? 0) - onTime.value;
  if (!handoff.sameOperator) tally.addSuccessorGain(gain);

  const forged = random() < FORGERS;
  // The forgery is challenged, and the slot lands again as on time, by whoever takes the forger's bond.
  if (forged) return { start: FIRST_BLOCK };
  const price = SABOTAGE.least + (SABOTAGE.most - SABOTAGE.least) * random();
  const attacked = successor.operator.strategic && !handoff.sameOperator && SABOTAGE.works * gain > price;
  if (attacked) tally.sabotaged++;
  const kept = attacked && random() < SABOTAGE.works;

  const plan = planSlot({
    mechanism,
    blocks: view.blocks,
    start: view.start,
    proposer,
    lateValue: lateValueOf(turns, handoff.sameOperator, onTime),
    expectedLateValue: passive[0]?.value.proposer ?? 0,
  });
  if (plan.deliberatelyLate) tally.deliberatelyLate++;
  const attempt = landOnTime(plan, proposer, view.blocks, random);
  if (attempt.landed && !kept) return { start: FIRST_BLOCK };
  if (!mechanism.acceptsLate) return "orphan";
  return landLate(handoff, turns, { slips: !kept && attempt.pending, random, tally });
}

/** What being late is worth to a proposer's operator, measured from where landing on time leaves its other slot. */
function lateValueOf(turns: readonly Turn[], sameOperator: boolean, onTime: OwnValue): number {
  const value = turns[0]?.value;
  if (!sameOperator) return value?.proposer ?? 0;
  return (value ? value.proposer + value.successor : 0) - onTime.value;
}

interface Parties {
  proposer: Proposer;
  successor: Proposer;
  spite: number;
}

function handoffOf(
  mechanism: Mechanism,
  { next }: SlotView,
  own: readonly OwnValue[],
  { proposer, successor, spite }: Parties,
): Handoff {
  const actor = ({ operator, online }: Proposer) => ({
    inclusion: online ? operator.publisher.inclusion : 0,
    strategic: operator.strategic,
  });
  return {
    mechanism,
    blocks: next.slice(0, LATE_BLOCKS),
    own,
    successor: actor(successor),
    proposer: actor(proposer),
    sameOperator: proposer.operator === successor.operator,
    spite,
  };
}

/** `pending`: the proposer's last transaction was sent for the slot's last block, and was not in it. */
function landOnTime(
  { sends, delegated }: Plan,
  { operator, online }: Proposer,
  blocks: readonly Block[],
  random: () => number,
): { landed: boolean; pending: boolean } {
  const publisher = delegated ? QUALITIES.good : operator.publisher;
  const present = delegated ? random() >= publisher.offline : online;
  for (const [index, sent] of sends.entries()) {
    if (!sent || !present || blocks[index]?.fees.missed) continue;
    if (random() < publisher.inclusion) return { landed: true, pending: false };
  }
  return { landed: false, pending: present && sends.at(-1) === true };
}
