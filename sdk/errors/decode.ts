import { type ErrorDescription, Interface } from "ethers";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import type { Hex } from "../types/hex.ts";
import type { ContractError, ContractErrorName, Remedy } from "./contractError.ts";
import { REMEDIES } from "./remedies.ts";
import { findRevertData } from "./revertData.ts";

const rollup = new Interface(ROLLUP_ABI);

/**
 * Decodes an error of the rollup contract from raw revert data, or from anything a provider threw: an ethers error, a
 * JSON-RPC error of the Hardhat network, of anvil or of any client that passes the data on.
 * @returns undefined when no error of the contract is in it: a network failure, a panic, another contract's revert.
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
    const description = rollup.parseError(data);
    return description && description.name in REMEDIES ? description : undefined;
  } catch {
    // A known selector with arguments that do not decode: not an error of this contract.
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
