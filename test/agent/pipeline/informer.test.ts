import { expect } from "chai";
import { Ballots, type Equivocation } from "../../../sdk/agent/pipeline/ballots.ts";
import type { Vote } from "../../../sdk/agent/types/messages.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { SKIP_DIGEST, signingMessage } from "../../../sdk/digest/signingMessage.ts";
import { slotStart } from "../../../sdk/get/config.ts";
import { getEvents } from "../../../sdk/get/events.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { account, hardhatL1 } from "../../sdk/submit/l1.ts";
import { createWorld, type World } from "../../sdk/world/world.ts";
import { hash } from "../chain/support.ts";
import { L1Agent } from "./l1-agent.ts";
import { voteOf } from "./support.ts";

/** In the first half of its epoch, in which nobody asks L1 for the proposers of the next one. */
const SLOT = 5;

describe("two votes of one validator for one slot", () => {
  const first = voteOf(1, "attestation", 5, hash("a"));
  const second = voteOf(1, "attestation", 5, hash("b"));

  it("are kept as they came, the first two, and longer than the votes of their slot", () => {
    const ballots = new Ballots(BLS);
    for (const vote of [
      first,
      first,
      second,
      voteOf(1, "skip", 5, SKIP_DIGEST),
      voteOf(2, "attestation", 5, hash("a")),
    ]) {
      ballots.add(vote);
    }
    ballots.prune(9);
    expect(ballots.equivocations).to.deep.equal([[first, second]]);
  });
});

describe("an agent that saw validators vote for two things", () => {
  let world: World;

  before(async () => {
    world = await createWorld(await hardhatL1());
  });
  after(() => world.l1.close());

  const at = (seconds: number): number => slotStart(world.config, SLOT) + seconds;
  const vote = (validatorIndex: number, kind: Vote["kind"], digest: Hex, signer = validatorIndex): Vote => ({
    kind,
    slot: SLOT,
    digest,
    validatorIndex,
    signature: BLS.sign(signingMessage(kind, { ...world, slot: SLOT }, digest), world.secretKeys[signer] as Uint8Array),
  });

  it("has the one who did slashed, once, and nobody by a vote that does not hold by itself", async () => {
    const equivocations: Equivocation[] = [
      [vote(2, "attestation", hash("a"), 3), vote(2, "attestation", hash("b"))],
      [vote(1, "attestation", hash("a")), vote(1, "skip", SKIP_DIGEST)],
      [vote(1, "attestation", hash("a")), vote(1, "attestation", hash("b"))],
    ];
    const start = { validator: 0, held: [], equivocations };
    const bystander = await L1Agent.start(world, { ...start, proposes: [], account: account(7, world.l1.provider) });
    const proposer = await L1Agent.start(world, { ...start, proposes: [SLOT], account: account(6, world.l1.provider) });
    await world.l1.provider.send("evm_mine", [at(0)]);
    expect((await bystander.act(at(2))).status, "another's slot").to.equal("stopped");
    for (const seconds of [4, 6, 8]) await proposer.act(at(seconds));
    expect(proposer.journal.state.records, "transactions").to.have.length(1);
    const events = await getEvents({ provider: world.l1.provider, rollup: world.rollup }, 1, "latest");
    const slashed = events.flatMap((event) => (event.type === "validator-slashed" ? [event] : []));
    expect(slashed.map(({ index, slot }) => [index, slot])).to.deep.equal([[1, SLOT]]);
  });
});
