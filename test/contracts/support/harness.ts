import { readFileSync } from "node:fs";
import { Contract, getCreateAddress, type InterfaceAbi } from "ethers";
import solc from "solc";
import type { Hex } from "../../../sdk/types/hex.ts";
import { account, type Connection, mine } from "./l1.ts";

const ROOT = new URL("../../../", import.meta.url);
const SOURCE = "test/contracts/harness/LibraryHarness.sol";
const NAME = "LibraryHarness";
const DEPLOYER = account(0);

interface Compiled {
  abi: InterfaceAbi;
  evm: { bytecode: { object: string } };
}

let compiled: Compiled | undefined;

/** Compiled on first use, as the rollup is, by the compiler alone: tests' contracts stay out of the artifacts. */
function harness(): Compiled {
  if (compiled !== undefined) return compiled;
  const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");
  const input = {
    language: "Solidity",
    sources: { [SOURCE]: { content: read(SOURCE) } },
    settings: {
      evmVersion: "prague",
      viaIR: true,
      optimizer: { enabled: true, runs: 1_000_000 },
      outputSelection: { [SOURCE]: { [NAME]: ["abi", "evm.bytecode.object"] } },
    },
  };
  const imports = (path: string) => ({ contents: read(path) });
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: imports }));
  const found: Compiled | undefined = output.contracts?.[SOURCE]?.[NAME];
  if (found === undefined) throw new Error(`${SOURCE} does not compile: ${JSON.stringify(output.errors)}`);
  compiled = found;
  return found;
}

/** Deploys the harness as the first contract of account 0: the vectors' rollup has that address. */
export async function deployHarness(connection: Connection): Promise<Contract> {
  const { abi, evm } = harness();
  const { succeeded } = await mine(connection, { from: DEPLOYER, data: `0x${evm.bytecode.object}` as Hex });
  if (!succeeded) throw new Error("the harness was not deployed");
  const address = getCreateAddress({ from: DEPLOYER.address, nonce: 0 });
  return new Contract(address, abi, connection.ethers.provider);
}
