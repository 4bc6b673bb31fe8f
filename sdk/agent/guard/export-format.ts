import { z } from "zod";
import type { Hex } from "../../types/hex.ts";
import { GuardError } from "./interface.ts";

export const EXPORT_FORMAT = "baton-signing-guard";
/** 2: a generation for each validator, and its rows with it. */
export const EXPORT_VERSION = 2;

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/, "expected lower-case hex") as z.ZodType<Hex>;
const count = z.number().int().nonnegative();
const row = z.strictObject({
  kind: z.enum(["block", "proposal", "attestation", "skip"]),
  slot: count,
  sequence: z.string(),
  digest: hex,
});

const exportSchema = z.strictObject({
  format: z.literal(EXPORT_FORMAT),
  version: z.literal(EXPORT_VERSION),
  chainId: count,
  rollup: hex,
  floorSlot: count,
  validators: z.array(z.strictObject({ publicKey: hex, generation: count, rows: z.array(row) })).min(1),
});

/** What one guard hands to another. */
export type GuardExport = z.output<typeof exportSchema>;

const exportSchemaOf1 = z
  .strictObject({
    format: z.literal(EXPORT_FORMAT),
    version: z.literal(1),
    chainId: count,
    rollup: hex,
    validators: z.array(hex).min(1),
    generation: count,
    floorSlot: count,
    rows: z.array(z.strictObject({ validator: hex, ...row.shape })),
  })
  .transform(
    ({ validators, generation, rows, ...rest }): GuardExport => ({
      ...rest,
      version: EXPORT_VERSION,
      validators: validators.map((publicKey) => ({
        publicKey,
        generation,
        rows: rows.filter(({ validator }) => validator === publicKey).map(({ validator: _, ...one }) => one),
      })),
    }),
  );

/** Reads an export of this version or an earlier one. @throws GuardError "invalid-row" or "schema-version". */
export function parseExport(json: string): GuardExport {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new GuardError(
      "invalid-row",
      `expected a guard export, got text that is no JSON (${(error as Error).message})`,
    );
  }
  const version = versionOf(value);
  if (version > EXPORT_VERSION) {
    throw new GuardError(
      "schema-version",
      `expected an export of version ${EXPORT_VERSION} or older, got ${version}; import it with the version of the ` +
        "agent that wrote it, or a newer one",
    );
  }
  const result = (version === 1 ? exportSchemaOf1 : exportSchema).safeParse(value);
  if (result.success) return result.data;
  throw new GuardError("invalid-row", `expected a guard export: ${z.prettifyError(result.error)}`);
}

function versionOf(value: unknown): number {
  const parsed = z.object({ format: z.literal(EXPORT_FORMAT), version: z.number() }).safeParse(value);
  return parsed.success ? parsed.data.version : EXPORT_VERSION;
}
