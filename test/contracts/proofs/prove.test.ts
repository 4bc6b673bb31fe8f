import { expect } from "chai";
import { id } from "ethers";
import { buildLogHead, type CheckpointLog, hashLog } from "../../../sdk/build/log.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, logsIn, type TestRollup } from "../fixture.ts";
import { addressOf } from "../support/l1.ts";
import { proofOf, provenFixtureOf } from "../support/proving.ts";
import { reverts } from "../support/reverts.ts";

const load = provenFixtureOf();
const loadUnproven = fixtureOf();

const { bonded, otherBonded, unbonded, stranger, challenger, recipient } = ACCOUNTS;
const SLOT = 5;

/** Lands verified checkpoints in consecutive slots. */
async function landed(test: TestRollup, count: number): Promise<CheckpointLog[]> {
  const chain = test.chain(Array.from({ length: count }, (_, index) => SLOT + index));
  const logs: CheckpointLog[] = [];
  for (const checkpoint of chain) logs.push(...logsIn(await test.land(unbonded, [checkpoint])));
  return logs;
}

describe("prove", () => {
  it("moves the proven tip over all checkpoints between two, and tells", async () => {
    const test = await load();
    const logs = await landed(test, 3);
    const mined = await test.call(stranger, "prove", proofOf(logs[0]!, logs[2]!, addressOf(recipient)));
    expect(await test.rollup.provenNumber()).to.equal(3n);
    expect(eventsOf(mined)[0]).to.include({ type: "proven", first: 1, last: 3, prover: addressOf(recipient) });
  });

  it("goes on where the last proof ended", async () => {
    const test = await load();
    const logs = await landed(test, 3);
    await test.call(stranger, "prove", proofOf(logs[0]!, logs[0]!));
    await test.call(stranger, "prove", proofOf(logs[1]!, logs[2]!));
    expect(await test.rollup.provenNumber()).to.equal(3n);
  });

  it("takes no first but the first unproven, and no last before it", async () => {
    const test = await load();
    const [one, two, three] = (await landed(test, 3)) as [CheckpointLog, CheckpointLog, CheckpointLog];
    await reverts(test.attempt(stranger, "prove", proofOf(two, three)), "Proofs__OutOfOrder", {
      expected: 1n,
      actual: 2n,
    });
    await test.call(stranger, "prove", proofOf(one, one));
    await reverts(test.attempt(stranger, "prove", proofOf(one, three)), "Proofs__OutOfOrder", {
      expected: 2n,
      actual: 1n,
    });
    await reverts(test.attempt(stranger, "prove", proofOf(two, one)), "Proofs__OutOfOrder", {
      expected: 2n,
      actual: 1n,
    });
  });

  it("takes no log that did not land, at either end", async () => {
    const test = await load();
    const [one, two] = (await landed(test, 2)) as [CheckpointLog, CheckpointLog];
    const expected = [await test.rollup.logHash(1), await test.rollup.logHash(2)] as Hex[];
    const otherFirst = { ...one, details: { ...one.details, parent: 1n } };
    await reverts(test.attempt(stranger, "prove", proofOf(otherFirst, two)), "Proofs__LogMismatch", {
      number: 1n,
      expected: expected[0]!,
      actual: hashLog(buildLogHead(otherFirst)),
    });
    const otherLast = { ...two, details: { ...two.details, digest: id("digest") as Hex } };
    await reverts(test.attempt(stranger, "prove", proofOf(one, otherLast)), "Proofs__LogMismatch", {
      number: 2n,
      expected: expected[1]!,
      actual: hashLog(buildLogHead(otherLast)),
    });
    const above = { ...two, facts: two.facts + 1n };
    await reverts(test.attempt(stranger, "prove", proofOf(one, above)), "Proofs__LogMismatch", {
      number: 3n,
      expected: EMPTY_INBOX_HASH,
      actual: hashLog(buildLogHead(above)),
    });
  });

  it("takes no proof that the verifier does not: of another end, or for another prover", async () => {
    const test = await load();
    const [one, two] = (await landed(test, 2)) as [CheckpointLog, CheckpointLog];
    const [, , prover, proof] = proofOf(one, two);
    const refused = { first: 1n, last: 1n };
    await reverts(test.attempt(stranger, "prove", [one, one, prover, proof]), "Proofs__Invalid", refused);
    await reverts(test.attempt(stranger, "prove", [one, two, addressOf(challenger), proof]), "Proofs__Invalid", {
      first: 1n,
      last: 2n,
    });
    expect(await test.rollup.provenNumber()).to.equal(0n);
  });

  it("needs a verifier", async () => {
    const test = await loadUnproven();
    const [one] = (await landed(test, 1)) as [CheckpointLog];
    await reverts(test.attempt(stranger, "prove", proofOf(one, one)), "Proofs__NoVerifier", {});
    await reverts(test.attempt(stranger, "prune", [one]), "Proofs__NoVerifier", {});
  });

  it("does not keep a forged checkpoint from being challenged, and what replaces it is proven again", async () => {
    const test = await load();
    const [one] = (await landed(test, 1)) as [CheckpointLog];
    const parent = { inboxCount: 0, digest: `0x${one.details.digest.slice(26)}` as Hex };
    const forged = logsIn(await test.land(bonded, [test.forged({ slot: SLOT + 1, parent })]));
    await test.call(stranger, "prove", proofOf(one, forged[0]!));
    await test.call(challenger, "challenge", [forged]);
    expect(await test.rollup.provenNumber()).to.equal(1n);
    const right = await test.land(otherBonded, [test.checkpoint({ slot: SLOT + 1, parent })]);
    await test.call(stranger, "prove", proofOf(logsIn(right)[0]!, logsIn(right)[0]!));
    expect(await test.rollup.provenNumber()).to.equal(2n);
  });

  it("leaves the proven tip alone when a checkpoint above it is removed", async () => {
    const test = await load();
    const [one] = (await landed(test, 1)) as [CheckpointLog];
    await test.call(stranger, "prove", proofOf(one, one));
    const parent = { inboxCount: 0, digest: `0x${one.details.digest.slice(26)}` as Hex };
    const forged = logsIn(await test.land(bonded, [test.forged({ slot: SLOT + 1, parent })]));
    await test.call(challenger, "challenge", [forged]);
    expect(await test.rollup.provenNumber()).to.equal(1n);
  });

  it("stands when a proven checkpoint is cured, and the next proof goes on from it", async () => {
    const test = await load();
    const checkpoint = test.checkpoint({ slot: SLOT });
    const unsigned = {
      ...checkpoint,
      submission: { ...checkpoint.submission, signature: test.forged({ slot: SLOT }).submission.signature },
    };
    const [bad] = logsIn(await test.land(bonded, [unsigned]));
    await test.call(stranger, "prove", proofOf(bad!, bad!));
    await test.call(challenger, "cure", [bad, test.attest(checkpoint, [0, 1, 2])]);
    expect(await test.rollup.provenNumber()).to.equal(1n);
    const [two] = logsIn(await test.land(unbonded, [test.checkpoint({ slot: SLOT + 1, parent: checkpoint.tip })]));
    await test.call(stranger, "prove", proofOf(two!, two!));
    expect(await test.rollup.provenNumber()).to.equal(2n);
  });
});
