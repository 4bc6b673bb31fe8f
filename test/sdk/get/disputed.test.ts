import { expect } from "chai";
import { signatureToSolidity } from "../../../sdk/bls/solidity.ts";
import { buildCalldata } from "../../../sdk/build/calldata.ts";
import { slotStart } from "../../../sdk/get/config.ts";
import { getEvents } from "../../../sdk/get/events.ts";
import { getTips } from "../../../sdk/get/tips.ts";
import { getUnsettled, type UnsettledCheckpoint } from "../../../sdk/get/unsettled.ts";
import type { RollupRef } from "../../../sdk/get/view.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hardhatL1, type TestL1 } from "../submit/l1.ts";
import { GENESIS, makeCheckpoint, type Parent, parentOf, type TestCheckpoint } from "../world/checkpoints.ts";
import { mineCall, transact } from "../world/transact.ts";
import { createWorld, type World } from "../world/world.ts";

const recipient: Hex = `0x${"ab".repeat(20)}`;

describe("reading checkpoints that landed with a bad attestation", function () {
  this.timeout(120_000);
  let l1: TestL1;
  let world: World;
  let ref: RollupRef;
  let fromBlock: number;

  beforeEach(async () => {
    l1 = await hardhatL1();
    world = await createWorld(l1);
    ref = { provider: l1.provider, rollup: world.rollup };
    fromBlock = (await l1.provider.getBlockNumber()) + 1;
  });

  afterEach(() => l1.close());

  /** Lands a checkpoint whose attesters signed something else, on the word of a bond. */
  async function landBad(slot: number, parent: Parent): Promise<TestCheckpoint> {
    const checkpoint = await makeCheckpoint(world, slot, parent, { signedDigest: `0x${"bd".repeat(32)}` });
    const timeSec = slotStart(world.config, slot);
    const data = buildCalldata({ submissions: [checkpoint.submission], recipient, deadlineSec: timeSec });
    const mined = await mineCall(world, { from: world.senders.bonded, data, blobs: checkpoint.blobs, timeSec });
    if (mined.error) throw new Error(mined.error.message);
    return checkpoint;
  }

  const unsettled = async (): Promise<UnsettledCheckpoint[]> =>
    getUnsettled(ref, fromBlock, await l1.provider.getBlockNumber());

  it("gives the repaired log after a cure", async () => {
    await landBad(5, GENESIS);
    const [landed] = await unsettled();
    const good = await makeCheckpoint(world, 5, GENESIS);
    const { signers, signature } = good.submission.attestation;
    const attestation = { signers, signature: signatureToSolidity(signature) };
    await transact(world, world.senders.unbonded, "cure", [landed?.log, attestation], slotStart(world.config, 5) + 2);

    const [cured] = await unsettled();
    expect(cured).to.include({ cured: true });
    expect(cured?.log.details.signature).to.deep.equal(attestation.signature);
    expect(cured?.log.facts).not.to.equal(landed?.log.facts);
    const events = await getEvents(ref, fromBlock, "latest");
    const cure = events.find(({ type }) => type === "cured");
    expect(cure).to.deep.include({ number: 1, slot: 5, attestation: good.submission.attestation });
    expect(events.some(({ type }) => type === "bond-slashed")).to.equal(true);
  });

  it("forgets a removed checkpoint and gives what landed in its place", async () => {
    await landBad(5, GENESIS);
    const [bad] = await unsettled();
    await transact(world, world.senders.unbonded, "challenge", [[bad?.log]], slotStart(world.config, 5) + 2);
    expect(await unsettled()).to.deep.equal([]);
    expect(await getTips(ref)).to.deep.equal({ ...GENESIS, number: 0 });

    const good = await makeCheckpoint(world, 5, GENESIS, { salt: "instead" });
    const timeSec = slotStart(world.config, 5) + 4;
    const data = buildCalldata({ submissions: [good.submission], recipient, deadlineSec: timeSec });
    await mineCall(world, { from: world.senders.unbonded, data, blobs: good.blobs, timeSec });
    const [again] = await unsettled();
    expect(again?.checkpoint.submission).to.deep.equal(good.submission);
    expect(await getTips(ref)).to.deep.equal({ ...parentOf(good), number: 1 });
    const events = await getEvents(ref, fromBlock, "latest");
    expect(events.map(({ type }) => type)).to.deep.equal(["submitted", "removed", "bond-slashed", "submitted"]);
  });
});
