import { encodeBlocks } from "../../../sdk/blob/blocks.ts";
import { type BlobSidecar, type BlobWrapperVersion, createKzg, versionedHash } from "../../../sdk/blob/kzg.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

/** A real blob with its proof, and its versioned hash. */
export interface TestBlob {
  sidecar: BlobSidecar;
  hash: Hex;
}

/** Some different blobs; made once, since each costs two group operations of some 60 ms. */
export async function makeBlobs(count: number, version: BlobWrapperVersion): Promise<TestBlob[]> {
  const kzg = createKzg();
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const [blob] = encodeBlocks([new Uint8Array(100).fill(index + 1)], 1);
      if (!blob) throw new Error("a block takes a blob");
      const sidecar = await kzg.sidecar(blob, version);
      return { sidecar, hash: versionedHash(sidecar.commitment) };
    }),
  );
}
