import { expect } from "chai";
import { Chance } from "../chance.ts";
import { type Illness, illNode } from "./ills.ts";
import type { L1Request } from "./provider.ts";

const HEAD = 10;
const hashOf = (number: number): string => `0x${number.toString(16).padStart(64, "0")}`;
const toHex = (number: number): string => `0x${number.toString(16)}`;

/** Ten blocks, and a landing in each. */
const sound: L1Request = async (method, params) => {
  switch (method) {
    case "eth_blockNumber":
      return toHex(HEAD);
    case "eth_getBlockByNumber": {
      const number = params[0] === "latest" ? HEAD : Number(params[0]);
      const parentHash = hashOf(number - 1);
      return { number: toHex(number), hash: hashOf(number), parentHash, logsBloom: "0x01", transactions: ["0x"] };
    }
    case "eth_getLogs":
      return [{ blockNumber: toHex(HEAD) }, { blockNumber: toHex(1) }];
    case "eth_getTransactionReceipt":
      return { blockNumber: toHex(HEAD) };
    case "eth_getTransactionCount":
      return params[1] === "latest" ? toHex(5) : toHex(Number(params[1]));
    default:
      return "0x";
  }
};

const ill = (illness: Illness): L1Request => illNode(sound, illness, new Chance(1, "ills"));

describe("an L1 node that is ill", () => {
  it("and lags knows nothing of the newest blocks", async () => {
    const request = ill({ ill: "lags", blocks: 3 });
    expect(await request("eth_blockNumber", [])).to.equal(toHex(7));
    expect(await request("eth_getBlockByNumber", ["latest", false])).to.include({ number: toHex(7), hash: hashOf(7) });
    expect(await request("eth_getBlockByNumber", [toHex(8), false])).to.equal(null);
    expect(await request("eth_getTransactionReceipt", ["0x"])).to.equal(null);
    expect(await request("eth_getLogs", [{}])).to.deep.equal([{ blockNumber: toHex(1) }]);
    expect(await request("eth_getTransactionCount", ["0x", "latest"])).to.equal(toHex(7));
  });

  it("and forks has other blocks, each on the one before, without what happened in L1's", async () => {
    const request = ill({ ill: "forks", blocks: 2 });
    const [first, second, third] = (await Promise.all(
      [8, 9, 10].map((number) => request("eth_getBlockByNumber", [toHex(number), false])),
    )) as Record<string, string>[];
    expect(first?.hash).to.equal(hashOf(8));
    expect(second).to.include({ number: toHex(9), parentHash: hashOf(8), logsBloom: `0x${"00".repeat(256)}` });
    expect(second?.hash).not.to.equal(hashOf(9));
    expect(third?.parentHash).to.equal(second?.hash);
    expect(await request("eth_getLogs", [{}])).to.deep.equal([{ blockNumber: toHex(1) }]);
  });

  it("says so, or not", async () => {
    expect(await ill({ ill: "hides-logs", blocks: 1 })("eth_getLogs", [{}])).to.deep.equal([]);
    const refused = await ill({ ill: "refuses-logs", blocks: 1 })("eth_getLogs", [{}]).catch((error) => error.code);
    expect(refused).to.equal(-32_005);
    const limited = ill({ ill: "limits", blocks: 1 });
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => limited("eth_blockNumber", [])));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set(["fulfilled", "rejected"]));
    const counts = ill({ ill: "miscounts", blocks: 1 });
    const counted = await Promise.all(
      Array.from({ length: 20 }, () => counts("eth_getTransactionCount", ["0x", "latest"])),
    );
    expect(counted).not.to.include(toHex(5));
  });
});
