import { Interface, type TransactionDescription } from "ethers";
import { ROLLUP_ABI } from "../../sdk/abi/generated/rollup.ts";
import type { CheckpointHeader } from "../../sdk/types/header.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import type { SimulatedL1 } from "../../test/sim/l1/chain.ts";
import type { MinedSubmission } from "./recording.ts";

const rollup = new Interface(ROLLUP_ABI);

interface L1Block {
  timestamp: Hex;
  transactions: { hash: Hex; to: Hex | null; input: Hex }[];
}

/** Every transaction on L1 that carries checkpoints, those that failed as well, in the order of L1. */
export async function minedSubmissions(l1: SimulatedL1): Promise<MinedSubmission[]> {
  const head = Number(await l1.read<Hex>("eth_blockNumber", []));
  const mined: MinedSubmission[] = [];
  for (let number = l1.deployment.deploymentBlock; number <= head; number++) {
    const block = await l1.read<L1Block>("eth_getBlockByNumber", [`0x${number.toString(16)}`, true]);
    for (const { hash, to, input } of block.transactions) {
      const slots = to === l1.deployment.rollup ? slotsIn(input) : [];
      if (slots.length === 0) continue;
      const { status } = await l1.read<{ status: Hex }>("eth_getTransactionReceipt", [hash]);
      mined.push({ slots, succeeded: Number(status) === 1, atMs: Number(block.timestamp) * 1000 });
    }
  }
  return mined;
}

function slotsIn(data: Hex): number[] {
  const call: TransactionDescription | null = rollup.parseTransaction({ data });
  if (call?.name !== "submit" && call?.name !== "challengeAndSubmit") return [];
  const submissions = call.args.getValue("submissions") as { header: CheckpointHeader }[];
  return submissions.map(({ header }) => Number(header.slot));
}
