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

/** Draws a case on top of the tip: up to three parents, then an attempt that may be wrong in one way. */
export async function drawCase(world: World, tip: Parent, tipTimeSec: number, random: Random): Promise<Case> {
  const before: Case["before"] = [];
  let parent = tip;
  let timeSec = tipTimeSec;
  for (let count = random.pick([0, 1, 1, 1, 1, 2, 2, 3]); count > 0; count--) {
    const slot = Math.max(parent.slot + random.pick([1, 1, 1, 2]), slotOf(world, timeSec + 1) - 1);
    const checkpoint = await makeCheckpoint(world, slot, parent, { salt: "parent" });
    timeSec = landingTime(world, slot, timeSec, random);
    before.push({ checkpoint, timeSec });
    parent = parentOf(checkpoint);
  }
  const attempt = await drawAttempt(world, { tip: parent, timeSec, last: before.at(-1)?.checkpoint }, random);
  return { before, landedBefore: random.pick([0, 0, 0, before.length]), attempt };
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
const NAMES = Object.keys(DRAWS);
const FREQUENT = NAMES.slice(0, 6);

async function drawAttempt(world: World, state: State, random: Random): Promise<Attempt> {
  const now = slotOf(world, state.timeSec + 1);
  const slot = Math.max(state.tip.slot + random.pick([1, 1, 1, 2]), now - 1);
  const label = random.pick(random.chance(0.45) ? FREQUENT : NAMES);
  const drawn = await (DRAWS[label] as Draw)(world, state, slot, random);
  const timeSec = drawTime(world, slot, state.timeSec, random);
  return {
    submissions: [],
    blobs: [],
    ...drawn,
    sender: random.pick(["bonded", "bonded", "unbonded", "releasing"] as const),
    timeSec,
    deadlineSec: timeSec + (random.chance(0.06) ? -1 : random.pick([0, 5, 1_000])),
    baseFeeWei: BigInt(random.integer(1, 50)) * 1_000_000_000n,
    label,
  };
}

/** On time mostly; else around every edge of the slot's windows. */
function drawTime({ config }: World, slot: number, afterSec: number, random: Random): number {
  const start = config.genesisTime + slot * config.slotSeconds;
  const next = start + config.slotSeconds;
  const { successorWindowSeconds, handoffWindowSeconds } = config;
  const edges = [
    start - 1,
    start - 1,
    start,
    next - 1,
    next,
    next + successorWindowSeconds - 1,
    next + successorWindowSeconds,
    next + handoffWindowSeconds - 1,
    next + handoffWindowSeconds,
    next + config.slotSeconds,
  ];
  const time = random.chance(0.5) ? random.integer(start, next - 1) : random.pick(edges);
  return Math.max(time, afterSec + 1);
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
