import type { TypedTransaction } from "@ethereumjs/tx";
import { bytesToBigInt, bytesToHex, type EOACode7702AuthorizationListBytesItem } from "@ethereumjs/util";
import type { Hex } from "../../../types/hex.ts";
import { toQuantity } from "./quantity.ts";

/** Where a transaction was included. */
export interface Inclusion {
  blockHash: Hex;
  blockNumber: number;
  index: number;
  /** Of the block, in wei per gas. */
  baseFeePerGas: bigint;
}

/** A transaction as JSON-RPC shows it; without an inclusion it waits in the mempool. */
export function transactionJson(
  transaction: TypedTransaction,
  hash: Hex,
  from: Hex,
  inclusion: Inclusion | undefined,
): Record<string, unknown> {
  const { gasLimit, data, to, chainId, yParity, ...fields } = transaction.toJSON();
  const isLegacy = transaction.type === 0;
  const isReplayProtected = !isLegacy || (transaction.v ?? 0n) >= 35n;
  return {
    ...fields,
    hash,
    from,
    to: to ?? null,
    gas: gasLimit,
    input: data,
    gasPrice: toQuantity(gasPrice(transaction, inclusion?.baseFeePerGas)),
    ...(isReplayProtected ? { chainId } : {}),
    ...(isLegacy ? {} : { yParity: yParity ?? fields.v }),
    ...("authorizationList" in transaction
      ? { authorizationList: transaction.authorizationList.map(authorization) }
      : {}),
    blockHash: inclusion?.blockHash ?? null,
    blockNumber: inclusion === undefined ? null : toQuantity(inclusion.blockNumber),
    transactionIndex: inclusion === undefined ? null : toQuantity(inclusion.index),
  };
}

/** The library would write a zero as 0x, which is no quantity. */
function authorization(fields: EOACode7702AuthorizationListBytesItem): Record<string, unknown> {
  const [chainId, address, nonce, yParity, r, s] = fields;
  const number = (bytes: Uint8Array): Hex => toQuantity(bytesToBigInt(bytes));
  return {
    chainId: number(chainId),
    address: bytesToHex(address),
    nonce: number(nonce),
    yParity: number(yParity),
    r: number(r),
    s: number(s),
  };
}

/** What is paid per gas in the block, in wei; outside a block, what is paid at most. */
function gasPrice(transaction: TypedTransaction, baseFeePerGas: bigint | undefined): bigint {
  if (!("maxFeePerGas" in transaction)) return transaction.gasPrice;
  const { maxFeePerGas, maxPriorityFeePerGas } = transaction;
  if (baseFeePerGas === undefined) return maxFeePerGas;
  const paid = baseFeePerGas + maxPriorityFeePerGas;
  return paid < maxFeePerGas ? paid : maxFeePerGas;
}
