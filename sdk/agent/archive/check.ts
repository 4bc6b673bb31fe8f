import { type Kzg, versionedHash } from "../../blob/kzg.ts";
import { BLOB_BYTES } from "../../blob/layout.ts";
import type { Hex } from "../../types/hex.ts";

/** Whether these bytes are the blob of a versioned hash, whoever gave them. */
export async function isBlobOf(kzg: Pick<Kzg, "commit">, hash: Hex, blob: Uint8Array): Promise<boolean> {
  if (blob.length !== BLOB_BYTES) return false;
  try {
    return versionedHash(await kzg.commit(blob)) === hash;
  } catch {
    // A field element above the modulus: no commitment stands for such bytes.
    return false;
  }
}
