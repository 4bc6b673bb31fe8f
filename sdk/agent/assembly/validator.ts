import { join } from "node:path";
import { publicKeyOf } from "../../bls/keys.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import type { RollupConfig } from "../../get/config.ts";
import { type Hex, hexToBytes } from "../../types/hex.ts";
import type { AgentConfig, Deployment } from "../config/interface.ts";
import type { GuardFiles, OwnValidator } from "../guard/interface.ts";
import { LmdbSigningGuard } from "../guard/lmdb-signing-guard.ts";
import { LocalSigner } from "../guard/local-signer.ts";
import type { PipelineEvents } from "../pipeline/events.ts";
import type { Teardown } from "./teardown.ts";

/** Where an agent keeps its guard. */
export function guardFilesOf({ dataDir }: AgentConfig): GuardFiles {
  return { path: join(dataDir, "guard", "guard.mdb"), witnessPath: join(dataDir, "guard-witness.mdb") };
}

/** Public keys of an agent's validators, as they are configured. @throws BlsError for a key that is none. */
export const publicKeysOf = ({ validators }: AgentConfig): Hex[] =>
  validators.map(({ blsSecretKey }) => publicKeyOf(hexToBytes(blsSecretKey)));

/** The guard of an agent, and the validators behind it. */
export interface OpenValidators {
  guard: LmdbSigningGuard;
  validators: OwnValidator[];
}

/** Opens the guard and puts the validators' keys behind it; undefined in an agent without any. */
export async function openValidators(
  config: AgentConfig,
  { chainId, rollup }: Deployment,
  bls: SignatureScheme,
  teardown: Teardown,
): Promise<OpenValidators | undefined> {
  if (config.validators.length === 0) return undefined;
  const guard = teardown.add(await LmdbSigningGuard.open(guardFilesOf(config), publicKeysOf(config)), (part) =>
    part.close(),
  );
  const validators = config.validators.map(({ blsSecretKey, coinbase }) => {
    const secretKey = hexToBytes(blsSecretKey);
    return { guard, coinbase, signer: new LocalSigner({ secretKey, chainId, rollup }, { guard, bls }) };
  });
  return { guard, validators };
}

/** Once an epoch, forgets signatures about which no evidence is taken any more; what is below is never signed again. */
export function pruneGuard(events: PipelineEvents, guard: LmdbSigningGuard, onL1: RollupConfig): void {
  const { epochSlots, challengeWindowEpochs, evidenceWindowEpochs } = onL1;
  const keepSlots = (challengeWindowEpochs + evidenceWindowEpochs + 2) * epochSlots;
  events.on((event) => {
    if (event.type !== "submitted" || event.landed.slot % epochSlots !== 0) return;
    if (event.landed.slot > keepSlots) guard.prune(event.landed.slot - keepSlots);
  });
}
