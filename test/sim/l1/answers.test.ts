import { expect } from "chai";
import { Answers } from "./answers.ts";

/** What is asked of L1 in the end, when each of these is read, something happens, and each is read again. */
async function askedAgain(what: (answers: Answers) => void, calls: [string, unknown[]][]): Promise<boolean[]> {
  const asked: string[] = [];
  const answers = new Answers(async (method, params) => {
    asked.push(method);
    if (params[0] === "0xbad") throw new Error("unknown block");
    return params[0] === "0xfff" ? null : {};
  });
  const readAll = async (): Promise<void> => {
    for (const call of calls) await answers.read(...call).catch(() => undefined);
  };
  await readAll();
  const first = asked.splice(0).length;
  what(answers);
  await readAll();
  expect(first).to.equal(calls.length);
  return calls.map(([method]) => asked.includes(method));
}

const OF_A_BLOCK: [string, unknown[]][] = [
  ["eth_getBlockByNumber", ["0x7", false]],
  ["eth_call", [{ data: "0x" }, { blockHash: "0x1" }]],
  ["eth_getLogs", [{ blockHash: "0x1" }]],
];
const OF_THE_HEAD: [string, unknown[]][] = [
  ["eth_getBlockByNumber", ["latest", false]],
  ["eth_call", [{ data: "0x" }, "latest"]],
  ["eth_getLogs", [{ fromBlock: "0x1", toBlock: "0x9" }]],
  ["eth_getTransactionReceipt", ["0x1"]],
  ["eth_blockNumber", []],
];
const OF_THE_POOL: [string, unknown[]][] = [
  ["eth_getTransactionCount", ["0x1", "pending"]],
  ["eth_getTransactionByHash", ["0x1"]],
];

describe("what the simulated L1 answered", () => {
  const all = (value: boolean): boolean[] => Array<boolean>(5).fill(value);

  it("stands while nothing happens", async () => {
    for (const calls of [OF_A_BLOCK, OF_THE_HEAD, OF_THE_POOL]) {
      expect(await askedAgain(() => {}, calls)).to.deep.equal(all(false).slice(0, calls.length));
    }
  });

  it("is asked anew of the pool when something was sent, of the head when a block came, of all after a reorg", async () => {
    const happenings = [
      [(answers: Answers) => answers.sent(), [false, false, true]],
      [(answers: Answers) => answers.mined(), [false, true, true]],
      [(answers: Answers) => answers.reorganized(), [true, true, true]],
    ] as const;
    for (const [happens, expected] of happenings) {
      for (const [i, calls] of [OF_A_BLOCK, OF_THE_HEAD, OF_THE_POOL].entries()) {
        expect(await askedAgain(happens, calls)).to.deep.equal(all(expected[i] as boolean).slice(0, calls.length));
      }
    }
  });

  it("is asked for again if there was no such block, or an error", async () => {
    expect(await askedAgain(() => {}, [["eth_getBlockByNumber", ["0xfff", false]]])).to.deep.equal([true]);
    expect(await askedAgain(() => {}, [["eth_getBlockByNumber", ["0xbad", false]]])).to.deep.equal([true]);
  });
});
