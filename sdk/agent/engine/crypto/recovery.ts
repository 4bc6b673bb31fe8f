import secp256k1 from "secp256k1";
import { GenerationCache } from "../state/generation-cache.ts";

const SIGNATURE_LENGTH = 64;
/** Signatures per generation, of some 300 bytes each: what was pooled is read again when its block comes. */
const RECOVERED_GENERATION = 8_192;

/** By message, recovery bit and signature. */
const recovered = new GenerationCache<string, Uint8Array>(RECOVERED_GENERATION);

/**
 * Recovers the public key (64 bytes, no prefix) that signed `messageHash`; the shape ethereumjs expects of a custom
 * `ecrecover`. `v` is 0 or 1, 27 or 28, or carries the chain id as in EIP-155. Throws on an invalid signature.
 */
export function recoverPublicKey(
  messageHash: Uint8Array,
  v: bigint,
  r: Uint8Array,
  s: Uint8Array,
  chainId?: bigint,
): Uint8Array {
  const recovery = recoveryBit(v, chainId);
  if (recovery !== 0n && recovery !== 1n) throw new Error(`signature recovery bit must be 0 or 1, got ${recovery}`);
  const signature = new Uint8Array(SIGNATURE_LENGTH);
  signature.set(r, 32 - r.length);
  signature.set(s, 64 - s.length);
  const key = Buffer.concat([messageHash, signature, Uint8Array.of(Number(recovery))]).toString("latin1");
  const known = recovered.get(key);
  if (known !== undefined) return known.slice();
  const publicKey = secp256k1.ecdsaRecover(signature, Number(recovery), messageHash, false).slice(1);
  recovered.set(key, publicKey);
  return publicKey.slice();
}

function recoveryBit(v: bigint, chainId: bigint | undefined): bigint {
  if (v === 0n || v === 1n) return v;
  return chainId === undefined ? v - 27n : v - (chainId * 2n + 35n);
}
