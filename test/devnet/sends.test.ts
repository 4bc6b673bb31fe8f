import { expect } from "chai";
import { Interface, type JsonRpcProvider } from "ethers";
import { agentKeys, FORGER_ACCOUNT } from "../../deploy/devnet/accounts.ts";
import { readSends } from "../../deploy/devnet/sends.ts";
import { ROLLUP_ABI } from "../../sdk/abi/generated/rollup.ts";
import { secretKeyFromSeed } from "../../sdk/bls/keys.ts";
import { sign } from "../../sdk/bls/sign.ts";
import { buildCalldata } from "../../sdk/build/calldata.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import type { Submission } from "../../sdk/types/submission.ts";

const ROLLUP: Hex = `0x${"5e".repeat(20)}`;
const NOBODY: Hex = `0x${"00".repeat(20)}`;
const word = (byte: string): Hex => `0x${byte.repeat(32)}`;
const SIGNATURE = sign(word("01"), secretKeyFromSeed(new Uint8Array(32).fill(1)));

const submission = (slot: number, digest: Hex): Submission => ({
  header: {
    slot,
    lastBlockHash: word("b1"),
    lastBlockNumber: slot * 12,
    inboxCount: 0,
    outboxRoot: word("00"),
    coinbase: NOBODY,
    onTimeRecipient: NOBODY,
    onTimeCapBps: 0,
  },
  digest,
  blobCount: 1,
  attestation: { signers: 7n, signature: SIGNATURE },
});
const landing = (...submissions: Submission[]): string =>
  buildCalldata({ submissions, recipient: NOBODY, deadlineSec: 99 });

/** An L1 of blocks of transactions: to whom, of whom, with what, and whether they went through. */
function l1Of(blocks: { to: string; from: string; data: string; status: number }[][]): JsonRpcProvider {
  return {
    getBlockNumber: async () => blocks.length - 1,
    getBlock: async (number: number) => ({
      prefetchedTransactions: (blocks[number] ?? []).map((one, index) => ({ ...one, hash: `0x${number}${index}` })),
    }),
    getTransactionReceipt: async (hash: string) => {
      const one = blocks[Number(hash.at(2))]?.[Number(hash.at(3))];
      return { status: one?.status, gasUsed: 33_000n };
    },
  } as unknown as JsonRpcProvider;
}

describe("L1 transactions that were to land something", () => {
  const agent = agentKeys(2).l1Address;

  it("are found from a block on, with who sent them, what they carried, and whether they went through", async () => {
    const both = landing(submission(6, word("d6")), submission(7, word("d7")));
    const l1 = l1Of([
      [{ to: ROLLUP, from: agent, data: landing(submission(1, word("d1"))), status: 1 }],
      [{ to: ROLLUP, from: agent, data: both, status: 1 }],
      [{ to: ROLLUP, from: FORGER_ACCOUNT.address, data: landing(submission(7, word("f7"))), status: 0 }],
    ]);
    expect(await readSends(l1, ROLLUP, 1)).to.deep.equal([
      {
        hash: "0x10",
        from: "agent-2",
        slots: [6, 7],
        digests: [word("d6"), word("d7")],
        succeeded: true,
        gasUsed: 33_000,
        l1Block: 1,
      },
      {
        hash: "0x20",
        from: "forger",
        slots: [7],
        digests: [word("f7")],
        succeeded: false,
        gasUsed: 33_000,
        l1Block: 2,
      },
    ]);
  });

  it("are told from all others: to somebody else, of another call, and of none", async () => {
    const other = new Interface(ROLLUP_ABI).encodeFunctionData("bond");
    const l1 = l1Of([
      [
        { to: NOBODY, from: agent, data: landing(submission(1, word("d1"))), status: 1 },
        { to: ROLLUP, from: agent, data: other, status: 1 },
        { to: ROLLUP, from: agent, data: "0x", status: 0 },
      ],
    ]);
    expect(await readSends(l1, ROLLUP, 0)).to.deep.equal([]);
  });
});
