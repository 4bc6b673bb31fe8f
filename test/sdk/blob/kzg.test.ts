import { expect } from "chai";
import { Transaction, Wallet } from "ethers";
import { encodeBlocks } from "../../../sdk/blob/blocks.ts";
import { createKzg, versionedHash } from "../../../sdk/blob/kzg.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

const kzg = createKzg();
const [blob] = encodeBlocks([new Uint8Array(1000).fill(7)], 1) as [Uint8Array];
const [other] = encodeBlocks([new Uint8Array(1000).fill(8)], 1) as [Uint8Array];

describe("createKzg", function () {
  this.timeout(30_000);

  it("commits to the zero blob as EIP-4844 says: infinity, whose versioned hash is known", async () => {
    const commitment = await kzg.commit(new Uint8Array(blob.length));
    expect(commitment).to.equal(`0xc0${"00".repeat(47)}`);
    expect(versionedHash(commitment)).to.equal("0x010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014");
  });

  it("proves its own commitments and no other", async () => {
    const { commitment, proof } = await kzg.sidecar(blob, 0);
    expect(await kzg.verify(blob, commitment, proof)).to.equal(true);
    expect(await kzg.verify(other, commitment, proof)).to.equal(false);
  });

  it("gives 128 cell proofs for wrapper version 1, under the same commitment", async () => {
    const [single, cells] = await Promise.all([kzg.sidecar(blob, 0), kzg.sidecar(blob, 1)]);
    expect(cells.commitment).to.equal(single.commitment);
    expect((cells.proof.length - 2) / 2).to.equal(128 * 48);
  });

  it("serves as ethers' kzg library: the transaction carries our versioned hash", async () => {
    const transaction = Transaction.from({
      type: 3,
      chainId: 1,
      to: Wallet.createRandom().address,
      kzg,
      blobs: [blob],
    });
    expect(transaction.blobVersionedHashes).to.deep.equal([versionedHash(await kzg.commit(blob))]);
    expect(transaction.blobs?.[0]?.proof).to.equal((await kzg.sidecar(blob, 0)).proof);
  });

  it("refuses a blob that is no blob", async () => {
    const outcome = await kzg.commit(new Uint8Array(31)).then(
      (commitment: Hex) => commitment,
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(Error);
  });
});
