import { existsSync } from "node:fs";
import { z } from "zod";
import type { Hex } from "../../types/hex.ts";
import { openGuardFiles } from "./files.ts";
import { GuardError, type GuardFiles, type GuardOwner } from "./interface.ts";
import type { MergeReport } from "./table.ts";
import { assertNotOlder } from "./witness.ts";

const FORMAT = "baton-signing-guard";
const hex = z.string().regex(/^0x([0-9a-f]{2})*$/, "expected lower-case hex") as z.ZodType<Hex>;
const count = z.number().int().nonnegative();

const exportSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  chainId: count,
  rollup: hex,
  validators: z.array(hex).min(1),
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
 * Everything a guard knows, as JSON text. The agent must be stopped, and not be started again where the text is
 * imported elsewhere: what it signs afterwards would be missing.
 * @throws GuardError "missing", "in-use", "corrupt" or "older-than-used".
 */
export async function exportGuard(files: GuardFiles, owner: GuardOwner): Promise<string> {
  if (!existsSync(files.path)) {
    throw new GuardError("missing", `${files.path}: expected the guard of a validator, found none; nothing was signed`);
  }
  const { table, witness, close } = await openGuardFiles(files);
  try {
    assertNotOlder(table, witness);
    const { generation, floorSlot } = table.meta;
    return JSON.stringify({ format: FORMAT, version: 1, ...owner, generation, floorSlot, rows: table.rows() });
  } finally {
    await close();
  }
}

/**
 * Adds what `json` knows to the guard there is, or makes one. Nothing held is removed or changed. An export older than
 * the guard last used here is refused: with it the guard would pass for a newer one than it is.
 * @throws GuardError "invalid-row" if the text is not an export, "foreign" if it is another owner's, "older-than-held",
 * "in-use" or "corrupt".
 */
export async function importGuard(files: GuardFiles, json: string, owner: GuardOwner): Promise<MergeReport> {
  const exported = parse(json);
  assertOwner(exported, owner);
  const { table, witness, close } = await openGuardFiles(files);
  try {
    const held = Math.max(table.meta.generation, witness.lastUsed);
    if (exported.generation < held) {
      throw new GuardError(
        "older-than-held",
        `expected an export of generation ${held}, which the guard here has reached, or newer, got ${exported.generation}; ` +
          `nothing was imported. Import the newest export`,
      );
    }
    const report = table.merge(exported.rows, exported);
    witness.advance(table.meta.generation);
    return report;
  } finally {
    await close();
  }
}

function assertOwner(exported: GuardOwner, owner: GuardOwner): void {
  for (const field of ["chainId", "rollup", "validators"] as const) {
    const [expected, found] = [owner, exported].map((one) => [one[field]].flat().toSorted().join());
    if (found === expected) continue;
    throw new GuardError(
      "foreign",
      `expected the export of a guard for ${field} ${expected}, got one for ${found}; nothing was imported`,
    );
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
