import { z } from "zod";
import type { Hex } from "../../types/hex.ts";
import { GuardError } from "./interface.ts";
import { GuardTable, type MergeReport } from "./table.ts";

const FORMAT = "baton-signing-guard";
const hex = z.string().regex(/^0x([0-9a-f]{2})*$/, "expected lower-case hex") as z.ZodType<Hex>;
const count = z.number().int().nonnegative();

const exportSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  generation: count,
  floorSlot: count,
  rows: z.array(
    z.strictObject({
      validator: hex,
      kind: z.enum(["block", "proposal", "attestation", "skip"]),
      slot: count,
      sequence: z.string(),
      digest: hex,
    }),
  ),
});

/**
 * Everything a guard knows, as JSON text. The agent must be stopped: what it signs afterwards would be missing.
 * @throws GuardError "in-use" or "corrupt".
 */
export async function exportGuard(path: string): Promise<string> {
  const table = new GuardTable(path);
  try {
    const { generation, floorSlot } = table.meta;
    return JSON.stringify({ format: FORMAT, version: 1, generation, floorSlot, rows: table.rows() });
  } finally {
    await table.close();
  }
}

/**
 * Adds what `json` knows to the guard at `path`, which is made if there is none. Nothing held is removed or changed.
 * @throws GuardError "invalid-row" if the text is not an export, "in-use" or "corrupt".
 */
export async function importGuard(path: string, json: string): Promise<MergeReport> {
  const { rows, generation, floorSlot } = parse(json);
  const table = new GuardTable(path);
  try {
    return table.merge(rows, { generation, floorSlot });
  } finally {
    await table.close();
  }
}

function parse(json: string): z.output<typeof exportSchema> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new GuardError(
      "invalid-row",
      `expected a guard export, got text that is no JSON (${(error as Error).message})`,
    );
  }
  const result = exportSchema.safeParse(value);
  if (result.success) return result.data;
  throw new GuardError("invalid-row", `expected a guard export: ${z.prettifyError(result.error)}`);
}
