import { readFileSync } from "node:fs";
import type { InterfaceAbi } from "ethers";
import solc from "solc";
import type { Hex } from "../../sdk/types/hex.ts";

/** A compiled contract: what to send in a creation transaction, and how to talk to it. */
export interface CompiledContract {
  /** Creation code. */
  bytecode: Hex;
  /** Code of the deployed contract. */
  runtime: Hex;
  abi: InterfaceAbi;
}

interface Code {
  object: string;
}

interface CompilerOutput {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<string, Record<string, { abi: InterfaceAbi; evm: { bytecode: Code; deployedBytecode: Code } }>>;
}

const SOURCE = "source.sol";

/** Compiles one self-contained Solidity file for Prague and answers the contract `name` of it. */
export function compileSolidity(file: URL, name: string): CompiledContract {
  const input = {
    language: "Solidity",
    sources: { [SOURCE]: { content: readFileSync(file, "utf8") } },
    settings: {
      evmVersion: "prague",
      optimizer: { enabled: true, runs: 10_000 },
      outputSelection: { [SOURCE]: { [name]: ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as CompilerOutput;
  const contract = output.contracts?.[SOURCE]?.[name];
  if (contract === undefined) {
    const error = output.errors?.find(({ severity }) => severity === "error");
    throw new Error(`${file.pathname} does not compile: ${error?.formattedMessage ?? `no contract ${name}`}`);
  }
  const { bytecode, deployedBytecode } = contract.evm;
  return { bytecode: `0x${bytecode.object}`, runtime: `0x${deployedBytecode.object}`, abi: contract.abi };
}
