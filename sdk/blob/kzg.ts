import { createHash } from "node:crypto";
import { DasContextJs } from "@crate-crypto/node-eth-kzg";
import type { Hex } from "../types/hex.ts";
import { bytesToHex, hexToBytes } from "../types/hex.ts";

/** Versioned hashes start with this byte (EIP-4844). */
const VERSION = 1;

/** A blob as a transaction carries it. */
export interface BlobSidecar {
  data: Uint8Array;
  /** 48 bytes. */
  commitment: Hex;
  /** Wrapper version 0: one 48-byte proof. Wrapper version 1: 128 cell proofs of 48 bytes, concatenated. */
  proof: Hex;
}

/** 0: one proof a blob (EIP-4844). 1: cell proofs (EIP-7594, from Osaka on). */
export type BlobWrapperVersion = 0 | 1;

/**
 * KZG commitments and proofs. The synchronous pair is what ethers' `kzg` transaction option calls; the others run on
 * the libuv thread pool and keep the event loop free.
 */
export interface Kzg {
  /** The commitment, 48 bytes. */
  blobToKzgCommitment(blob: Uint8Array): Uint8Array;
  /** The proof of wrapper version 0, 48 bytes. */
  computeBlobKzgProof(blob: Uint8Array, commitment: Uint8Array): Uint8Array;
  /** Commitment of a blob, 48 bytes. */
  commit(blob: Uint8Array): Promise<Hex>;
  /** Commitment and proof or proofs; off the critical path, as attesters need the commitment only. */
  sidecar(blob: Uint8Array, version: BlobWrapperVersion): Promise<BlobSidecar>;
  /** Whether `proof` (wrapper version 0) shows that `commitment` is the blob's. */
  verify(blob: Uint8Array, commitment: Hex, proof: Hex): Promise<boolean>;
}

/** Loads the trusted setup: about two seconds and 100 MB, so make one per process. */
export function createKzg(): Kzg {
  const context = DasContextJs.create({ usePrecomp: false });
  return {
    blobToKzgCommitment: (blob) => context.blobToKzgCommitment(blob),
    computeBlobKzgProof: (blob, commitment) => context.computeBlobKzgProof(blob, commitment),
    async commit(blob) {
      return bytesToHex(await context.asyncBlobToKzgCommitment(blob));
    },
    async sidecar(data, version) {
      const commitment = await context.asyncBlobToKzgCommitment(data);
      const proof =
        version === 0
          ? await context.asyncComputeBlobKzgProof(data, commitment)
          : Buffer.concat((await context.asyncComputeCellsAndKzgProofs(data)).proofs);
      return { data, commitment: bytesToHex(commitment), proof: bytesToHex(proof) };
    },
    verify: (blob, commitment, proof) =>
      context.asyncVerifyBlobKzgProof(blob, hexToBytes(commitment), hexToBytes(proof)),
  };
}

/** Versioned hash of a commitment, as the BLOBHASH opcode gives it. */
export function versionedHash(commitment: Hex): Hex {
  const hash = createHash("sha256").update(hexToBytes(commitment)).digest();
  hash[0] = VERSION;
  return bytesToHex(hash);
}
