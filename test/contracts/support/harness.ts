import { readFileSync } from "node:fs";
import { Contract, getCreateAddress, type HDNodeWallet, type InterfaceAbi } from "ethers";
import solc from "solc";
import type { Hex } from "../../../sdk/types/hex.ts";
import { account, type Connection, mine } from "./l1.ts";

const ROOT = new URL("../../../", import.meta.url);
const DEPLOYER = account(0);

interface Compiled {
  abi: InterfaceAbi;
  evm: { bytecode: { object: string } };
}

const compiled = new Map<string, Compiled>();

/** Compiled on first use, as the rollup is, by the compiler alone: tests' contracts stay out of the artifacts. */
function compileHarness(name: string): Compiled {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const source = `test/contracts/harness/${name}.sol`;
  const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");
  const input = {
    language: "Solidity",
    sources: { [source]: { content: read(source) } },
    settings: {
      evmVersion: "prague",
      viaIR: true,
      optimizer: { enabled: true, runs: 1_000_000 },
      outputSelection: { [source]: { [name]: ["abi", "evm.bytecode.object"] } },
    },
  };
  const imports = (path: string) => ({ contents: read(path) });
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: imports }));
  const found: Compiled | undefined = output.contracts?.[source]?.[name];
  if (found === undefined) throw new Error(`${source} does not compile: ${JSON.stringify(output.errors)}`);
  compiled.set(name, found);
  return found;
}

/** Deploys a contract of `harness/` whose constructor takes nothing. */
export async function deployTestContract(connection: Connection, name: string, from: HDNodeWallet): Promise<Contract> {
  const { abi, evm } = compileHarness(name);
  const nonce = await connection.ethers.provider.getTransactionCount(from.address);
  const { succeeded } = await mine(connection, { from, data: `0x${evm.bytecode.object}` as Hex });
  if (!succeeded) throw new Error(`${name} was not deployed`);
  return new Contract(getCreateAddress({ from: from.address, nonce }), abi, connection.ethers.provider);
}

/** Deploys the harness as the first contract of account 0: the vectors' rollup has that address. */
export const deployHarness = (connection: Connection): Promise<Contract> =>
  deployTestContract(connection, "LibraryHarness", DEPLOYER);
