import { id } from "ethers";
import { buildSettlement, type CheckpointLog } from "../../sdk/build/log.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import { ACCOUNTS, deployRollup, logsIn, type TestRollup } from "../../test/contracts/fixture.ts";
import { type Parent, range } from "../../test/contracts/support/checkpoints.ts";
import { addressOf, type Connection, type Mined } from "../../test/contracts/support/l1.ts";
import { TestOutbox } from "../../test/contracts/support/outbox.ts";
import type { GasFigures, GasResults } from "./cases.ts";
import { measureFullSet } from "./fullSet.ts";
import { figuresOf, RING, reachSteadyState, type Steady } from "./steady.ts";

const VALIDATORS = 48;
/** The fewest of 48 that are more than two thirds. */
const QUORUM = 33;
/** As many signers, their absent neighbours all over the set: each absent one may cost a storage word of its own. */
const SPREAD_OUT = Array.from({ length: VALIDATORS }, (_, index) => index).filter(
  (index) => index % 3 !== 1 || index > 43,
);
const SETTLED_AT_ONCE = 32;
const MESSAGES = 8;
const WORDS_PREPARED = 256;
const PREPARING_GAS = 10_000_000;
/** Second of an L1 slot that is not the first of its slot. */
const LATER_SECOND = 24;

const { bonded, unbonded, challenger, deployer } = ACCOUNTS;

/** Lands a real checkpoint in each of the ways, always the same vectors, and reads the receipts. */
export async function measureGas(connection: Connection): Promise<GasResults> {
  const start = await connection.networkHelpers.takeSnapshot();
  const landings = await measureLandings(connection);
  await start.restore();
  const preparing = await measurePreparing(connection);
  await start.restore();
  const settling = await measureSettling(connection);
  await start.restore();
  const fullSet = await measureFullSet(connection);
  const [landing, settlement] = [landings["submit.onTime.bonded"], settling["settle32.perCheckpoint"]];
  const allIn = { ...landing, gas: landing.gas + settlement.gas };
  return { ...landings, ...settling, ...preparing, ...fullSet, "allIn.perCheckpoint": allIn };
}

async function measureLandings(connection: Connection) {
  const { test, parent, slot } = await reachSteadyState(
    await deployRollup(connection, { validators: VALIDATORS, config: { maxMessages: 64, ringSize: RING } }),
  );
  const base = await connection.networkHelpers.takeSnapshot();
  /** Runs one case from the steady state. */
  const fresh = async (run: () => Promise<Mined>): Promise<GasFigures> => {
    const figures = figuresOf(await run());
    await base.restore();
    return figures;
  };
  const own = test.checkpoint({ slot, parent });
  const next = test.checkpoint({ slot: slot + 1, parent: own.tip, blobs: test.blobs.slice(1, 2) });
  const minimal = test.checkpoint({ slot, parent, signers: range(QUORUM) });
  const spreadOut = test.checkpoint({ slot, parent, signers: SPREAD_OUT });
  const late = { timeSec: test.time(slot + 1) };
  const lateWithNext = { timeSec: test.time(slot + 1, LATER_SECOND) };

  const onTime = await fresh(() => test.land(bonded, [own]));
  const lateAlone = await fresh(() => test.land(bonded, [own], late));
  const batch = await fresh(() => test.land(bonded, [own, next], lateWithNext));
  const skip = await fresh(async () => {
    await test.land(unbonded, [own], late);
    return test.land(bonded, [own, next], lateWithNext);
  });
  const inbox = await fresh(() => landConsuming({ test, parent, slot }));
  const verified = await fresh(() => test.land(unbonded, [own]));
  const verified33 = await fresh(() => test.land(unbonded, [minimal]));
  const verified33Spread = await fresh(() => test.land(unbonded, [spreadOut]));
  const duplicate = await fresh(async () => {
    await test.land(bonded, [own]);
    return test.tryLand(bonded, [own], { timeSec: test.time(slot, LATER_SECOND) });
  });
  const stale = await fresh(() => test.tryLand(bonded, [own], { timeSec: test.time(slot + 2) }));
  const challenged = (signers: number[]) =>
    fresh(async () => {
      const landed = await test.land(bonded, [test.forged({ slot, parent, signers })]);
      return test.call(challenger, "challenge", [logsIn(landed)]);
    });
  return {
    "submit.onTime.bonded": onTime,
    "submit.late.bonded": lateAlone,
    "submit.batch2.bonded": batch,
    "submit.batch2.skip": skip,
    "submit.onTime.inbox": inbox,
    "submit.onTime.verified": verified,
    "submit.onTime.verified33": verified33,
    "submit.onTime.verified33.spread": verified33Spread,
    duplicate,
    stale,
    challenge48: await challenged(range(VALIDATORS)),
    challenge33: await challenged(range(QUORUM)),
    register: await fresh(() => test.register(VALIDATORS)),
    withdraw: await fresh(() => withdraw({ test, parent, slot })),
  };
}

/** Lands a checkpoint that consumes messages while a younger one is not due yet. */
async function landConsuming({ test, parent, slot }: Steady): Promise<Mined> {
  const recipient = ACCOUNTS.recipient.address;
  for (let i = 0; i <= MESSAGES; i++) {
    const timeSec = test.time(i < MESSAGES ? slot : slot + 1, i);
    await test.call(deployer, "deposit", [recipient], { valueWei: 1_000_000_000n, timeSec });
  }
  const inboxHash = (await test.rollup.inboxHash(MESSAGES)) as Hex;
  const due = slot + 1 + test.config.inboxLagSlots;
  return test.land(bonded, [test.checkpoint({ slot: due, parent, inboxHash, header: { inboxCount: MESSAGES } })]);
}

/** Pays a withdrawal that is not the first of its word of the bitmap, to an account that has ether. */
async function withdraw({ test, parent, slot }: Steady): Promise<Mined> {
  const recipient = addressOf(ACCOUNTS.recipient);
  await test.call(deployer, "deposit", [recipient], { valueWei: 10n ** 18n });
  const outbox = new TestOutbox(test, { parent, slot });
  const [first, second] = [outbox.add(recipient, 10n ** 17n), outbox.add(recipient, 10n ** 17n)];
  const log = await outbox.settle();
  await test.call(deployer, "withdraw", outbox.proof(log, first));
  return test.call(deployer, "withdraw", outbox.proof(log, second));
}

/** Writes words of a ring that nothing has landed in. */
async function measurePreparing(connection: Connection): Promise<Pick<GasResults, "prepareRing256.perWord">> {
  const test = await deployRollup(connection, { config: { ringSize: WORDS_PREPARED } });
  const { gas, ...calldata } = figuresOf(
    await test.call(deployer, "prepareRing", [0, WORDS_PREPARED], { gasLimit: PREPARING_GAS }),
  );
  return { "prepareRing256.perWord": { gas: Math.round(gas / WORDS_PREPARED), ...calldata } };
}

/** Settles a full challenge window's checkpoints in one call, each with a coinbase of its own. */
async function measureSettling(connection: Connection): Promise<Pick<GasResults, "settle32.perCheckpoint">> {
  const { test, parent, slot } = await reachSteadyState(
    await deployRollup(connection, { validators: VALIDATORS, config: { maxMessages: 64, ringSize: SETTLED_AT_ONCE } }),
  );
  const first = range(SETTLED_AT_ONCE).map((index) => slot + index);
  const { tip } = await settleAll(test, first, parent);
  const second = first.map((each) => each + 2 * SETTLED_AT_ONCE);
  const { settled } = await settleAll(test, second, tip);
  const { gas, ...calldata } = figuresOf(settled);
  return { "settle32.perCheckpoint": { gas: Math.round(gas / SETTLED_AT_ONCE), ...calldata } };
}

/** Lands a checkpoint for each slot, and settles them when the last one's challenge window is over. */
async function settleAll(test: TestRollup, slots: number[], first: Parent): Promise<{ settled: Mined; tip: Parent }> {
  const logs: CheckpointLog[] = [];
  let tip = first;
  for (const [index, slot] of slots.entries()) {
    const coinbase = id(`coinbase ${index}`).slice(0, 42) as Hex;
    const checkpoint = test.checkpoint({ slot, parent: tip, header: { coinbase } });
    logs.push(...logsIn(await test.land(bonded, [checkpoint])));
    tip = checkpoint.tip;
  }
  const timeSec = test.time((slots.at(-1) as number) + test.config.epochSlots * test.config.challengeWindowEpochs);
  return { settled: await test.call(deployer, "settle", buildSettlement(logs), { timeSec }), tip };
}
