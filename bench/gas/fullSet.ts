import type { SoliditySignature } from "../../sdk/bls/solidity.ts";
import type { CheckpointLog } from "../../sdk/build/log.ts";
import { ACCOUNTS, deployRollup, logsIn } from "../../test/contracts/fixture.ts";
import { claiming, range, type TestCheckpoint } from "../../test/contracts/support/checkpoints.ts";
import { SHORT_EPOCHS } from "../../test/contracts/support/config.ts";
import type { Connection, Mined } from "../../test/contracts/support/l1.ts";
import { malformedSignatures } from "../../test/contracts/support/points.ts";
import type { GasResults } from "./cases.ts";
import { figuresOf, RING, reachSteadyState, type Steady } from "./steady.ts";

const FULL = 256;
/** As many as fit the creation transaction; the others register. */
const GENESIS_SIZE = 64;
/** Epochs from a registration to its effect. */
const CHANGE_DELAY_EPOCHS = 2;
const MANY = 200;
/** The fewest of 256 that are more than two thirds: those absent are all over the words of the keys. */
const QUORUM = range(FULL).filter((index) => index % 3 !== 1);
/** As many, with none of the same absent: no key of the one is warm for the other. */
const OTHER_QUORUM = range(FULL).filter((index) => index % 3 !== 2);
/** Second of a slot in which a late landing may still come. */
const LAST_SECOND = 36;

const NO_POINT = malformedSignatures()["a point off the curve"] as SoliditySignature;

const { bonded, challenger, deployer, stranger } = ACCOUNTS;

type FullSetCase = "challenge256" | "challenge256.worst" | "cure256.worst";

/**
 * Removing or curing what landed for a full set, as it is mostly and at its dearest: as many as can be are absent, the
 * signature is no point, so that the pairing takes all the gas it is given, the set has changed in every epoch since, and
 * nothing was ever credited to whoever calls. One bond is behind two checkpoints at most before somebody can answer,
 * those of a batch; the dearest challenge removes both.
 */
export async function measureFullSet(connection: Connection): Promise<Pick<GasResults, FullSetCase>> {
  const config = { ...SHORT_EPOCHS, maxMessages: 64, ringSize: RING };
  const test = await deployRollup(connection, { validators: GENESIS_SIZE, config });
  await connection.networkHelpers.time.increaseTo(test.time(0));
  for (let seed = GENESIS_SIZE; seed < FULL; seed++) await test.register(seed);
  const firstSlot = CHANGE_DELAY_EPOCHS * test.config.epochSlots;
  const steady = await reachSteadyState(test, firstSlot, range(FULL));
  const base = await connection.networkHelpers.takeSnapshot();

  const { parent, slot } = steady;
  const forged = logsIn(await test.land(bonded, [test.forged({ slot, parent, signers: range(MANY) })]));
  const usual = await test.call(challenger, "challenge", [forged]);
  await base.restore();
  const challenged = await atItsDearest(
    steady,
    (late) => {
      const first = test.checkpoint({ slot: late, parent, signers: QUORUM });
      return [first, test.checkpoint({ slot: late + 1, parent: first.tip, signers: OTHER_QUORUM })];
    },
    (logs) => ["challenge", [[...logs].reverse()]],
  );
  await base.restore();
  const signed = (late: number) => test.checkpoint({ slot: late, parent, signers: QUORUM });
  const cured = await atItsDearest(
    steady,
    (late) => [signed(late)],
    ([log], late) => ["cure", [log, test.attest(signed(late), OTHER_QUORUM)]],
  );
  return {
    challenge256: figuresOf(usual),
    "challenge256.worst": figuresOf(challenged),
    "cure256.worst": figuresOf(cured),
  };
}

/**
 * Lands checkpoints with bad signatures as late as can be, and answers in the last second there is.
 * @param build Makes what lands, of the slot before its own on.
 * @param answer Makes the call.
 */
async function atItsDearest(
  { test, slot: next }: Steady,
  build: (late: number) => TestCheckpoint[],
  answer: (logs: CheckpointLog[], late: number) => [name: string, args: readonly unknown[]],
): Promise<Mined> {
  const { epochSlots, challengeWindowEpochs } = test.config;
  // The first epoch that begins at `next` or later; what lands is for its last two slots.
  const epochStart = Math.ceil(next / epochSlots) * epochSlots;
  const landing = epochStart + epochSlots - 1;
  const answering = landing + challengeWindowEpochs * epochSlots;
  let leaver = 0;
  const changeSetAt = (slot: number) => test.call(deployer, "exit", [leaver++], { timeSec: test.time(slot) });

  await changeSetAt(epochStart - 1);
  await changeSetAt(epochStart);
  const bad = build(landing - 1).map((checkpoint) => claiming(checkpoint, { signature: NO_POINT }));
  const landed = await test.land(bonded, bad, { timeSec: test.time(landing, LAST_SECOND) });
  await changeSetAt(answering);
  const [name, args] = answer(logsIn(landed), landing - 1);
  return test.call(stranger, name, args, { timeSec: test.time(answering, LAST_SECOND) - 1 });
}
