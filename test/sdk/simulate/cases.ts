import type { SimulationRequest } from "../../../sdk/simulate/simulator.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { TestBlob } from "../world/blobs.ts";
import {
  type Deviations,
  inboxDue,
  makeCheckpoint,
  type Parent,
  parentOf,
  setSize,
  type TestCheckpoint,
} from "../world/checkpoints.ts";
import type { Random } from "../world/random.ts";
import type { Sender, World } from "../world/world.ts";

/** One question to the simulation, and what has to happen on L1 before the answer can be checked. */
export interface Case {
  /** Checkpoints to land first, each in a block of its own. */
  before: { checkpoint: TestCheckpoint; timeSec: number }[];
  /** How many of them land before the simulation already. */
  landedBefore: number;
  attempt: Attempt;
}

export interface Attempt {
  submissions: TestCheckpoint[];
  /** The transaction's blobs. */
  blobs: TestBlob[];
  sender: Sender;
  timeSec: number;
  deadlineSec: number;
  baseFeeWei: bigint;
  label: string;
}

export const RECIPIENT: Hex = `0x${"ab".repeat(20)}`;

/** What a case is to be like; the rest is drawn. */
export interface Plan {
  /** Checkpoints that land before the attempt. */
  parents: number;
  /** How many of them land before the simulation already. */
  landedBefore: number;
  /** One of `LABELS`. */
  label: string;
  when: "early" | "on time" | "at an edge" | "too late";
  sender: Sender;
  deadline: "passed" | "kept";
}

/** At least one case of every label and every verdict, whatever is drawn besides. */
export function scriptedPlans(): Plan[] {
  const plan: Plan = {
    parents: 1,
    landedBefore: 0,
    label: "proper",
    when: "on time",
    sender: "bonded",
    deadline: "kept",
  };
  return [
    ...LABELS.map((label): Plan => ({ ...plan, label })),
    { ...plan, sender: "unbonded" },
    { ...plan, label: "signed something else", sender: "releasing" },
    { ...plan, when: "early" },
    { ...plan, when: "too late" },
    { ...plan, deadline: "passed" },
    { ...plan, parents: 3 },
    { ...plan, parents: 0 },
    { ...plan, landedBefore: 1 },
  ];
}

export function drawPlan(random: Random): Plan {
  const parents = random.pick([0, 1, 1, 1, 1, 2, 2, 3]);
  return {
    parents,
    landedBefore: random.pick([0, 0, 0, parents]),
    label: random.pick(random.chance(0.45) ? FREQUENT : LABELS),
    when: random.pick(["early", "on time", "on time", "on time", "at an edge", "at an edge", "at an edge"]),
    sender: random.pick(["bonded", "bonded", "unbonded", "releasing"]),
    deadline: random.chance(0.06) ? "passed" : "kept",
  };
}

/** Makes a case on top of the tip. */
export async function makeCase(
  world: World,
  tip: Parent,
  tipTimeSec: number,
  plan: Plan,
  random: Random,
): Promise<Case> {
  const before: Case["before"] = [];
  let parent = tip;
  let timeSec = tipTimeSec;
  while (before.length < plan.parents) {
    const slot = Math.max(parent.slot + random.pick([1, 1, 1, 2]), slotOf(world, timeSec + 1) - 1);
    const checkpoint = await makeCheckpoint(world, slot, parent, { salt: "parent" });
    timeSec = landingTime(world, slot, timeSec, random);
    before.push({ checkpoint, timeSec });
    parent = parentOf(checkpoint);
  }
  const state = { tip: parent, timeSec, last: before.at(-1)?.checkpoint };
  return { before, landedBefore: plan.landedBefore, attempt: await makeAttempt(world, state, plan, random) };
}

/** A time at which a checkpoint of the slot lands, after `afterSec`. */
function landingTime(world: World, slot: number, afterSec: number, random: Random): number {
  const from = Math.max(startOf(world, slot), afterSec + 1);
  const latest = startOf(world, slot + 1) + world.config.handoffWindowSeconds - 1;
  const onTime = startOf(world, slot + 1) - 1;
  return random.chance(0.6) && from <= onTime ? random.integer(from, onTime) : random.integer(from, latest);
}

interface State {
  tip: Parent;
  timeSec: number;
  last: TestCheckpoint | undefined;
}

type Draw = (world: World, state: State, slot: number, random: Random) => Promise<Partial<Attempt>>;

const one = async (
  world: World,
  { tip }: State,
  slot: number,
  deviations: Deviations = {},
): Promise<Partial<Attempt>> => {
  const checkpoint = await makeCheckpoint(world, slot, tip, deviations);
  return { submissions: [checkpoint], blobs: checkpoint.blobs };
};

const all = (world: World, slot: number): number[] => Array.from({ length: setSize(world, slot) }, (_, index) => index);

/** Each way in which an attempt is drawn, by name; the first ones come more often. */
const DRAWS: Readonly<Record<string, Draw>> = {
  proper: (world, state, slot) => one(world, state, slot),
  "all signed": (world, state, slot) => one(world, state, slot, { signers: all(world, slot) }),
  "named recipient": (world, state, slot) =>
    one(world, state, slot, { header: { onTimeRecipient: RECIPIENT, onTimeCapBps: 500 } }),
  "three blobs": (world, state, slot) => one(world, state, slot, { blobs: world.blobs.slice(1, 4) }),
  "batch with its child": async (world, state, slot) => {
    const first = await makeCheckpoint(world, slot, state.tip);
    const second = await makeCheckpoint(world, slot + 1, parentOf(first), { blobs: world.blobs.slice(2, 4) });
    return { submissions: [first, second], blobs: [...first.blobs, ...second.blobs] };
  },
  "batch with its landed parent": async (world, state, slot) => {
    const checkpoint = await makeCheckpoint(world, slot, state.tip, { blobs: world.blobs.slice(3, 5) });
    const submissions = state.last ? [state.last, checkpoint] : [checkpoint];
    return { submissions, blobs: submissions.flatMap(({ blobs }) => blobs) };
  },
  "the parent again": async (world, state, slot) =>
    state.last ? { submissions: [state.last], blobs: state.last.blobs } : one(world, state, slot),
  "another one for the parent's slot": (world, state) => one(world, state, state.tip.slot, { salt: "another" }),
  "another parent": (world, state, slot) => one(world, { ...state, tip: { ...state.tip, digest: RECIPIENT } }, slot),
  "another blob": async (world, state, slot) => ({
    ...(await one(world, state, slot)),
    blobs: world.blobs.slice(5, 6),
  }),
  "a blob too few": async (world, state, slot) => ({
    ...(await one(world, state, slot, { blobs: world.blobs.slice(0, 2) })),
    blobs: world.blobs.slice(0, 1),
  }),
  "too many blobs": (world, state, slot) => one(world, state, slot, { blobs: world.blobs.slice(0, 4) }),
  "cap too high": (world, state, slot) => one(world, state, slot, { header: { onTimeCapBps: 10_001 } }),
  "inbox count off by one": (world, state, slot, random) => {
    const due = inboxDue(world, slot, state.tip.inboxCount);
    return one(world, state, slot, { header: { inboxCount: Math.max(0, due + random.pick([-1, 1])) } });
  },
  "signer outside the set": (world, state, slot) => one(world, state, slot, { signers: [0, 1, 2, 3, 4] }),
  "one signer short": (world, state, slot) =>
    one(world, state, slot, { signers: all(world, slot).slice(0, Math.floor((2 * setSize(world, slot)) / 3)) }),
  "signed something else": (world, state, slot) => one(world, state, slot, { signedDigest: `0x${"5e".repeat(32)}` }),
};
export const LABELS = Object.keys(DRAWS);
const FREQUENT = LABELS.slice(0, 6);

async function makeAttempt(world: World, state: State, plan: Plan, random: Random): Promise<Attempt> {
  // A slot that is on time after the parent's landing, except where lateness is wanted.
  const soonest = slotOf(world, state.timeSec + 1) - (plan.when === "at an edge" ? 1 : 0);
  const slot = Math.max(state.tip.slot + random.pick([1, 1, 1, 2]), soonest);
  const drawn = await (DRAWS[plan.label] as Draw)(world, state, slot, random);
  const timeSec = attemptTime(world, slot, state.timeSec, plan.when, random);
  return {
    submissions: [],
    blobs: [],
    ...drawn,
    sender: plan.sender,
    timeSec,
    deadlineSec: timeSec + (plan.deadline === "passed" ? -1 : random.pick([0, 5, 1_000])),
    baseFeeWei: BigInt(random.integer(1, 50)) * 1_000_000_000n,
    label: plan.label,
  };
}

function attemptTime(world: World, slot: number, afterSec: number, when: Plan["when"], random: Random): number {
  const { successorWindowSeconds, handoffWindowSeconds, slotSeconds } = world.config;
  const start = startOf(world, slot);
  const next = start + slotSeconds;
  const edges = [
    start,
    next - 1,
    next,
    next + successorWindowSeconds - 1,
    next + successorWindowSeconds,
    next + handoffWindowSeconds - 1,
    next + handoffWindowSeconds,
  ];
  const times: Record<Plan["when"], () => number> = {
    early: () => start - 1,
    "on time": () => random.integer(Math.max(start, afterSec + 1), next - 1),
    "at an edge": () => random.pick(edges),
    "too late": () => next + handoffWindowSeconds,
  };
  return Math.max(times[when](), afterSec + 1);
}

const startOf = ({ config }: World, slot: number): number => config.genesisTime + slot * config.slotSeconds;
const slotOf = ({ config }: World, timeSec: number): number =>
  Math.floor((timeSec - config.genesisTime) / config.slotSeconds);

/** The attempt as the simulation takes it. */
export function requestOf(world: World, attempt: Attempt, assumed: SimulationRequest["assumed"]): SimulationRequest {
  return {
    submissions: attempt.submissions.map(({ submission }) => submission),
    recipient: RECIPIENT,
    deadlineSec: attempt.deadlineSec,
    from: world.senders[attempt.sender].address.toLowerCase() as Hex,
    blobHashes: attempt.blobs.map(({ hash }) => hash),
    block: { timeSec: attempt.timeSec, baseFeeWei: attempt.baseFeeWei, blobBaseFeeWei: 1n },
    priorityFeeWei: 1_000_000_000n,
    assumed,
  };
}
