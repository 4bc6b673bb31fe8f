import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Clock } from "../time/interface.ts";
import { type AgentConfig, agentConfigSchema, ConfigError, type Deployment, deploymentSchema } from "./interface.ts";
import { type SignerConfig, signerConfigSchema } from "./signer.ts";

/** How often a missing deployment file is looked for. */
const DEPLOYMENT_POLL_MS = 200;

/** Reads an agent's configuration. Rejects with ConfigError that names the field and what it expected. */
export async function loadConfig(path: string): Promise<AgentConfig> {
  return parse(agentConfigSchema, await readText(path), path);
}

/** Reads a signer's configuration. Rejects with ConfigError that names the field and what it expected. */
export async function loadSignerConfig(path: string): Promise<SignerConfig> {
  return parse(signerConfigSchema, await readText(path), path);
}

/** Reads the deployment file, waiting for it to appear. Rejects with ConfigError, or with the signal's reason. */
export async function awaitDeployment(path: string, clock: Clock, signal: AbortSignal): Promise<Deployment> {
  for (;;) {
    signal.throwIfAborted();
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw new ConfigError("unreadable", `${path}: expected a readable deployment file, got ${error.code}`);
    });
    if (text !== undefined) return parse(deploymentSchema, text, path);
    await clock.sleepUntil(clock.nowMs() + DEPLOYMENT_POLL_MS, signal);
  }
}

/** Reads the deployment file as it is now. Rejects with ConfigError. */
export async function loadDeployment(path: string): Promise<Deployment> {
  return parse(deploymentSchema, await readText(path), path);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigError("unreadable", `${path}: expected a readable file, got ${code}`);
  }
}

function parse<T extends z.ZodType>(schema: T, text: string, path: string): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConfigError("not-json", `${path}: expected JSON: ${(error as Error).message}`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new ConfigError("invalid", `${path}:\n${z.prettifyError(result.error)}`);
}
