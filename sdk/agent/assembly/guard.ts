import { readFileSync, writeFileSync } from "node:fs";
import { publicKeyOf } from "../../bls/keys.ts";
import type { GuardCommandOptions } from "../commands/guard.ts";
import { type AgentConfig, ConfigError } from "../config/interface.ts";
import { loadConfig, loadDeployment } from "../config/load.ts";
import type { GuardOwner, GuardRow } from "../guard/interface.ts";
import { exportGuard, importGuard } from "../guard/transfer.ts";
import { guardFilesOf } from "./validator.ts";

/** Writes what an agent's guard knows to a new file. Rejects with ConfigError or GuardError. */
export async function runGuardExport(
  { config: configFile, file }: GuardCommandOptions,
  print: (line: string) => void,
): Promise<void> {
  const config = await loadConfig(configFile);
  const text = await exportGuard(guardFilesOf(config), await ownerOf(config, configFile));
  try {
    // An export is never written over: the older one might be the only one that can be read.
    writeFileSync(file, `${text}\n`, { flag: "wx", mode: 0o600, flush: true });
  } catch (error) {
    throw new ConfigError("unreadable", `--file ${file}: expected a path for a new file, got ${codeOf(error)}`);
  }
  print(`exported to ${file}; whoever imports it signs from now on, this agent must not`);
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
  const validators = config.validators.map(({ blsSecretKey }) =>
    publicKeyOf(Buffer.from(blsSecretKey.slice(2), "hex")),
  );
  return { validators, chainId, rollup };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
