import { expect } from "chai";
import { Transaction, Wallet } from "ethers";
import type { BlobSidecar } from "../../../sdk/blob/kzg.ts";
import { withBlobs } from "../../../sdk/submit/blob-envelope.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

const WALLET = new Wallet(`0x${"11".repeat(32)}`);
const CELLS = 128;

const point = (byte: number): string => (byte % 256).toString(16).padStart(2, "0").repeat(48);

function sidecar(at: number, version: 0 | 1): BlobSidecar {
  const proofs = Array.from({ length: version === 0 ? 1 : CELLS }, (_, i) => point(at + i));
  const data = Uint8Array.from({ length: 131_072 }, (_, i) => (i * 31 + at) % 256);
  return { data, commitment: `0x${point(at)}`, proof: `0x${proofs.join("")}` };
}

async function signed(blobs: number, dataBytes: number): Promise<Transaction> {
  const raw = await WALLET.signTransaction({
    type: 3,
    chainId: 1,
    nonce: 300,
    to: WALLET.address,
    data: `0x${"ab".repeat(dataBytes)}`,
    maxFeePerGas: 1n,
    maxFeePerBlobGas: 1n,
    blobVersionedHashes: Array.from({ length: blobs }, (_, i) => `0x01${String(i).repeat(2).padEnd(62, "0")}`),
  });
  return Transaction.from(raw);
}

describe("a blob transaction with its blobs", () => {
  it("is the same as the library's, in both versions, whatever its length", async () => {
    for (const version of [0, 1] as const) {
      for (const [blobs, dataBytes] of [
        [1, 0],
        [2, 70_000],
      ] as const) {
        const transaction = await signed(blobs, dataBytes);
        const raw = transaction.serialized as Hex;
        const sidecars = Array.from({ length: blobs }, (_, i) => sidecar(7 * i + 1, version));
        // Set like this, a library would compute the hashes anew: they are set again afterwards.
        const hashes = transaction.blobVersionedHashes;
        transaction.blobs = sidecars;
        transaction.blobVersionedHashes = hashes;
        transaction.blobWrapperVersion = version === 0 ? null : version;
        expect(withBlobs(raw, sidecars, version) === transaction.serialized, `version ${version}`).to.equal(true);
      }
    }
  });
});
