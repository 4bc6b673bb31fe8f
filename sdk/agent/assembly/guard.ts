import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import type { Hex } from "../../types/hex.ts";
import type { GuardCommandOptions, GuardExportOptions } from "../commands/guard.ts";
import { type AgentConfig, ConfigError } from "../config/interface.ts";
import { loadConfig, loadDeployment } from "../config/load.ts";
import type { GuardOwner, GuardRow } from "../guard/interface.ts";
import { exportGuard, importGuard } from "../guard/transfer.ts";
import { guardFilesOf, publicKeysOf } from "./validator.ts";

/** Writes what an agent's guard knows to a new file; it signs no more. Rejects with ConfigError or GuardError. */
export async function runGuardExport(
  { config: configFile, file, validator }: GuardExportOptions,
  print: (line: string) => void,
): Promise<void> {
  const config = await loadConfig(configFile);
  const owner = await ownerOf(config, configFile);
  const validators = validator === undefined ? owner.validators : [chosen(owner.validators, validator)];
  // Made first: once the guard signs no more, nothing should stand in the way of its export.
  const descriptor = openNew(file);
  try {
    const text = await exportGuard(guardFilesOf(config), { ...owner, validators });
    writeSync(descriptor, `${text}\n`);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file);
    throw error;
  } finally {
    closeSync(descriptor);
  }
  const whose = validators.map((publicKey) => `${publicKey.slice(0, 18)}…`).join(", ");
  print(`exported to ${file}: this guard signs nothing more for ${whose}; whoever imports it does`);
}

/**
 * Adds what an export knows to an agent's guard. Resolves with the signatures of which the guard knows another for the
 * same slot. Rejects with ConfigError or GuardError.
 */
export async function runGuardImport(
  { config: configFile, file }: GuardCommandOptions,
  print: (line: string) => void,
): Promise<GuardRow[]> {
  const config = await loadConfig(configFile);
  const owner = await ownerOf(config, configFile);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError("unreadable", `--file ${file}: expected a readable file, got ${codeOf(error)}`);
  }
  const { added, known, conflicting } = await importGuard(guardFilesOf(config), text, owner);
  print(`${added} signatures imported, ${known} were known, ${conflicting.length} conflict`);
  return conflicting;
}

async function ownerOf(config: AgentConfig, configFile: string): Promise<GuardOwner> {
  if (config.validators.length === 0) {
    throw new ConfigError("invalid", `${configFile}: expected a validator, found none; only a validator has a guard`);
  }
  const { chainId, rollup } = await loadDeployment(config.l1.deploymentFile);
  return { validators: publicKeysOf(config), chainId, rollup };
}

/** The one key that starts as it was said. */
function chosen(validators: readonly Hex[], start: string): Hex {
  const [found, ...others] = validators.filter((publicKey) => publicKey.startsWith(start.toLowerCase()));
  if (found !== undefined && others.length === 0) return found;
  const expected = validators.map((publicKey) => publicKey.slice(0, 18)).join(", ");
  throw new ConfigError("invalid", `--validator ${start}: expected the start of one of these keys: ${expected}`);
}

/** An export is never written over: the older one might be the only one that can be read. */
function openNew(file: string): number {
  try {
    return openSync(file, "wx", 0o600);
  } catch (error) {
    throw new ConfigError("unreadable", `--file ${file}: expected a path for a new file, got ${codeOf(error)}`);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
