import { expect } from "chai";
import type { ValidatorSigner } from "../../../sdk/agent/guard/interface.ts";
import { OwnVotes } from "../../../sdk/agent/pipeline/own-votes.ts";
import type { ValidatorSet } from "../../../sdk/agent/sets/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hash } from "../chain/support.ts";
import { recorder } from "./support.ts";

const KEYS: Hex[] = ["0x0a", "0x0b"];
/** The second key is of no validator of this set. */
const SET = { publicKeys: new Map([[4, KEYS[0]]]) } as Partial<ValidatorSet> as ValidatorSet;

function setUp() {
  const asked: string[] = [];
  const taken: string[] = [];
  const signers = KEYS.map(
    (publicKey): ValidatorSigner => ({
      publicKey,
      sign: (kind, slot) => {
        asked.push(`${kind} ${slot} ${publicKey}`);
        return Promise.resolve("0x");
      },
    }),
  );
  const votes = new OwnVotes({
    signers,
    events: { emit: () => {} },
    log: recorder(),
    take: ({ kind, slot, validatorIndex }) => Promise.resolve(void taken.push(`${kind} ${slot} ${validatorIndex}`)),
  });
  return { votes, asked, taken };
}

describe("what this agent's validators have voted", () => {
  it("is not asked for twice, whatever it is asked for, until its slot is forgotten", async () => {
    const { votes, asked, taken } = setUp();
    for (const slot of [1, 2]) votes.begin("attestation", slot, hash("one"), SET);
    for (const slot of [1, 2]) votes.begin("skip", slot, hash("two"), SET);
    await votes.settled();
    expect(asked).to.deep.equal(["attestation 1 0x0a", "attestation 2 0x0a"]);
    expect(taken).to.deep.equal(["attestation 1 4", "attestation 2 4"]);
    expect([1, 2, 3].map((slot) => votes.isOpen(slot))).to.deep.equal([false, false, true]);

    votes.prune(2);
    expect([1, 2, 3].map((slot) => votes.isOpen(slot))).to.deep.equal([true, false, true]);
    // The guard on disk is what keeps a forgotten slot from being signed anew.
    votes.begin("attestation", 1, hash("one"), SET);
    votes.begin("attestation", 2, hash("one"), SET);
    await votes.settled();
    expect(asked.slice(2)).to.deep.equal(["attestation 1 0x0a"]);
  });

  it("is forgotten while it is on its way without being lost", async () => {
    const { votes, taken } = setUp();
    votes.begin("skip", 1, hash("one"), SET);
    votes.prune(9);
    await votes.settled();
    expect(taken).to.deep.equal(["skip 1 4"]);
  });
});
