import { GuardError } from "../../../sdk/agent/guard/interface.ts";
import { LmdbSigningGuard } from "../../../sdk/agent/guard/lmdb-signing-guard.ts";
import { LocalSigner } from "../../../sdk/agent/guard/local-signer.ts";
import { publicKeyOf, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { CHAIN_ID, ROLLUP } from "../store/fixtures.ts";

// Attests slot after slot until it is killed. It starts a few slots back and picks its digests at random, as a
// restarted node that rebuilt its chain would: the guard alone keeps it from signing twice.
const [path, witnessPath, firstSlot] = process.argv.slice(2) as [string, string, string];
const secretKey = secretKeyFromSeed(new Uint8Array(32).fill(7));
const guard = await LmdbSigningGuard.open({ path, witnessPath }, [publicKeyOf(secretKey)]);
const signer = new LocalSigner({ secretKey, chainId: CHAIN_ID, rollup: ROLLUP }, { guard, bls: BLS });
for (let slot = Number(firstSlot); ; slot++) {
  const digest: Hex = `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}`;
  try {
    const signature = await signer.sign("attestation", slot, digest);
    process.stdout.write(`${JSON.stringify({ slot, digest, signature })}\n`);
  } catch (error) {
    if (!(error instanceof GuardError) || error.code !== "conflict") throw error;
  }
}
