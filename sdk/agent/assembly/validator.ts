import { join } from "node:path";
import { publicKeyOf } from "../../bls/keys.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import type { RollupConfig } from "../../get/config.ts";
import { type Hex, hexToBytes } from "../../types/hex.ts";
import type { AgentConfig, Deployment } from "../config/interface.ts";
import { readToken } from "../config/signer.ts";
import { type GuardFiles, type OwnValidator, SignerError, type ValidatorSigner } from "../guard/interface.ts";
import { LmdbSigningGuard } from "../guard/lmdb-signing-guard.ts";
import { LocalSigner } from "../guard/local-signer.ts";
import { SignerClient } from "../guard/remote/client.ts";
import { assertSigns, RemoteSigner } from "../guard/remote/signer.ts";
import type { PipelineEvents } from "../pipeline/events.ts";
import type { Clock } from "../time/interface.ts";
import type { Logger } from "../types/logger.ts";
import type { Teardown } from "./teardown.ts";

type ValidatorConfig = AgentConfig["validators"][number];

/** Where an agent, or a signer, keeps its guard. */
export function guardFilesOf({ dataDir }: { dataDir: string }): GuardFiles {
  return { path: join(dataDir, "guard", "guard.mdb"), witnessPath: join(dataDir, "guard-witness.mdb") };
}

/** Public key of a validator, as it is configured. @throws BlsError for a key that is none. */
export const publicKeyIn = ({ blsSecretKey, signer }: ValidatorConfig): Hex =>
  blsSecretKey === undefined ? (signer?.publicKey as Hex) : publicKeyOf(hexToBytes(blsSecretKey));

export const publicKeysOf = ({ validators }: AgentConfig): Hex[] => validators.map(publicKeyIn);

/** The guard of an agent, and the validators behind it. */
export interface OpenValidators {
  guard: LmdbSigningGuard;
  validators: OwnValidator[];
}

export interface ValidatorDependencies {
  bls: SignatureScheme;
  clock: Clock;
  log: Logger;
}

/**
 * Opens the guard and puts the validators' keys behind it; undefined in an agent without any. Rejects with GuardError,
 * ConfigError, or SignerError for a remote signer that answers and does not sign for this validator.
 */
export async function openValidators(
  config: AgentConfig,
  deployment: Deployment,
  dependencies: ValidatorDependencies,
  teardown: Teardown,
): Promise<OpenValidators | undefined> {
  if (config.validators.length === 0) return undefined;
  const guard = teardown.add(await LmdbSigningGuard.open(guardFilesOf(config), publicKeysOf(config)), (part) =>
    part.close(),
  );
  const validators: OwnValidator[] = [];
  for (const validator of config.validators) {
    const signer = await signerOf(validator, deployment, guard, dependencies);
    validators.push({ guard, coinbase: validator.coinbase, signer });
  }
  return { guard, validators };
}

async function signerOf(
  { blsSecretKey, signer: remote }: ValidatorConfig,
  { chainId, rollup }: Deployment,
  guard: LmdbSigningGuard,
  { bls, clock, log }: ValidatorDependencies,
): Promise<ValidatorSigner> {
  if (blsSecretKey !== undefined) {
    return new LocalSigner({ secretKey: hexToBytes(blsSecretKey), chainId, rollup }, { guard, bls });
  }
  const { url, tokenPath, timeoutMs, publicKey } = remote as NonNullable<typeof remote>;
  const client = new SignerClient({ url, token: readToken(tokenPath), timeoutMs }, clock);
  const options = { publicKey, chainId, rollup };
  try {
    await assertSigns(client, options);
  } catch (error) {
    if (!(error instanceof SignerError && error.code === "unavailable")) throw error;
    log.warn({ reason: error.message }, "the remote signer does not answer: its validator signs once it does");
  }
  return new RemoteSigner(options, { guard, bls, client });
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
