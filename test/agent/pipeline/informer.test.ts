import { expect } from "chai";
import { EvidenceBook } from "../../../sdk/agent/pipeline/evidence.ts";
import type { ValidatorSet } from "../../../sdk/agent/sets/interface.ts";
import type { Statement } from "../../../sdk/agent/types/messages.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { SKIP_DIGEST, signingMessage } from "../../../sdk/digest/signingMessage.ts";
import { slotStart } from "../../../sdk/get/config.ts";
import { getEvents } from "../../../sdk/get/events.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { account, hardhatL1 } from "../../sdk/submit/l1.ts";
import { createWorld, type World } from "../../sdk/world/world.ts";
import { hash } from "../chain/support.ts";
import { L1Agent } from "./l1-agent.ts";
import { MemoryStore, recorder } from "./support.ts";

/** In the first half of its epoch, in which nobody asks L1 for the proposers of the next one. */
const SLOT = 5;

describe("an agent that saw validators vote for two things", () => {
  let world: World;

  before(async () => {
    world = await createWorld(await hardhatL1());
  });
  after(() => world.l1.close());

  const at = (seconds: number): number => slotStart(world.config, SLOT) + seconds;
  const said = (validator: number, kind: Statement["kind"], digest: Hex, signer = validator): Statement => ({
    kind,
    slot: SLOT,
    digest,
    signers: 1n << BigInt(validator),
    signature: BLS.sign(signingMessage(kind, { ...world, slot: SLOT }, digest), world.secretKeys[signer] as Uint8Array),
  });

  const bookOf = (store: MemoryStore): EvidenceBook => {
    const publicKeys = new Map(world.secretKeys.map((key, index) => [index, publicKeyOf(key)]));
    const set: ValidatorSet = { epoch: 0, members: 15n, quorum: 3, publicKeys };
    return new EvidenceBook({
      store,
      sets: { setOf: () => Promise.resolve(set) },
      identity: world,
      bls: BLS,
      log: recorder(),
    });
  };

  it("has those who did slashed, once each, and nobody by a vote that does not hold by itself", async () => {
    const store = new MemoryStore();
    const seen = bookOf(store);
    for (const [first, second] of [
      [said(2, "attestation", hash("a"), 3), said(2, "attestation", hash("b"))],
      [said(1, "attestation", hash("a")), said(1, "skip", SKIP_DIGEST)],
      [said(1, "attestation", hash("a")), said(1, "attestation", hash("b"))],
      [said(3, "proposal", hash("a")), said(3, "proposal", hash("b"))],
    ] as const) {
      await seen.compare(second, [first]);
    }
    // As after a restart.
    const evidence = bookOf(store);
    expect(evidence.pairs.map(({ first }) => first.signers)).to.deep.equal([2n, 8n]);
    const start = { validator: 0, held: [], evidence };
    const bystander = await L1Agent.start(world, { ...start, proposes: [], account: account(7, world.l1.provider) });
    const proposer = await L1Agent.start(world, { ...start, proposes: [SLOT], account: account(6, world.l1.provider) });
    await world.l1.provider.send("evm_mine", [at(0)]);
    expect((await bystander.act(at(2))).status, "another's slot").to.equal("stopped");
    for (const seconds of [4, 6, 8, 10]) await proposer.act(at(seconds));
    expect(proposer.journal.state.records, "transactions").to.have.length(2);
    const events = await getEvents({ provider: world.l1.provider, rollup: world.rollup }, 1, "latest");
    const slashed = events.flatMap((event) => (event.type === "validator-slashed" ? [event] : []));
    expect(slashed.map(({ index, slot }) => [index, slot])).to.deep.equal([
      [1, SLOT],
      [3, SLOT],
    ]);
    expect(bookOf(store).pairs.map(({ isOver }) => isOver)).to.deep.equal([true, true]);
  });
});
