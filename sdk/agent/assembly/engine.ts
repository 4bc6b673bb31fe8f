import { join } from "node:path";
import type { AgentConfig } from "../config/interface.ts";
import { readJwtSecret } from "../config/jwt-secret.ts";
import { ApiEngine } from "../engine/api/api-engine.ts";
import type { GenesisConfig } from "../engine/genesis.ts";
import type { ChainReader, ExecutionEngine } from "../engine/interface.ts";
import { WorkerEngine } from "../engine/worker/worker-engine.ts";
import type { Clock } from "../time/interface.ts";
import type { Logger } from "../types/logger.ts";
import type { Teardown } from "./teardown.ts";

export type Engine = ExecutionEngine & ChainReader;

export interface EngineEnvironment {
  clock: Clock;
  log: Logger;
  /** Called if the engine is lost and the agent must be started again. */
  onFatal: (error: Error) => void;
}

/**
 * Prepares the engine of the configuration, before its first block is known: the agent's own in a thread, or an
 * execution client behind the Engine API. The result opens it.
 */
export async function loadEngine(
  config: AgentConfig,
  { clock, log, onFatal }: EngineEnvironment,
  teardown: Teardown,
): Promise<(genesis: GenesisConfig, keepBlocks: number | undefined) => Promise<Engine>> {
  const { engine } = config;
  if (engine === undefined) {
    const thread = teardown.add(await WorkerEngine.load(), (part) => part.terminate());
    const path = join(config.dataDir, "engine");
    return (genesis, keepBlocks) => WorkerEngine.open({ path, genesis, keepBlocks }, { onCrash: onFatal }, thread);
  }
  const { url: engineUrl, rpcUrl = engineUrl, buildMs, timeoutMs } = engine;
  const jwtSecret = readJwtSecret(engine.jwtSecretPath);
  if (config.validators.length > 0) {
    log.warn(
      { engine: engineUrl },
      "blocks with forced transactions are left to validators with an engine of their own",
    );
  }
  return (genesis) =>
    ApiEngine.open({ engineUrl, rpcUrl, jwtSecret, genesis, buildMs, timeoutMs }, { clock, onLost: onFatal });
}
