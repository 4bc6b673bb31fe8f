import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { CheckpointRecord } from "../../store/interface.ts";
import { toQuantity } from "../encode/quantity.ts";
import { RPC_CODES, RpcError } from "../errors.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { objectOf } from "../results.ts";
import { countOrNumber, hash } from "../schema.ts";
import { withdrawalCount, withdrawalsOf } from "../withdrawals.ts";

/** From L2 to L1. Indices and numbers are JSON numbers here, amounts hex. */
export const withdrawalMethods: RpcMethod[] = [
  method({
    name: "baton_getWithdrawalProof",
    summary:
      "What the rollup's `withdraw` on L1 takes of a withdrawal: its recipient, amount and siblings, by the outbox root of a settled checkpoint, the newest unless another slot is named; null if there is no such withdrawal.",
    params: z.tuple([
      z
        .union([hash, countOrNumber], { error: "expected an index, or the hash of an L2 transaction" })
        .describe("withdrawal, by its index or by the L2 transaction that made it"),
      countOrNumber.nullish().describe("slot, of a settled checkpoint"),
    ]),
    result: objectOf("index, recipient, amountWei, leaf, siblings, outboxRoot, checkpoint").nullable(),
    async handle(context, [withdrawal, slot]) {
      const index = typeof withdrawal === "number" ? withdrawal : await indexOf(context, withdrawal);
      if (index === undefined || index >= (await withdrawalCount(context.chain, "latest"))) return null;
      const checkpoint = settledCheckpoint(context, slot ?? context.node.tips().settled.slot);
      const proof =
        checkpoint && (await context.withdrawals.prove(index, checkpoint.record.proposal.header.lastBlockNumber));
      if (checkpoint === undefined || proof === undefined) throw notSettled(index, slot ?? undefined);
      const { landing } = checkpoint;
      return {
        ...proof,
        amountWei: toQuantity(proof.amountWei),
        checkpoint: {
          slot: checkpoint.record.slot,
          number: landing.number,
          transactionHash: landing.transactionHash,
          l1BlockNumber: landing.l1BlockNumber,
        },
      };
    },
  }),
];

/** The withdrawal a transaction made; undefined for none. */
async function indexOf({ chain }: RpcContext, transactionHash: Hex): Promise<number | undefined> {
  const receipt = await chain.getReceipt(transactionHash);
  const made = receipt === undefined ? [] : withdrawalsOf(receipt).map(({ index }) => index);
  if (made.length > 1) {
    const message = `the transaction made several withdrawals: ask for one of them by its index, ${made.join(", ")}`;
    throw new RpcError(RPC_CODES.server, message, { reason: "several", indices: made });
  }
  return made[0];
}

/** Undefined as long as nothing is settled. */
function settledCheckpoint(
  { node }: RpcContext,
  slot: number,
): { record: CheckpointRecord; landing: NonNullable<CheckpointRecord["landing"]> } | undefined {
  const { settled } = node.tips();
  if (slot === 0 && settled.slot === 0) return undefined;
  const record = slot <= settled.slot ? node.checkpoint(slot) : undefined;
  if (record?.landing !== undefined) return { record, landing: record.landing };
  const message = `no settled checkpoint of slot ${slot} is held here; the newest is that of slot ${settled.slot}`;
  throw new RpcError(RPC_CODES.notFound, message);
}

function notSettled(index: number, slot: number | undefined): RpcError {
  const by = slot === undefined ? "any settled checkpoint" : `the checkpoint of slot ${slot}`;
  const message = `withdrawal ${index} is made, but not in ${by}: ask again when its checkpoint is settled`;
  return new RpcError(RPC_CODES.server, message, { reason: "not-settled" });
}
