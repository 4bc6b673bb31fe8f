import { expect } from "chai";
import { Interface, Log, type Provider } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { decodeEvents } from "../../../sdk/get/events.ts";
import { readPrices } from "../../../sdk/submit/network.ts";
import { DEFAULT_POLICY } from "../../../sdk/submit/policy.ts";

const abi = new Interface(ROLLUP_ABI);
const WHO = `0x${"0A".repeat(20)}`;
const who = WHO.toLowerCase();

/** A log as L1 has it. */
function log(name: string, args: unknown[]): Log {
  const { topics, data } = abi.encodeEventLog(name, args);
  const place = { blockNumber: 5, index: 0, transactionIndex: 0, removed: false };
  const hashes = { blockHash: `0x${"05".repeat(32)}`, transactionHash: `0x${"06".repeat(32)}` };
  return new Log({ address: WHO, topics, data, ...place, ...hashes }, {} as Provider);
}

describe("the rollup's events about accounts", () => {
  const cases: [string, unknown[], object][] = [
    ["Bonded", [WHO, 3n, 5n], { type: "bonded", submitter: who, addedWei: 3n, amountWei: 5n }],
    ["UnbondingStarted", [WHO, 77n], { type: "unbonding-started", submitter: who, releaseAtSec: 77 }],
    ["BondWithdrawn", [WHO, 5n], { type: "bond-withdrawn", submitter: who, amountWei: 5n }],
    ["Claimed", [WHO, 9n], { type: "claimed", account: who, amountWei: 9n }],
    ["StakeWithdrawn", [2n, WHO, 8n], { type: "stake-withdrawn", index: 2, owner: who, amountWei: 8n }],
    ["RingPrepared", [4n, 3n], { type: "ring-prepared", first: 4, written: 3 }],
  ];
  for (const [name, args, expected] of cases) {
    it(`tell of ${name}`, () => {
      const [event] = decodeEvents([log(name, args)]);
      expect(event).to.deep.include(expected);
    });
  }

  it("are all there are but the stored seed, of which the contract tells by itself", () => {
    const decoded = new Set(decodeEvents(cases.map(([name, args]) => log(name, args))).map(({ type }) => type));
    expect(decoded.size).to.equal(cases.length);
    expect(decodeEvents([log("SeedStored", [1n, `0x${"01".repeat(32)}`])])).to.deep.equal([]);
  });
});

describe("prices of an L1 node without a block", () => {
  it("are a typed error", async () => {
    const empty = { getBlock: () => Promise.resolve(null) } as Partial<Provider> as Provider;
    const error = await readPrices(empty, DEFAULT_POLICY.fallback).catch((reason: unknown) => reason);
    expect(error).to.deep.include({ name: "GetError", code: "no-block" });
  });
});
