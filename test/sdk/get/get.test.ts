import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { aggregatePublicKeys } from "../../../sdk/bls/aggregate.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import { encodePublicKey } from "../../../sdk/bls/points.ts";
import { buildCalldata } from "../../../sdk/build/calldata.ts";
import { buildLog, buildLogHead, hashLog } from "../../../sdk/build/log.ts";
import { EMPTY_INBOX_HASH, extendInboxHash } from "../../../sdk/digest/inbox.ts";
import { getBond, getCredit } from "../../../sdk/get/bonds.ts";
import { getConfig, slotAt, slotStart } from "../../../sdk/get/config.ts";
import { GetError } from "../../../sdk/get/error.ts";
import { getEvents } from "../../../sdk/get/events.ts";
import { getInboxBefore, getInboxDue, getInboxHash, getInboxTotal } from "../../../sdk/get/inbox.ts";
import { getLogHash, getSettledTip, getTips } from "../../../sdk/get/tips.ts";
import { getUnsettled } from "../../../sdk/get/unsettled.ts";
import { getMembers, getProposer, getValidator, getValidatorSet } from "../../../sdk/get/validators.ts";
import type { RollupRef } from "../../../sdk/get/view.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hardhatL1, type TestL1 } from "../submit/l1.ts";
import { GENESIS, inboxDue, makeCheckpoint, parentOf, type TestCheckpoint } from "../world/checkpoints.ts";
import { mineCall } from "../world/transact.ts";
import { createWorld, GENESIS_VALIDATORS, JOIN_EPOCH, type World } from "../world/world.ts";

const recipient: Hex = `0x${"ab".repeat(20)}`;
const FEE = 3_000_000_000n;

describe("reading the rollup", function () {
  this.timeout(120_000);
  let l1: TestL1;
  let world: World;
  let ref: RollupRef;
  let first: TestCheckpoint;
  let second: TestCheckpoint;
  let fromBlock: number;

  before(async () => {
    l1 = await hardhatL1();
    world = await createWorld(l1);
    ref = { provider: l1.provider, rollup: world.rollup };
    fromBlock = (await l1.provider.getBlockNumber()) + 1;
    // Slot 5 lands late and alone, slot 6 on time, sent by an account without a bond.
    first = await makeCheckpoint(world, 5, GENESIS);
    second = await makeCheckpoint(world, 6, parentOf(first), {
      blobs: world.blobs.slice(1, 3),
      header: { onTimeRecipient: recipient, onTimeCapBps: 700 },
    });
    await land(first, "bonded", slotStart(world.config, 6));
    await land(second, "unbonded", slotStart(world.config, 6) + 5);
  });

  after(() => l1.close());

  async function land(checkpoint: TestCheckpoint, sender: "bonded" | "unbonded", timeSec: number): Promise<void> {
    const data = buildCalldata({ submissions: [checkpoint.submission], recipient, deadlineSec: timeSec });
    const from = world.senders[sender];
    const mined = await mineCall(world, { from, data, blobs: checkpoint.blobs, timeSec, baseFeeWei: FEE });
    if (mined.error) throw new Error(mined.error.message);
  }

  it("gives the constants it was deployed with", async () => {
    const config = await getConfig(ref);
    const given: Record<string, unknown> = { ...world.config };
    for (const [name, value] of Object.entries(config))
      expect(BigInt(value), name).to.equal(BigInt(given[name] as number));
    expect(Object.keys(config)).to.have.length(Object.keys(given).length);
    expect(slotAt(config, slotStart(config, 9))).to.equal(9);
    expect(slotAt(config, slotStart(config, 9) - 1)).to.equal(8);
  });

  it("gives the tips", async () => {
    expect(await getTips(ref)).to.deep.equal({ ...parentOf(second), number: 2 });
    expect(await getTips(ref, fromBlock - 1)).to.deep.equal({ ...GENESIS, number: 0 });
    expect(await getSettledTip(ref)).to.deep.equal({ slot: 0, number: 0 });
    expect(await getLogHash(ref, 3)).to.equal(`0x${"00".repeat(32)}`);
  });

  it("gives each epoch's validators with their keys", async () => {
    const keys = world.secretKeys.map(publicKeyOf);
    const now = await getValidatorSet(ref, JOIN_EPOCH - 1);
    expect(now).to.deep.equal({
      members: 0b1111n,
      count: GENESIS_VALIDATORS,
      aggregateKey: encodePublicKey(aggregatePublicKeys(keys.slice(0, GENESIS_VALIDATORS))),
    });
    const next = await getMembers(ref, JOIN_EPOCH);
    expect(next.map(({ index, publicKey }) => ({ index, publicKey }))).to.deep.equal(
      keys.map((publicKey, index) => ({ index, publicKey })),
    );
    expect(next.at(-1)?.fromEpoch).to.equal(JOIN_EPOCH);
    expect(await getValidator(ref, 200)).to.equal(undefined);
  });

  it("gives a proposer for each slot of a known epoch, and says when it cannot be known", async () => {
    expect(await getProposer(ref, 6)).to.be.within(0, GENESIS_VALIDATORS - 1);
    const unknown = await getProposer(ref, 1_000).catch((error: unknown) => error);
    expect(unknown).to.be.instanceOf(GetError).with.property("code", "reverted");
    expect((unknown as GetError).message).to.match(/Validators__SeedUnknown\(epoch: 250\)/);
  });

  it("gives bonds and credits", async () => {
    const address = (sender: "bonded" | "unbonded" | "releasing"): Hex => world.senders[sender].address as Hex;
    expect(await getBond(ref, address("bonded"))).to.include({ releaseAtSec: 0, active: true });
    expect(await getBond(ref, address("unbonded"))).to.deep.equal({ amountWei: 0n, releaseAtSec: 0, active: false });
    const releasing = await getBond(ref, address("releasing"));
    expect(releasing.active).to.equal(false);
    expect(releasing.releaseAtSec).to.be.greaterThan(world.config.genesisTime);
    expect(await getCredit(ref, address("bonded"))).to.equal(0n);
  });

  it("gives the inbox, and the rolling hash that its events add up to", async () => {
    expect(await getInboxTotal(ref)).to.equal(world.depositTimes.length);
    expect(await getInboxDue(ref, 7)).to.equal(inboxDue(world, 7, second.submission.header.inboxCount));
    expect(await getInboxBefore(ref, 1_000)).to.equal(world.depositTimes.length);
    const events = await getEvents(ref, 0, fromBlock);
    const messages = events.flatMap((event) => (event.type === "deposited" ? [event.message] : []));
    expect(messages.map(({ timestamp }) => timestamp)).to.deep.equal(world.depositTimes);
    for (let count = 0; count <= messages.length; count++) {
      expect(await getInboxHash(ref, count)).to.equal(extendInboxHash(EMPTY_INBOX_HASH, messages.slice(0, count)));
    }
  });

  it("gives landed checkpoints as they were sent, with the terms they landed on", async () => {
    const events = await getEvents(ref, fromBlock, "latest");
    const landed = events.flatMap((event) => (event.type === "submitted" ? [event.checkpoint] : []));
    expect(landed.map(({ submission }) => submission)).to.deep.equal([first.submission, second.submission]);
    const [late, onTime] = landed;
    const { config } = world;
    const quote = (BigInt(config.gasQuota) * (FEE + config.tipWei) + 131_072n) * 11_000n;
    expect(late).to.deep.include({
      number: 1,
      slot: 5,
      blobCount: 1,
      inboxCount: first.submission.header.inboxCount,
      timeSec: slotStart(config, 6),
      late: true,
      successor: true,
      batched: false,
      verified: false,
      shared: false,
      parent: { ...GENESIS, number: 0 },
      submitter: world.senders.bonded.address.toLowerCase(),
      recipient,
      chargedWei: quote / 10_000n,
      paidWei: quote / 10_000n,
    });
    expect(onTime).to.deep.include({ number: 2, slot: 6, blobCount: 2, late: false, verified: true });
    expect(onTime?.parent).to.deep.equal({ ...parentOf(first), number: 1 });
  });

  it("gives the unsettled checkpoints, whose rebuilt logs are those the contract holds", async () => {
    const latest = await l1.provider.getBlockNumber();
    const unsettled = await getUnsettled(ref, fromBlock, latest);
    expect(unsettled.map(({ checkpoint, cured }) => [checkpoint.number, cured])).to.deep.equal([
      [1, false],
      [2, false],
    ]);
    for (const { checkpoint } of unsettled) {
      expect(hashLog(buildLogHead(buildLog(checkpoint)))).to.equal(await getLogHash(ref, checkpoint.number));
    }
  });

  it("says when unsettled checkpoints landed before the blocks asked for", async () => {
    const latest = await l1.provider.getBlockNumber();
    const error = await getUnsettled(ref, latest, latest).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(GetError).with.property("code", "log-mismatch");
  });

  it("says when there is no rollup at the address", async () => {
    const error = await getTips({ ...ref, rollup: ZeroAddress as Hex }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(GetError).with.property("code", "not-a-rollup");
  });
});
