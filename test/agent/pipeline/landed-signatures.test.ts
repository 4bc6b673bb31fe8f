import { expect } from "chai";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { LandedSignatures } from "../../../sdk/agent/pipeline/landed-signatures.ts";
import { aggregateSignatures } from "../../../sdk/bls/aggregate.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import type { LandedCheckpoint } from "../../../sdk/get/landed.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { chainOf, digestOf, hash } from "../chain/support.ts";
import { identity, sets, signatureOf } from "./support.ts";

/** A landing of slot 1 that names these signers. */
function landing(signers: number[], signature: Hex, verified = false): LandedCheckpoint {
  const bits = signers.reduce((sum, index) => sum | (1n << BigInt(index)), 0n);
  const submission = { header: { slot: 1 }, digest: digestOf(1), attestation: { signers: bits, signature } };
  return { slot: 1, verified, submission } as Partial<LandedCheckpoint> as LandedCheckpoint;
}

const aggregate = (signers: number[], digest: Hex): Hex =>
  aggregateSignatures(signers.map((index) => signatureOf(index, "attestation", 1, digest)));

function checker(state: ChainState = chainOf()): { check: LandedSignatures; pairings: () => number } {
  let pairings = 0;
  const pause = (): Promise<void> => Promise.resolve(void pairings++);
  return {
    check: new LandedSignatures({ sets, identity, bls: BLS, state: () => state, pause }),
    pairings: () => pairings,
  };
}

describe("the signature of a landed checkpoint", () => {
  it("is good if it is that of the quorum it names, each checked once", async () => {
    const { check, pairings } = checker();
    const good = landing([0, 1, 3], aggregate([0, 1, 3], digestOf(1)));
    expect(await check.isSigned(good)).to.equal(true);
    expect(await check.isSigned(good)).to.equal(true);
    expect(pairings()).to.equal(1);
  });

  it("is bad if it is of something else, of others, of too few, or no signature at all", async () => {
    const { check } = checker();
    expect(await check.isSigned(landing([0, 1, 3], aggregate([0, 1, 3], hash("other"))))).to.equal(false);
    expect(await check.isSigned(landing([0, 1, 2], aggregate([0, 1, 3], digestOf(1))))).to.equal(false);
    expect(await check.isSigned(landing([0, 1], aggregate([0, 1], digestOf(1))))).to.equal(false);
    for (const garbage of [`0x${"11".repeat(96)}`, `0x${"00".repeat(96)}`] as Hex[]) {
      expect(await check.isSigned(landing([0, 1, 3], garbage))).to.equal(false);
    }
  });

  it("needs no pairing if L1 verified it, or if it is the certificate held here", async () => {
    const { check, pairings } = checker(chainOf("certified"));
    expect(await check.isSigned(landing([0], "0x", true))).to.equal(true);
    expect(await check.isSigned(landing([0, 1, 2], "0x"))).to.equal(true);
    expect(pairings()).to.equal(0);
    expect(await check.isSigned(landing([0, 1, 3], "0x")), "other signers than the one held").to.equal(false);
  });

  it("is not judged while L1 does not tell whose it should be", async () => {
    const unknown = { setOf: () => Promise.resolve(undefined) };
    const check = new LandedSignatures({
      sets: unknown,
      identity,
      bls: BLS,
      state: chainOf,
      pause: () => Promise.resolve(),
    });
    const failure = await check.isSigned(landing([0], "0x")).catch((error: Error) => error.message);
    expect(failure).to.match(/validator set of slot 1/);
  });
});
