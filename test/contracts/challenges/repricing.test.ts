import { expect } from "chai";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, fixtureOf, logsIn, type TestRollup } from "../fixture.ts";
import { attests, evidenceOf, OTHER_DIGEST } from "../support/evidence.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf();

const { bonded, challenger } = ACCOUNTS;
const SLOT = 5;
/** PUSH3 of the gas given to a pairing, and of less than a pairing takes. */
const PAIRING_GAS = "62027100";
const TOO_LITTLE = "6200ffff";

/** Replaces a code of the rollup's, by default its own, as if pairings had become dearer than the gas it gives them. */
async function reprice(test: TestRollup, address: Hex = test.address): Promise<void> {
  const code = await test.connection.ethers.provider.getCode(address);
  const places = code.split(PAIRING_GAS);
  expect(places.length, "places in the code that give a pairing its gas").to.be.greaterThan(1);
  await test.connection.networkHelpers.setCode(address, places.join(TOO_LITTLE));
}

describe("challenge, should pairings become dearer than the gas they are given", () => {
  it("convicts nobody: a known-valid pairing fails as well", async () => {
    const test = await load();
    const logs = logsIn(await test.land(bonded, [test.forged({ slot: SLOT })]));
    await reprice(test);
    await reverts(test.attempt(challenger, "challenge", [logs]), "Bls__PairingUnavailable", {});
    expect((await test.rollup.tips()).number).to.equal(1n);
    expect((await test.rollup.bondOf(bonded.address)).active).to.equal(true);
  });

  it("convicts no good signature either", async () => {
    const test = await load();
    const logs = logsIn(await test.land(bonded, [test.checkpoint({ slot: SLOT })]));
    await reprice(test);
    await reverts(test.attempt(challenger, "challenge", [logs]), "Bls__PairingUnavailable", {});
  });
});

describe("slash, should pairings become dearer than the gas they are given", () => {
  it("does not call a good signature bad, and slashes nobody", async () => {
    const test = await load();
    await reprice(test, (await test.rollup.extension()) as Hex);
    const evidence = evidenceOf(test, SLOT, attests([3]), attests([3], OTHER_DIGEST));
    const slash = test.attempt(challenger, "slash", [evidence], { timeSec: test.time(SLOT) });
    await reverts(slash, "Bls__PairingUnavailable", {});
    expect((await test.rollup.validator(3)).slashed).to.equal(false);
  });
});
