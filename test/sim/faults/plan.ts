import { AGENT_NAMES } from "../../../deploy/devnet/agents.ts";
import type { LinkModel } from "../../../sdk/agent/network/memory-hub.ts";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import { ACTS, type Act } from "../actors/acts.ts";
import { Chance } from "../chance.ts";
import { ILLS, type Illness } from "../l1/ills.ts";

/** From, inclusive, to, exclusive, in the loop's time. */
export interface Window {
  fromMs: number;
  toMs: number;
}

/**
 * Where a power cut hits: anywhere; or at the first write that follows, which is durable, or lost, or of which the disk
 * has a part, where it can.
 */
export const CRASH_POINTS = ["written", "lost", "anywhere", "torn"] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** What goes wrong in one run, all of it known beforehand. */
export interface FaultPlan {
  links: (Window & { model: LinkModel })[];
  /** Agents that are cut off from the others. */
  partitions: (Window & { apart: string[] })[];
  /** An agent is down. */
  crashes: (Window & { agent: number; at: CrashPoint })[];
  /** All agents are down. */
  blackouts: Window[];
  /** How far each agent's clock is ahead. */
  skewsMs: number[];
  /** L1 makes no blocks. */
  missed: Window[];
  /** L1's blocks hold no transactions: nobody's is taken. */
  empty: Window[];
  /** L1's base fee rises as fast as it can. */
  feesRise: Window[];
  /** An L1 node accepts transactions and forgets them. */
  drops: (Window & { probability: number })[];
  /** None of an agent's L1 nodes answers. */
  outages: (Window & { agent: number })[];
  /** One of an agent's L1 nodes answers, and not as it should. */
  ills: (Window & Illness & { agent: number; node: number })[];
  /** L1's last `depth` slots go; each of their transactions comes again, or not. */
  reorgs: (Window & { depth: number; keepProbability: number })[];
  /** When an agent's second L1 account has less money than the first, and so pays; the others have no second one. */
  secondPays: (Window & { agent: number })[];
  /** Who means ill, and how; one agent at most, which is fewer than a third of the validators. */
  villain: Villainy | undefined;
}

/** What one agent, and whoever helps it, does wrong within a window. */
export interface Villainy extends Window {
  agent: number;
  acts: readonly Act[];
}

export const GOOD_LINK: LinkModel = { minDelayMs: 5, maxDelayMs: 60, loss: 0, duplication: 0, reordering: 0 };

export const NO_FAULTS: FaultPlan = {
  links: [],
  partitions: [],
  crashes: [],
  blackouts: [],
  skewsMs: AGENT_NAMES.map(() => 0),
  missed: [],
  empty: [],
  feesRise: [],
  drops: [],
  outages: [],
  ills: [],
  reorgs: [],
  secondPays: [],
  villain: undefined,
};

/** What goes wrong by itself. */
export const MISHAPS = [
  "links",
  "partitions",
  "crashes",
  "blackouts",
  "missed",
  "feesRise",
  "drops",
  "outages",
  "reorgs",
  "ills",
  "empty",
] as const;

/** What goes wrong by itself, and what somebody does. */
export const FAULT_KINDS = [...MISHAPS, ...ACTS] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Share of the kinds that a seed has. */
const KIND_PROBABILITY = 0.35;
/** Share of the seeds that have a villain. */
const VILLAIN_PROBABILITY = 0.5;
const MAX_ACTS = 3;
/** Share of the seeds in which agents have two L1 accounts, of these agents, and of the slots that the second pays. */
const TWO_ACCOUNTS_PROBABILITY = 0.5;
const MAX_LAG_BLOCKS = 8;
/** Slots at the end in which nothing goes wrong any more. */
export const CALM_SLOTS = 5;
/** Slots to which one fault of a kind comes, on average. */
const SLOTS_PER_FAULT = 4;

/**
 * The faults of a seed, each kind now and then, none in the last slots.
 * @param only Left out: the kinds follow from the seed as well.
 */
export function planFaults(
  seed: number,
  slots: number,
  startOf: (slot: number) => number,
  only?: readonly FaultKind[],
): FaultPlan {
  const chance = new Chance(seed, "faults");
  const plan: FaultPlan = structuredClone(NO_FAULTS);
  const isSkewed = chance.hits(0.5) && only === undefined;
  const { clockDisparityMs, slotSeconds, l1SlotSeconds } = DEVNET_PARAMETERS;
  const slotMs = slotSeconds * 1000;
  const lastSlot = slots - CALM_SLOTS;
  // Two clocks may differ by the disparity, and no more.
  if (isSkewed) plan.skewsMs = AGENT_NAMES.map(() => chance.whole(-clockDisparityMs / 2, clockDisparityMs / 2));
  // By a chance of its own, as what came later than the seeds that are kept.
  const later: Partial<Record<string, Chance>> = { ills: new Chance(seed, "ills"), empty: new Chance(seed, "empty") };
  const drawn = MISHAPS.filter((kind) => (later[kind] ?? chance).hits(KIND_PROBABILITY));
  const kinds = new Set<FaultKind>(only ?? drawn);
  plan.villain = villainOf(seed, { fromMs: startOf(1), toMs: startOf(lastSlot) }, only);
  if (only === undefined) plan.secondPays = secondPays(seed, startOf, lastSlot, plan.villain?.agent);
  const windows = (minMs: number, maxMs: number): Window[] => {
    const found: Window[] = [];
    for (let slot = 1; slot < lastSlot; slot++) {
      if (!chance.hits(1 / SLOTS_PER_FAULT)) continue;
      const fromMs = Math.round(startOf(slot) + chance.between(0, slotMs));
      const toMs = Math.min(Math.round(fromMs + chance.between(minMs, maxMs)), startOf(lastSlot));
      // One of a kind at a time, with time to recover in between.
      if (fromMs < toMs && fromMs > (found.at(-1)?.toMs ?? 0) + slotMs) found.push({ fromMs, toMs });
    }
    return found;
  };
  for (const kind of MISHAPS) {
    const isWithoutL1 = kind === "missed" || kind === "empty";
    const found = windows(isWithoutL1 ? 1000 * l1SlotSeconds : 500, isWithoutL1 ? 2 * slotMs : 1.5 * slotMs);
    if (!kinds.has(kind)) continue;
    switch (kind) {
      case "links":
        plan.links = found.map((window) => ({ ...window, model: badLink(chance) }));
        break;
      case "partitions":
        plan.partitions = found.map((window) => ({ ...window, apart: apart(chance) }));
        break;
      case "crashes":
        plan.crashes = found.map((window) => ({
          ...window,
          agent: chance.whole(0, AGENT_NAMES.length - 1),
          at: chance.pick(CRASH_POINTS),
        }));
        break;
      case "outages":
        plan.outages = found.map((window) => ({ ...window, agent: chance.whole(0, AGENT_NAMES.length - 1) }));
        break;
      case "ills":
        plan.ills = found.map((window) => ({
          ...window,
          agent: chance.whole(0, AGENT_NAMES.length - 1),
          node: chance.whole(0, 1),
          ill: chance.pick(ILLS),
          blocks: chance.whole(1, MAX_LAG_BLOCKS),
        }));
        break;
      case "drops":
        plan.drops = found.map((window) => ({ ...window, probability: chance.between(0.3, 1) }));
        break;
      case "reorgs":
        plan.reorgs = found.map((window) => ({
          ...window,
          toMs: window.fromMs + 1,
          depth: chance.whole(1, 6),
          keepProbability: chance.pick([0, 0.5, 1]),
        }));
        break;
      default:
        plan[kind] = found;
    }
  }
  return plan;
}

function villainOf(seed: number, window: Window, only: readonly FaultKind[] | undefined): Villainy | undefined {
  const chance = new Chance(seed, "villain");
  const agent = chance.whole(0, AGENT_NAMES.length - 1);
  const isThere = chance.hits(VILLAIN_PROBABILITY);
  const drawn = Array.from({ length: chance.whole(1, MAX_ACTS) }, () => chance.pick(ACTS));
  const acts = only === undefined ? (isThere ? [...new Set(drawn)] : []) : ACTS.filter((act) => only.includes(act));
  return acts.length === 0 || window.fromMs >= window.toMs ? undefined : { ...window, agent, acts };
}

/** What an agent has beside its first account is no fault: it may change in any slot, and wrongs nobody. */
function secondPays(
  seed: number,
  startOf: (slot: number) => number,
  lastSlot: number,
  villain: number | undefined,
): FaultPlan["secondPays"] {
  const chance = new Chance(seed, "accounts");
  const hits = (): boolean => chance.hits(TWO_ACCOUNTS_PROBABILITY);
  const isSuchSeed = hits();
  const agents = AGENT_NAMES.map((_, agent) => agent).filter((agent) => hits() && isSuchSeed && agent !== villain);
  const slots = Array.from({ length: Math.max(0, lastSlot) }, (_, slot) => slot);
  return agents.flatMap((agent) =>
    slots.filter(hits).map((slot) => ({ agent, fromMs: startOf(slot), toMs: startOf(slot + 1) })),
  );
}

function badLink(chance: Chance): LinkModel {
  return {
    minDelayMs: 5,
    maxDelayMs: chance.whole(60, 600),
    loss: chance.pick([0, 0.02, 0.1, 0.3]),
    duplication: chance.pick([0, 0.1, 0.5]),
    reordering: chance.pick([0, 0.1, 0.3]),
  };
}

/** One agent alone, or two and two. */
function apart(chance: Chance): string[] {
  const first = chance.whole(0, AGENT_NAMES.length - 1);
  const names = [first, (first + 1) % AGENT_NAMES.length].map((index) => AGENT_NAMES[index] as string);
  return names.slice(0, chance.whole(1, 2));
}

/** The windows of everything that goes wrong by itself. */
export const mishapsOf = (plan: FaultPlan): Window[] => MISHAPS.flatMap((kind): Window[] => plan[kind]);

export const isWithin = (windows: readonly Window[], timeMs: number): boolean =>
  windows.some(({ fromMs, toMs }) => fromMs <= timeMs && timeMs < toMs);

/** The kinds of faults that a plan has, for a reader. */
export function describePlan(plan: FaultPlan): string {
  const kinds = MISHAPS.filter((kind) => plan[kind].length > 0).map((kind) => `${kind} ${plan[kind].length}`);
  const skewed = plan.skewsMs.some((skewMs) => skewMs !== 0) ? ["skews"] : [];
  const two = new Set(plan.secondPays.map(({ agent }) => agent));
  const accounts = two.size > 0 ? [`two accounts of ${two.size}`] : [];
  const { villain } = plan;
  const meant = villain === undefined ? [] : [`${AGENT_NAMES[villain.agent]} ${villain.acts.join(" and ")}`];
  return [...kinds, ...skewed, ...accounts, ...meant].join(", ") || "none";
}
