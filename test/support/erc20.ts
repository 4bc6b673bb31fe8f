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

const SOURCE = "TestToken.sol";
let compiled: CompiledContract | undefined;

/** The ERC-20 of `erc20/TestToken.sol`, compiled once per process (about a second). */
export function testToken(): CompiledContract {
  compiled ??= compile();
  return compiled;
}

function compile(): CompiledContract {
  const content = readFileSync(new URL(`./erc20/${SOURCE}`, import.meta.url), "utf8");
  const input = {
    language: "Solidity",
    sources: { [SOURCE]: { content } },
    settings: {
      evmVersion: "prague",
      optimizer: { enabled: true, runs: 10_000 },
      outputSelection: { [SOURCE]: { TestToken: ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as CompilerOutput;
  const contract = output.contracts?.[SOURCE]?.TestToken;
  if (contract === undefined) throw new Error(`${SOURCE} does not compile: ${output.errors?.[0]?.formattedMessage}`);
  const { bytecode, deployedBytecode } = contract.evm;
  return { bytecode: `0x${bytecode.object}`, runtime: `0x${deployedBytecode.object}`, abi: contract.abi };
}
