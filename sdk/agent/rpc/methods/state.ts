import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import { resolveBlock } from "../blocks.ts";
import { toQuantity } from "../encode/quantity.ts";
import type { RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { addressResult, bytesResult, hashResult, quantityResult } from "../results.ts";
import { address, block, quantity } from "../schema.ts";

const at = block.nullish().describe("block");
const account = z.tuple([address.describe("account"), at]);

/** Keys of one eth_getProof: each costs up to ten reads of the database. */
const MAX_PROOF_KEYS = 256;
const storageKeys = z.array(quantity, "expected a list of storage keys").max(MAX_PROOF_KEYS);

const proofResult = z.strictObject({
  address: addressResult,
  balance: quantityResult,
  nonce: quantityResult,
  codeHash: hashResult,
  storageHash: hashResult,
  accountProof: z.array(bytesResult),
  storageProof: z.array(z.strictObject({ key: hashResult, value: quantityResult, proof: z.array(bytesResult) })),
});

/** Reads of accounts and contracts. */
export const stateMethods: RpcMethod[] = [
  method({
    name: "eth_getBalance",
    summary: "Balance of an account in wei.",
    params: account,
    result: quantityResult,
    async handle(context, [of, selector]) {
      const { balance } = await context.chain.getAccount(of, await resolveBlock(context, selector));
      return toQuantity(balance);
    },
  }),
  method({
    name: "eth_getTransactionCount",
    summary: "Nonce of an account; with `pending`, the next one after its transactions in the mempool.",
    params: account,
    result: quantityResult,
    async handle(context, [of, selector]) {
      const pooled = selector === "pending" ? context.pool.pendingNonce(of) : undefined;
      if (pooled !== undefined) return toQuantity(pooled);
      const { nonce } = await context.chain.getAccount(of, await resolveBlock(context, selector));
      return toQuantity(nonce);
    },
  }),
  method({
    name: "eth_getCode",
    summary: "Code of a contract, 0x if there is none.",
    params: account,
    result: bytesResult,
    async handle(context, [of, selector]) {
      return context.chain.getCode(of, await resolveBlock(context, selector));
    },
  }),
  method({
    name: "eth_getStorageAt",
    summary: "One storage word of a contract.",
    params: z.tuple([address.describe("account"), quantity.describe("slot"), at]),
    result: hashResult,
    async handle(context, [of, slot, selector]) {
      const key: Hex = `0x${slot.toString(16).padStart(64, "0")}`;
      const value = await context.chain.getStorageAt(of, key, await resolveBlock(context, selector));
      return `0x${value.slice(2).padStart(64, "0")}`;
    },
  }),
  method({
    name: "eth_getProof",
    summary:
      "An account and some of its storage, with the trie nodes that show them under the block's state root (EIP-1186).",
    params: z.tuple([address.describe("account"), storageKeys.describe("storage keys"), at]),
    result: proofResult,
    async handle(context, [of, keys, selector]) {
      const slots = keys.map((key): Hex => `0x${key.toString(16).padStart(64, "0")}`);
      const proof = await context.chain.getProof(of, slots, await resolveBlock(context, selector));
      return {
        ...proof,
        balance: toQuantity(proof.balance),
        nonce: toQuantity(proof.nonce),
        storageProof: proof.storageProof.map(({ key, value, proof: nodes }) => ({
          key,
          value: toQuantity(value),
          proof: nodes,
        })),
      };
    },
  }),
];
