import { DasContextJs } from "@crate-crypto/node-eth-kzg";

let context: DasContextJs | undefined;

/** Checks a KZG opening for the point evaluation precompile; the trusted setup is loaded at the first use. */
export function verifyKzgProof(commitment: string, z: string, y: string, proof: string): boolean {
  context ??= DasContextJs.create({ usePrecomp: false });
  try {
    return context.verifyKzgProof(bytes(commitment), bytes(z), bytes(y), bytes(proof));
  } catch {
    return false; // a malformed point or scalar is an invalid proof, as in the precompile's specification
  }
}

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), "hex"));
