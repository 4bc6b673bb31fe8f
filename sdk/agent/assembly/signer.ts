import { mkdirSync } from "node:fs";
import { publicKeyOf } from "../../bls/keys.ts";
import { BLS } from "../../bls/scheme.ts";
import { hexToBytes } from "../../types/hex.ts";
import { readToken, type SignerConfig } from "../config/signer.ts";
import { LmdbSigningGuard } from "../guard/lmdb-signing-guard.ts";
import { LocalSigner } from "../guard/local-signer.ts";
import { type SignerServer, startSignerServer } from "../guard/remote/server.ts";
import type { Logger } from "../types/logger.ts";
import { guardFilesOf } from "./validator.ts";

/** Starts a remote signer with a guard of its own. Rejects with ConfigError, GuardError, or what listening rejects with. */
export async function startSigner(config: SignerConfig, log: Logger): Promise<SignerServer> {
  const token = readToken(config.tokenPath);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const keys = config.keys.map(({ blsSecretKey, oneTime }) => ({ secretKey: hexToBytes(blsSecretKey), oneTime }));
  const publicKeys = keys.map(({ secretKey }) => publicKeyOf(secretKey));
  const guard = await LmdbSigningGuard.open(guardFilesOf(config), publicKeys);
  const { chainId, rollup, listen } = config;
  const signers = keys.map((key) => new LocalSigner({ ...key, chainId, rollup }, { guard, bls: BLS }));
  try {
    const server = await startSignerServer({ ...listen, token, chainId, rollup }, { signers, log });
    log.info({ url: server.url, keys: publicKeys.map((key) => key.slice(0, 18)) }, "signer started");
    return { url: server.url, stop: () => server.stop().finally(() => guard.close()) };
  } catch (error) {
    await guard.close();
    throw error;
  }
}
