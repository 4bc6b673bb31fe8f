import { existsSync } from "node:fs";
import { EXPORT_FORMAT, EXPORT_VERSION, type GuardExport, parseExport } from "./export-format.ts";
import { openGuardFiles } from "./files.ts";
import { GuardError, type GuardFiles, type GuardOwner } from "./interface.ts";
import type { MergeReport } from "./table.ts";
import { assertNotOlder } from "./witness.ts";

/**
 * Everything a guard knows of its owner's validators, as JSON text. The agent must be stopped. From before the text is
 * there, nothing is signed for these validators here, until an export as new as this one is imported; asked again, it
 * gives the same text.
 * @throws GuardError "missing", "in-use", "corrupt" or "older-than-used".
 */
export async function exportGuard(files: GuardFiles, owner: GuardOwner): Promise<string> {
  if (!existsSync(files.path)) {
    throw new GuardError("missing", `${files.path}: expected the guard of a validator, found none; nothing was signed`);
  }
  const { table, witness, close } = await openGuardFiles(files);
  try {
    for (const validator of owner.validators) assertNotOlder(table, witness, validator);
    const validators = owner.validators.map((publicKey) => {
      table.giveAway(publicKey);
      const { generation } = table.validator(publicKey);
      witness.advance(publicKey, generation);
      return { publicKey, generation, rows: table.rows(publicKey).map(({ validator: _, ...row }) => row) };
    });
    const { chainId, rollup } = owner;
    return JSON.stringify({
      format: EXPORT_FORMAT,
      version: EXPORT_VERSION,
      chainId,
      rollup,
      floorSlot: table.meta.floorSlot,
      validators,
    });
  } finally {
    await close();
  }
}

/**
 * Adds what `json` knows to the guard there is, or makes one; all of its validators must be the owner's. Nothing held
 * is removed or changed. An export older than what the guard knew of the same validator is refused: with it the guard
 * would pass for a newer one than it is.
 * @throws GuardError "invalid-row" if the text is not an export, "schema-version" if a newer version wrote it, "foreign" if it is another owner's, "older-than-held",
 * "in-use" or "corrupt".
 */
export async function importGuard(files: GuardFiles, json: string, owner: GuardOwner): Promise<MergeReport> {
  const exported = parseExport(json);
  assertOwner(exported, owner);
  const { table, witness, close } = await openGuardFiles(files);
  try {
    for (const { publicKey, generation } of exported.validators) {
      const held = Math.max(table.validator(publicKey).generation, witness.lastUsed(publicKey));
      if (generation >= held) continue;
      throw new GuardError(
        "older-than-held",
        `expected an export of generation ${held}, which the guard here has reached, or newer, got ${generation} for ` +
          `validator ${publicKey.slice(0, 18)}…; nothing was imported. Import the newest export`,
      );
    }
    const reports = exported.validators.map(({ publicKey, generation, rows }) => {
      const named = rows.map((row) => ({ ...row, validator: publicKey }));
      const report = table.merge(publicKey, named, { generation, floorSlot: exported.floorSlot });
      witness.advance(publicKey, table.validator(publicKey).generation);
      return report;
    });
    return {
      added: reports.reduce((sum, { added }) => sum + added, 0),
      known: reports.reduce((sum, { known }) => sum + known, 0),
      conflicting: reports.flatMap(({ conflicting }) => conflicting),
    };
  } finally {
    await close();
  }
}

function assertOwner(exported: GuardExport, owner: GuardOwner): void {
  const differs = (field: string, expected: unknown, found: unknown): GuardError =>
    new GuardError(
      "foreign",
      `expected the export of a guard for ${field} ${expected}, got one for ${found}; nothing was imported`,
    );
  for (const field of ["chainId", "rollup"] as const) {
    if (exported[field] !== owner[field]) throw differs(field, owner[field], exported[field]);
  }
  for (const { publicKey } of exported.validators) {
    if (!owner.validators.includes(publicKey)) throw differs("one of validators", owner.validators.join(), publicKey);
  }
}
