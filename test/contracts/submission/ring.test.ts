import { expect } from "chai";
import { Interface, ZeroHash } from "ethers";
import fc from "fast-check";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { STORAGE_SLOTS } from "../../../sdk/abi/generated/storage.ts";
import { buildLog, buildSettlement } from "../../../sdk/build/log.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, fixtureOf, logsIn, type TestRollup } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { anyStep, History } from "../support/history.ts";
import type { Mined } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf();
// A ring that is full now and then.
const loadSmall = fixtureOf({ config: { ringSize: 3 } });

const { bonded, otherBonded, challenger, stranger } = ACCOUNTS;
const abi = new Interface(ROLLUP_ABI);
const RING = 8;
const PREPARED = `0x${"1".padStart(64, "0")}`;

const prepare = (test: TestRollup, first: number, count: number): Promise<Mined> =>
  test.call(stranger, "prepareRing", [first, count]);

/** The ring as it is in storage. */
const wordsOf = ({ connection, address }: TestRollup): Promise<string[]> =>
  Promise.all(
    range(RING).map((position) =>
      connection.ethers.provider.getStorage(address, BigInt(STORAGE_SLOTS._ring) + BigInt(position)),
    ),
  );

/** How many words a call says it wrote. */
function writtenIn({ receipt }: Mined): bigint {
  const events = receipt.logs.map((log) => abi.parseLog(log));
  return events.find((event) => event?.name === "RingPrepared")?.args.written;
}

describe("prepareRing", () => {
  it("writes the words it is told to, and no other", async () => {
    const test = await load();
    expect(writtenIn(await prepare(test, 1, 3))).to.equal(3n);
    const expected = range(RING).map((position) => (position >= 1 && position < 4 ? PREPARED : ZeroHash));
    expect(await wordsOf(test)).to.deep.equal(expected);
    expect(writtenIn(await prepare(test, 0, RING)), "those that are written already").to.equal(BigInt(RING - 3));
    expect(writtenIn(await prepare(test, 0, RING))).to.equal(0n);
    expect(writtenIn(await prepare(test, RING, 0))).to.equal(0n);
  });

  it("makes a landing of the first round cost what one of a later round does", async () => {
    const test = await load();
    const [first, second, third] = test.chain([1, 2, 3]);
    const fresh = (await test.land(bonded, [first!])).gasUsed;
    await prepare(test, 2, 1);
    const prepared = (await test.land(bonded, [second!])).gasUsed;
    // The first landing's tips word was fresh as well, the third's ring word is.
    const third_ = (await test.land(bonded, [third!])).gasUsed;
    expect(third_ - prepared).to.be.within(17_000, 17_200);
    expect(fresh).to.be.greaterThan(third_);
  });

  it("touches no word of a checkpoint: not of one that waits, was removed, settled or overwritten", async () => {
    const test = await load();
    const chain = test.chain(range(RING + 1).map((index) => index + 1));
    const logs = (await test.landEach(chain.slice(0, 3))).map(buildLog);
    const removed = await test.land(otherBonded, [test.forged({ slot: 4, parent: chain[2]!.tip })]);
    await test.call(challenger, "challenge", [logsIn(removed)]);
    const before = await wordsOf(test);
    expect(writtenIn(await prepare(test, 0, RING))).to.equal(BigInt(RING - 4));
    const after = await wordsOf(test);
    for (const number of [1, 2, 3, 4]) expect(after[number]).to.equal(before[number]).and.not.equal(PREPARED);

    await test.call(stranger, "settle", buildSettlement(logs), { timeSec: test.time(3 + test.config.epochSlots) });
    const round = test.chain(
      range(RING).map((index) => 40 + index),
      { parent: chain[2]!.tip },
    );
    await test.landEach(round);
    const full = await wordsOf(test);
    expect(writtenIn(await prepare(test, 0, RING))).to.equal(0n);
    expect(await wordsOf(test)).to.deep.equal(full);
  });

  it("refuses words beyond the ring", async () => {
    const test = await load();
    const huge = 2n ** 256n - 1n;
    for (const [first, count] of [
      [0n, 9n],
      [8n, 1n],
      [9n, 0n],
      [1n, huge],
      [huge, 1n],
    ] as const) {
      const attempt = test.attempt(stranger, "prepareRing", [first, count]);
      await reverts(attempt, "Ring__OutOfRange", { first, count, ringSize: BigInt(RING) });
    }
  });

  it("makes no log of a word: nothing is proven, settled, challenged or withdrawn by it", async () => {
    const test = await load();
    await prepare(test, 0, RING);
    const [log] = (await test.landEach(test.chain([1]))).map(buildLog);
    const another = { ...log!, facts: log!.facts + 1n };
    expect(await test.rollup.logHash(2)).to.equal(ZeroHash);
    await test.call(challenger, "challenge", [[another]]);
    expect((await test.rollup.tips()).number).to.equal(1n);
    const settled = await test.attempt(stranger, "settle", buildSettlement([another]));
    expect(settled.error?.name).to.equal("Settlement__OutOfOrder");
    // Number 0 has a place in the ring, is below the settled tip, and never landed.
    const root = { facts: 0n, coinbase: test.address, outboxRoot: ZeroHash, details: ZeroHash };
    const withdrawal = [root, 0, test.address, 1n, range(32).map(() => ZeroHash as Hex)];
    const { error } = await test.attempt(stranger, "withdraw", withdrawal);
    expect(error?.name).to.equal("Outbox__LogMismatch");
    expect(error?.args).to.include({ expected: PREPARED });
  });

  it("changes nothing in any history of landings, challenges and settlements", async function () {
    this.timeout(120_000);
    const histories = fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 9 }), async (steps) => {
      const test = await loadSmall();
      await prepare(test, 0, 3);
      const history = new History(test);
      for (const step of steps) await history.take(step);
    });
    await fc.assert(histories, { numRuns: 10 });
  });
});
