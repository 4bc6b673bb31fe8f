import type { ContractArtifact } from "./artifacts.ts";
import { toWord } from "./words.ts";

const PACKED = ["rollup", "l1ChainId", "count"];

/**
 * The contract stands in L2's first block, so nodes need its runtime code and its places in storage.
 * @throws Error unless its storage is laid out as nodes write it.
 */
export function outboxFile({ abi, deployedBytecode, storage }: ContractArtifact): string {
  const root = storage.find(({ label }) => label === "root");
  const packed = storage.filter(({ label }) => PACKED.includes(label));
  const slots = new Set(packed.map(({ slot }) => slot));
  if (root === undefined || packed.length !== PACKED.length || slots.size !== 1) {
    throw new Error(`L2Outbox: expected a root, and ${PACKED.join(", ")} in one word`);
  }
  const fields = packed.map(({ label, offset }, i) => {
    const end = packed[i + 1]?.offset ?? 32;
    return [label, { offset: offset * 8, bits: (end - offset) * 8 }];
  });
  const word = { slot: toWord(BigInt(packed[0]?.slot ?? 0)), fields: Object.fromEntries(fields) };
  return [
    "/** ABI of `L2Outbox`, which stands in L2's first block. */\n",
    `export const L2_OUTBOX_ABI = ${JSON.stringify(abi, undefined, 2)} as const;\n\n`,
    "/** Runtime code. */\n",
    `export const L2_OUTBOX_CODE = "${deployedBytecode}";\n\n`,
    "/** Storage slot of the root. */\n",
    `export const L2_OUTBOX_ROOT_SLOT = "${toWord(BigInt(root.slot))}";\n\n`,
    "/** Whose outbox it is, and how many withdrawals it has. */\n",
    `export const L2_OUTBOX_WORD = ${JSON.stringify(word, undefined, 2)} as const;\n`,
  ].join("");
}
