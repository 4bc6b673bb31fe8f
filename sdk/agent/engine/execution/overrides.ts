import type { BlockHeader } from "@ethereumjs/block";
import { Account, Address, unpadBytes } from "@ethereumjs/util";
import type { Hex } from "../../../types/hex.ts";
import type { AccountOverride, BlockOverrides } from "../../types/calls.ts";
import { toBytes } from "../hex.ts";
import type { StateLayer } from "../state/state-layer.ts";

/** Makes accounts what they are to be. */
export function overrideState(layer: StateLayer, accounts: Readonly<Record<Hex, AccountOverride>>): void {
  for (const [key, { balance, nonce, code, state, stateDiff }] of Object.entries(accounts)) {
    const address = toBytes(key as Hex);
    const account = layer.account(address) ?? new Account();
    if (balance !== undefined) account.balance = balance;
    if (nonce !== undefined) account.nonce = nonce;
    if (code !== undefined) account.codeHash = layer.addCode(toBytes(code));
    layer.setAccount(address, account);
    if (state !== undefined) layer.clearStorage(address);
    for (const [slot, word] of Object.entries(state ?? stateDiff ?? {})) {
      layer.setStorage(address, toBytes(slot as Hex), unpadBytes(toBytes(word)));
    }
  }
}

/** The header that a call sees. */
export function overrideHeader(header: BlockHeader, overrides: BlockOverrides): Partial<BlockHeader> {
  const { number, time, gasLimit, feeRecipient, prevRandao, baseFeePerGas } = overrides;
  return {
    ...header,
    ...(number !== undefined && { number }),
    ...(time !== undefined && { timestamp: time }),
    ...(gasLimit !== undefined && { gasLimit }),
    ...(feeRecipient !== undefined && { coinbase: new Address(toBytes(feeRecipient)) }),
    ...(prevRandao !== undefined && { mixHash: toBytes(prevRandao) }),
    ...(baseFeePerGas !== undefined && { baseFeePerGas }),
  };
}
