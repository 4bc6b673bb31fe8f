import { expect } from "chai";
import { offendersOf } from "../../../sdk/agent/pipeline/evidence.ts";
import { MAX_EQUIVOCATIONS } from "../../../sdk/agent/store/interface.ts";
import type { Equivocation, Statement } from "../../../sdk/agent/types/messages.ts";
import { SKIP_DIGEST } from "../../../sdk/digest/signingMessage.ts";
import { hash } from "../chain/support.ts";
import { evidenceOf, MemoryStore, signatureOf } from "./support.ts";

const [A, B] = [hash("a"), hash("b")];
const said = (kind: Statement["kind"], digest: typeof A, signers = 2n, slot = 5): Statement => ({
  kind,
  slot,
  digest,
  signers,
  signature: "0x",
});
const signed = (kind: Statement["kind"], digest: typeof A, slot = 5): Statement => ({
  ...said(kind, digest, 2n, slot),
  signature: signatureOf(1, kind, slot, digest),
});

describe("two statements", () => {
  const cases: [name: string, first: Statement, second: Statement, offenders: bigint][] = [
    ["contradict as two proposals", said("proposal", A), said("proposal", B), 2n],
    ["contradict as two attestations", said("attestation", A), said("attestation", B), 2n],
    ["contradict as an attestation and a skip vote", said("attestation", A), said("skip", SKIP_DIGEST), 2n],
    ["accuse those alone who signed both", said("attestation", A, 7n), said("skip", SKIP_DIGEST, 14n), 6n],
    ["accuse nobody when nobody signed both", said("attestation", A, 1n), said("attestation", B, 2n), 0n],
    ["agree when they are the same", said("attestation", A), said("attestation", A), 0n],
    ["agree as proposal and attestation", said("proposal", A), said("attestation", B), 0n],
    ["agree as proposal and skip vote", said("proposal", A), said("skip", SKIP_DIGEST), 0n],
    ["agree for two slots", said("attestation", A), said("attestation", B, 2n, 6), 0n],
  ];
  for (const [name, first, second, offenders] of cases) {
    it(name, () => {
      expect(offendersOf(first, second)).to.equal(offenders);
      expect(offendersOf(second, first)).to.equal(offenders);
    });
  }
});

describe("the book of evidence", () => {
  it("keeps one pair for each validator and slot, over a restart", async () => {
    const store = new MemoryStore();
    const book = evidenceOf(store);
    await book.compare(signed("attestation", B), [signed("attestation", A)]);
    await book.compare(signed("skip", SKIP_DIGEST), [signed("attestation", A)]);
    await book.compare(signed("proposal", B, 6), [signed("proposal", A, 6)]);
    expect(evidenceOf(store).pairs.map(({ second }) => [second.kind, second.slot])).to.deep.equal([
      ["attestation", 5],
      ["proposal", 6],
    ]);
  });

  it("accuses nobody by a signature that does not hold, nor by one that is no point", async () => {
    const book = evidenceOf();
    for (const signature of [signatureOf(2, "attestation", 5, B), `0x${"ff".repeat(96)}`] as const) {
      await book.compare({ ...signed("attestation", B), signature }, [signed("attestation", A)]);
      await book.compare(signed("attestation", A), [{ ...signed("attestation", B), signature }]);
    }
    expect(book.pairs).to.deep.equal([]);
  });

  it("is bounded: what L1 has seen makes way first, then the oldest", async () => {
    const store = new MemoryStore();
    const pairs = Array.from({ length: MAX_EQUIVOCATIONS }, (_, i): Equivocation => {
      const slot = 100 + i;
      return { first: said("proposal", A, 2n, slot), second: said("proposal", B, 2n, slot), isOver: i === 7 };
    });
    await store.commit({ equivocations: pairs });
    const book = evidenceOf(store);
    await book.compare(signed("proposal", B, 901), [signed("proposal", A, 901)]);
    expect(book.pairs.map(({ first }) => first.slot)).to.not.include(107);
    await book.compare(signed("proposal", B, 902), [signed("proposal", A, 902)]);
    expect(book.pairs.map(({ first }) => first.slot)).to.not.include(100);
    expect(book.pairs).to.have.length(MAX_EQUIVOCATIONS);
    expect(book.pairs.slice(-2).map(({ first }) => first.slot)).to.deep.equal([901, 902]);
  });
});
