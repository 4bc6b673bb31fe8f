import { type ErrorDescription, Interface } from "ethers";
import { L2_OUTBOX_ABI } from "../abi/generated/l2Outbox.ts";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import type { Hex } from "../types/hex.ts";
import type { ContractError, ContractErrorName, Remedy } from "./contractError.ts";
import { REMEDIES } from "./remedies.ts";
import { findRevertData } from "./revertData.ts";

const contracts = new Interface([...ROLLUP_ABI, ...L2_OUTBOX_ABI].filter(({ type }) => type === "error"));

/**
 * Decodes an error of the rollup contract, or of L2's outbox, from raw revert data, or from anything a provider threw: an ethers error, a
 * JSON-RPC error of the Hardhat network, of anvil or of any client that passes the data on.
 * @returns undefined when no error of these contracts is in it: a network failure, a panic, another contract's revert.
 */
export function decodeContractError(thrown: unknown): ContractError | undefined {
  const data = findRevertData(thrown, (bytes) => parse(bytes) !== undefined);
  const description = data && parse(data);
  if (!description) return undefined;
  const name = description.name as ContractErrorName;
  const args = argumentsOf(description);
  const message = `${name}(${Object.entries(args)
    .map(([argument, value]) => `${argument}: ${value}`)
    .join(", ")})`;
  return { name, args, remedy: remedyOf(name, args), message } as ContractError;
}

function parse(data: Hex): ErrorDescription | undefined {
  try {
    const description = contracts.parseError(data);
    return description && description.name in REMEDIES ? description : undefined;
  } catch {
    // A known selector with arguments that do not decode: not an error of these contracts.
    return undefined;
  }
}

function argumentsOf({ fragment, args }: ErrorDescription): Record<string, bigint | string> {
  return Object.fromEntries(
    fragment.inputs.map(({ name, baseType }, index) => {
      const value = args[index];
      return [name, baseType === "address" ? String(value).toLowerCase() : value];
    }),
  );
}

function remedyOf(name: ContractErrorName, args: Record<string, bigint | string>): Remedy {
  const rule = REMEDIES[name] as Remedy | ((args: Record<string, bigint | string>) => Remedy);
  return typeof rule === "function" ? rule(args) : rule;
}
