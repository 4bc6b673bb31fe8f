import secp256k1 from "secp256k1";

const SIGNATURE_LENGTH = 64;

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
  return secp256k1.ecdsaRecover(signature, Number(recovery), messageHash, false).subarray(1);
}

function recoveryBit(v: bigint, chainId: bigint | undefined): bigint {
  if (v === 0n || v === 1n) return v;
  return chainId === undefined ? v - 27n : v - (chainId * 2n + 35n);
}
