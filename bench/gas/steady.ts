import { ACCOUNTS, logsIn, settlementOf, type TestRollup } from "../../test/contracts/fixture.ts";
import { type Parent, range, type TestCheckpoint } from "../../test/contracts/support/checkpoints.ts";
import type { Mined } from "../../test/contracts/support/l1.ts";
import { calldataFloor, type GasFigures } from "./cases.ts";

/** Size of the ring, where nothing needs a larger one. */
export const RING = 4;
/** One round of the ring and one more, so that every word written afterwards was written before. */
const LAPS = RING + 1;

const { otherBonded, unbonded, challenger, deployer } = ACCOUNTS;

/**
 * A rollup in steady state: its ring has wrapped, nothing is unsettled, `slot` is the next, and whoever is credited has
 * been credited before.
 */
export interface Steady {
  test: TestRollup;
  parent: Parent;
  slot: number;
}

/**
 * Lands, settles, challenges and claims until all that is used has been used.
 * @param firstSlot First slot to land for.
 * @param signers Indices of the whole set.
 */
export async function reachSteadyState(
  test: TestRollup,
  firstSlot = 1,
  signers = range(test.validators),
): Promise<Steady> {
  const slots = range(LAPS).map((index) => firstSlot + index);
  const chain = test.chain(slots, { signers });
  for (const checkpoint of chain) {
    const mined = await test.land(unbonded, [checkpoint]);
    await test.call(deployer, "settle", settlementOf(mined));
  }
  const parent = (chain.at(-1) as TestCheckpoint).tip;
  const slot = firstSlot + LAPS;
  const forged = await test.land(otherBonded, [test.forged({ slot, parent, signers })]);
  await test.call(challenger, "challenge", [logsIn(forged)]);
  await test.call(challenger, "claim", []);
  return { test, parent, slot: slot + 1 };
}

/** What a transaction's receipt says it cost. */
export function figuresOf({ gasUsed, data }: Mined): GasFigures {
  return { gas: gasUsed, calldataBytes: (data.length - 2) / 2, floor: calldataFloor(data) };
}
