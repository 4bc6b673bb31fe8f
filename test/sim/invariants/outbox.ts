import { Interface } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { type WithdrawalEvent, withdrawalsOf } from "../../../sdk/agent/rpc/withdrawals.ts";
import { buildLog } from "../../../sdk/build/log.ts";
import { buildWithdrawal } from "../../../sdk/build/withdrawal.ts";
import type { LandedCheckpoint } from "../../../sdk/get/landed.ts";
import { L2_OUTBOX_ADDRESS } from "../../../sdk/outbox/predeploy.ts";
import { OutboxTree } from "../../../sdk/outbox/tree.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import type { SharedExecution } from "../engine.ts";
import type { SimulatedL1 } from "../l1/chain.ts";
import { Violation } from "../violation.ts";

const rollupAbi = new Interface(ROLLUP_ABI);

export interface OutboxInput {
  execution: SharedExecution;
  l1: SimulatedL1;
  /** A chain that is on L1, oldest first. */
  blocks: readonly ExecutionPayload[];
  /** The checkpoints of that chain. */
  landed: readonly LandedCheckpoint[];
  /** Number of the last settled one. */
  settled: number;
}

/**
 * Each checkpoint's outbox root is that of the withdrawals made up to it, and by the newest settled one L1 pays every
 * withdrawal that it covers. Answers how many it does. @throws Violation.
 */
export async function checkOutbox({ execution, l1, blocks, landed, settled }: OutboxInput): Promise<number> {
  const made: WithdrawalEvent[] = [];
  const tree = new OutboxTree();
  const sizes = new Map<Hex, number>();
  for (const { blockHash, transactions } of blocks) {
    // Receipts are read where somebody called the outbox.
    if (transactions.some((raw) => raw.includes(L2_OUTBOX_ADDRESS.slice(2)))) {
      const receipts = await execution.engine.reader.getReceipts(blockHash);
      for (const withdrawal of receipts.flatMap(withdrawalsOf)) {
        made.push(withdrawal);
        tree.append(withdrawal.leaf);
      }
    }
    sizes.set(blockHash, tree.size);
  }
  for (const { submission } of landed) {
    const { slot, outboxRoot, lastBlockHash } = submission.header;
    if (tree.root(sizes.get(lastBlockHash)) === outboxRoot) continue;
    throw new Violation("a checkpoint has all withdrawals made up to it", `slot ${slot}: ${outboxRoot}`);
  }
  const newest = landed.find(({ number }) => number === settled);
  const size = newest === undefined ? 0 : (sizes.get(newest.submission.header.lastBlockHash) ?? 0);
  if (newest === undefined) return 0;
  const { chainId, rollup } = l1.deployment;
  const log = buildLog(newest);
  for (const withdrawal of made.slice(0, size)) {
    const siblings = tree.proof(withdrawal.index, size);
    const args = buildWithdrawal({ chainId: BigInt(chainId), rollup }, { withdrawal, log, siblings });
    const data = rollupAbi.encodeFunctionData("withdraw", args);
    await l1.read("eth_call", [{ to: rollup, data }, "latest"]).catch((error: unknown) => {
      throw new Violation("what is withdrawn and settled is paid", `withdrawal ${withdrawal.index}: ${error}`);
    });
  }
  return size;
}
