import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** One entry of an ABI. */
export type AbiItem = { type: string; name?: string };

/** What the compiler said about one contract. */
export interface ContractArtifact {
  abi: readonly AbiItem[];
  /** Creation code. */
  bytecode: string;
  /** Runtime code, immutables zero. */
  deployedBytecode: string;
  storage: readonly StorageVariable[];
  /** The types that occur in it, by the compiler's ids for them. */
  storageTypes: Readonly<Record<string, StorageType>>;
}

/** One state variable, as in the compiler's `storageLayout`. */
export interface StorageVariable {
  label: string;
  /** Decimal. */
  slot: string;
  /** Bytes from the slot's low end. */
  offset: number;
  type: string;
}

/** One type, as in the compiler's `storageLayout`. */
export interface StorageType {
  label: string;
  /** Decimal. */
  numberOfBytes: string;
  /** Fields of a struct. */
  members?: readonly StorageVariable[];
}

interface StorageLayout {
  storage: StorageVariable[];
  /** Null where nothing is stored. */
  types: Record<string, StorageType> | null;
}

interface ArtifactFile {
  abi: readonly AbiItem[];
  bytecode: string;
  deployedBytecode: string;
  inputSourceName: string;
  buildInfoId: string;
}

interface BuildOutput {
  output: { contracts: Record<string, Record<string, { storageLayout?: StorageLayout }>> };
}

/**
 * Reads a contract from Hardhat's artifacts.
 * @param root The project's root.
 * @param path Of the contract in `contracts/`, without extension; its file has its name.
 * @throws Error when it was not compiled, or without its storage layout.
 */
export function readArtifact(root: string, path: string): ContractArtifact {
  const artifacts = join(root, "artifacts");
  const name = basename(path);
  const artifact = readJson<ArtifactFile>(join(artifacts, "contracts", `${path}.sol`, `${name}.json`));
  const build = readJson<BuildOutput>(join(artifacts, "build-info", `${artifact.buildInfoId}.output.json`));
  const layout = build.output.contracts[artifact.inputSourceName]?.[name]?.storageLayout;
  if (!layout) throw new Error(`${name}: no storage layout in the build; the compiler's outputSelection must name it`);
  const { abi, bytecode, deployedBytecode } = artifact;
  return { abi, bytecode, deployedBytecode, storage: layout.storage, storageTypes: layout.types ?? {} };
}

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (cause) {
    throw new Error(`cannot read ${path}; run "hardhat build" first`, { cause });
  }
}
