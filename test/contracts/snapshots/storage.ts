import type { ContractArtifact, StorageVariable } from "../../../sdk/abi/artifacts.ts";
import { columns, compareText } from "./text.ts";

const HEAD = ["slot", "offset", "bytes", "name", "type"];

/** A storage layout for reading: where each variable is, and where each field of the structs that occur in it. */
export function storageText({ storage, storageTypes }: ContractArtifact): string {
  const rowOf = ({ slot, offset, label, type }: StorageVariable): string[] => {
    const { numberOfBytes = "?", label: typeLabel = type } = storageTypes[type] ?? {};
    return [slot, String(offset), numberOfBytes, label, typeLabel];
  };
  const structs = Object.values(storageTypes)
    .flatMap(({ label, members }) => (members === undefined ? [] : [{ label, members }]))
    .sort((a, b) => compareText(a.label, b.label));
  const tables = [
    columns([HEAD, ...storage.map(rowOf)]),
    ...structs.map(({ label, members }) => [label, ...columns([HEAD, ...members.map(rowOf)])]),
  ];
  return tables.map((table) => table.join("\n")).join("\n\n");
}
