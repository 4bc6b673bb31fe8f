import { Interface, type JsonRpcProvider, type Result } from "ethers";
import { ROLLUP_ABI } from "../../sdk/abi/generated/rollup.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import { nameOfAccount } from "./names.ts";

/** A mined L1 transaction that was to land checkpoints. */
export interface SentTransaction {
  hash: Hex;
  /** Name of its sender. */
  from: string;
  /** Of the checkpoints it carried, oldest first. */
  slots: number[];
  digests: Hex[];
  succeeded: boolean;
  gasUsed: number;
  l1Block: number;
}

const ABI = new Interface(ROLLUP_ABI);
/** Which argument of a call holds the submissions. */
const SUBMISSIONS_AT: Readonly<Record<string, number>> = { submit: 0, challengeAndSubmit: 1 };

/** Every transaction to the rollup, from an L1 block on, that was to land something; those that reverted too. */
export async function readSends(l1: JsonRpcProvider, rollup: Hex, fromBlock: number): Promise<SentTransaction[]> {
  const sends: SentTransaction[] = [];
  const latest = await l1.getBlockNumber();
  for (let number = fromBlock; number <= latest; number++) {
    const block = await l1.getBlock(number, true);
    for (const { hash, from, to, data } of block?.prefetchedTransactions ?? []) {
      const submissions = to?.toLowerCase() === rollup ? submissionsOf(data) : [];
      if (submissions.length === 0) continue;
      const receipt = await l1.getTransactionReceipt(hash);
      sends.push({
        hash: hash as Hex,
        from: nameOfAccount(from),
        slots: submissions.map((one) => Number((one.getValue("header") as Result).getValue("slot"))),
        digests: submissions.map((one) => one.getValue("digest") as Hex),
        succeeded: receipt?.status === 1,
        gasUsed: Number(receipt?.gasUsed ?? 0n),
        l1Block: number,
      });
    }
  }
  return sends;
}

function submissionsOf(data: string): Result[] {
  const call = ABI.parseTransaction({ data });
  if (call === null) return [];
  const at = SUBMISSIONS_AT[call.name];
  return at === undefined ? [] : [...(call.args[at] as Result)];
}

/** Mined transactions that carried a checkpoint which another had carried before them. */
export function doubleSends(sends: readonly SentTransaction[]): number {
  const carried = new Set<Hex>();
  let doubles = 0;
  for (const { digests } of sends) {
    if (digests.some((digest) => carried.has(digest))) doubles++;
    for (const digest of digests) carried.add(digest);
  }
  return doubles;
}
