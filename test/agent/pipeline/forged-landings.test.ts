import { expect } from "chai";
import type { Unsubmitted } from "../../../sdk/agent/chain/state.ts";
import { parentDigestOf } from "../../../sdk/digest/checkpoint.ts";
import { getBond, getCredit } from "../../../sdk/get/bonds.ts";
import { slotStart } from "../../../sdk/get/config.ts";
import { getTips } from "../../../sdk/get/tips.ts";
import { getUnsettled } from "../../../sdk/get/unsettled.ts";
import type { StepOutcome } from "../../../sdk/submit/outcome.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ForgingSubmitter } from "../../actors/forging-submitter.ts";
import { account, anvilL1, hardhatL1, type TestL1 } from "../../sdk/submit/l1.ts";
import { GENESIS, makeCheckpoint, parentOf, type TestCheckpoint } from "../../sdk/world/checkpoints.ts";
import { createWorld, type World } from "../../sdk/world/world.ts";
import { GENESIS_HASH } from "../chain/support.ts";
import { heldAs, L1Agent, type Start } from "./l1-agent.ts";

const SLOT = 6;

const shown = (outcome: StepOutcome): string =>
  outcome.status === "sent" ? outcome.action : `${outcome.status} ${outcome.reason}`;

const nodes: [string, () => Promise<TestL1>][] = [
  ["the Hardhat network", hardhatL1],
  ["anvil", () => anvilL1("prague")],
];

for (const [name, start] of nodes) {
  describe(`agents and a forging submitter on ${name}`, () => {
    let world: World;
    let forger: ForgingSubmitter;
    /** What a quorum signed for slots 6 and 7. */
    let first: TestCheckpoint;
    let second: TestCheckpoint;
    let snapshot: unknown;

    before(async () => {
      world = await createWorld(await start());
      forger = new ForgingSubmitter(world);
      first = await makeCheckpoint(world, SLOT, GENESIS);
      second = await makeCheckpoint(world, SLOT + 1, parentOf(first));
      await world.l1.provider.send("evm_mine", [at(SLOT, 0) - 2]);
    });
    beforeEach(async () => {
      snapshot = await world.l1.provider.send("evm_snapshot", []);
    });
    afterEach(() => world.l1.provider.send("evm_revert", [snapshot]));
    after(() => world.l1.close());

    /** A time so many seconds into a slot. */
    const at = (slot: number, seconds: number): number => slotStart(world.config, slot) + seconds;
    const ref = () => ({ provider: world.l1.provider, rollup: world.rollup });
    const held = (...certified: boolean[]): Unsubmitted[] =>
      [
        heldAs(first, GENESIS, GENESIS_HASH, certified[0] ?? false),
        heldAs(second, parentOf(first), first.submission.header.lastBlockHash, certified[1] ?? false),
      ].slice(0, certified.length);
    const agentOf = (validator: number, proposes: number[], over: Partial<Start>): Promise<L1Agent> =>
      L1Agent.start(world, {
        validator,
        proposes,
        account: account(6 + validator, world.l1.provider),
        held: held(true),
        ...over,
      });
    const forgerBond = () => getBond(ref(), world.senders.bonded.address.toLowerCase() as Hex);
    const creditOf = (validator: number) =>
      getCredit(ref(), account(6 + validator, world.l1.provider).address.toLowerCase() as Hex);
    const onL1 = async () => {
      const { number, digest } = await getTips(ref());
      return { number, digest };
    };
    const tipOf = ({ submission }: TestCheckpoint): Hex => parentDigestOf(submission.digest);

    it("a forgery is not followed: the proposer challenges it and lands what was signed, in one transaction", async () => {
      const agent = await agentOf(0, [SLOT], {});
      await forger.landForgery(SLOT, GENESIS, at(SLOT, 0));
      await agent.readL1();
      expect(agent.state.suspects.map(({ landing }) => landing.number)).to.deep.equal([1]);
      expect(agent.state.submitted.slot).to.equal(0);
      expect(
        agent.state.unsubmitted.map(({ slot }) => slot),
        "nothing is lost for it",
      ).to.deep.equal([SLOT]);

      const { amountWei } = await forgerBond();
      expect(shown(await agent.act(at(SLOT, 2)))).to.equal("send");
      expect(await onL1()).to.deep.equal({ number: 1, digest: tipOf(first) });
      expect(agent.state.suspects).to.deep.equal([]);
      expect(agent.state.submitted.slot).to.equal(SLOT);
      expect(agent.harness.events.filter(({ type }) => type === "discarded")).to.deep.equal([]);
      expect((await forgerBond()).amountWei).to.equal(0n);
      expect(await creditOf(0)).to.equal(amountWei / 2n);
      expect(shown(await agent.act(at(SLOT, 4))), "nothing is left to do").to.match(/^stopped idle|^waiting in-flight/);
    });

    it("a forgery without a rival is challenged by one agent at once; another's turn comes when that one does nothing", async () => {
      await forger.landForgery(SLOT, GENESIS, at(SLOT, 0));
      const others = await Promise.all([1, 2, 3].map((validator) => agentOf(validator, [], { held: [] })));
      const turns = async (timeSec: number): Promise<string[]> => {
        const acting: string[] = [];
        for (const agent of others) acting.push(shown(await agent.act(timeSec + acting.length)));
        return acting;
      };
      await world.l1.provider.send("evm_mine", [at(SLOT, 1)]);
      expect((await turns(at(SLOT, 2))).filter((outcome) => outcome === "send")).to.have.length(1);
      expect((await onL1()).number).to.equal(0);
      const credits = await Promise.all([1, 2, 3].map(creditOf));
      expect(credits.filter((credit) => credit > 0n)).to.have.length(1);
    });

    it("forgeries stacked over slots go in one transaction, and nothing that was built here goes with them", async () => {
      const lower = await forger.landForgery(SLOT, GENESIS, at(SLOT, 10));
      await forger.landForgery(SLOT + 1, parentOf(lower), at(SLOT + 1, 0));
      const agent = await agentOf(0, [SLOT + 1], { held: held(true, true) });
      await agent.readL1();
      expect(agent.state.suspects).to.have.length(2);
      expect(shown(await agent.act(at(SLOT + 1, 2)))).to.equal("send");
      expect(await onL1()).to.deep.equal({ number: 2, digest: tipOf(second) });
      expect(agent.state.submitted.slot).to.equal(SLOT + 1);
      expect(agent.state.unsettled.map(({ landing }) => landing.number)).to.deep.equal([1, 2]);
    });

    it("a true checkpoint with a garbage signature is followed, and cured under an honest one", async () => {
      await forger.landSpoilt(first, GENESIS, at(SLOT, 0));
      const agent = await agentOf(0, [SLOT + 1], { held: held(true, true) });
      await agent.readL1();
      expect(agent.state.suspects).to.deep.equal([]);
      expect(agent.state.submitted.slot).to.equal(SLOT);

      const { amountWei } = await forgerBond();
      expect(shown(await agent.act(at(SLOT + 1, 0))), "its own checkpoint comes first").to.equal("send");
      expect(agent.state.submitted.slot).to.equal(SLOT + 1);
      const outcomes: string[] = [];
      for (const seconds of [2, 4, 6]) outcomes.push(shown(await agent.act(at(SLOT + 1, seconds))));
      expect(
        outcomes.filter((outcome) => outcome === "send"),
        outcomes.join(),
      ).to.have.length(1);
      const latest = await world.l1.provider.getBlockNumber();
      const unsettled = await getUnsettled(ref(), 1, latest);
      expect(unsettled.map(({ cured }) => cured)).to.deep.equal([true, false]);
      expect((await onL1()).number).to.equal(2);
      expect(await creditOf(0)).to.equal(amountWei / 2n);
    });

    it("a true checkpoint whose certificate is not here is followed when it comes", async () => {
      await forger.landSpoilt(first, GENESIS, at(SLOT, 0));
      const agent = await agentOf(1, [SLOT], { held: held(false) });
      expect(shown(await agent.act(at(SLOT, 2))), "its attesters may still be at it").to.equal("stopped idle");
      expect(agent.state.suspects).to.have.length(1);
      await agent.keeper.addCertificate({
        kind: "attestation",
        slot: SLOT,
        digest: first.submission.digest,
        ...first.submission.attestation,
      });
      expect(shown(await agent.act(at(SLOT, 4))), "and cured").to.equal("send");
      expect(agent.state.suspects).to.deep.equal([]);
      expect(agent.state.submitted.slot).to.equal(SLOT);
      const [cured] = await getUnsettled(ref(), 1, await world.l1.provider.getBlockNumber());
      expect(cured?.cured).to.equal(true);
    });

    it("an agent that starts again in the middle sees the forgery again, and sends nothing twice", async () => {
      await forger.landForgery(SLOT, GENESIS, at(SLOT, 0));
      const agent = await agentOf(0, [SLOT], {});
      await agent.readL1();
      const cursor = agent.harness.commits.findLast((changes) => changes.cursor !== undefined)?.cursor;
      const landedIn = agent.state.suspects[0]?.landing.l1BlockNumber as number;
      expect(cursor?.blockNumber).to.equal(landedIn - 1);

      expect(shown(await agent.act(at(SLOT, 2)))).to.equal("send");
      const l1 = { ...(cursor as { blockNumber: number; blockHash: Hex }), timestamp: 0 };
      const { journal } = agent;
      const state = {
        ...agent.state,
        l1,
        submitted: agent.state.settled,
        unsettled: [],
        suspects: [],
        unsubmitted: held(true),
      };
      const restarted = await agentOf(0, [SLOT], { journal, state });
      expect(shown(await restarted.act(at(SLOT, 4)))).to.match(/^waiting|^stopped/);
      expect(restarted.state.submitted.slot).to.equal(SLOT);
      expect(restarted.state.suspects).to.deep.equal([]);
      expect(journal.state.records).to.have.length(1);
    });

    it("an agent that is ended before its challenge is mined goes on with that one", async () => {
      await forger.landForgery(SLOT, GENESIS, at(SLOT, 0));
      const agent = await agentOf(0, [SLOT], {});
      const sent = await agent.act(at(SLOT, 2), { mine: false });
      const { journal, state } = agent;
      const restarted = await agentOf(0, [SLOT], { journal, state });
      await restarted.act(at(SLOT, 4));
      expect(sent.status).to.equal("sent");
      expect(await onL1()).to.deep.equal({ number: 1, digest: tipOf(first) });
      const attempts = journal.state.records.flatMap((record) => record.attempts);
      expect(attempts.map(({ hash }) => hash)).to.deep.equal(sent.status === "sent" ? [sent.hash] : []);
    });

    it("an agent that cannot pay for it sends nothing", async () => {
      await forger.landForgery(SLOT, GENESIS, at(SLOT, 0));
      const poor = await agentOf(0, [SLOT], { held: [], account: account(19, world.l1.provider) });
      const method = world.l1.poolsBlobs ? "anvil_setBalance" : "hardhat_setBalance";
      await world.l1.provider.send(method, [account(19, world.l1.provider).address, "0x1"]);
      // No proposal of the slot comes.
      await world.l1.provider.send("evm_mine", [at(SLOT, 1)]);
      const outcome = await poor.act(at(SLOT, 2));
      expect(shown(outcome)).to.equal("waiting not-yet");
      expect(poor.journal.state.records).to.deep.equal([]);
    });

    it("an L1 reorg that takes the challenge away brings the forgery back, and the challenge after it", async () => {
      await forger.landForgery(SLOT, GENESIS, at(SLOT, 0));
      const agent = await agentOf(0, [SLOT], {});
      // The Hardhat network has no reorgs: a state of before, and another block on it, are one.
      const forged = await world.l1.provider.send("evm_snapshot", []);
      expect(shown(await agent.act(at(SLOT, 2)))).to.equal("send");
      expect(agent.state.submitted.slot).to.equal(SLOT);
      await world.l1.provider.send("evm_revert", [forged]);
      await world.l1.provider.send("evm_mine", [at(SLOT, 3)]);
      await agent.readL1();
      expect(agent.state.suspects.map(({ landing }) => landing.number)).to.deep.equal([1]);
      expect(agent.state.submitted.slot).to.equal(0);
      expect(agent.state.unsubmitted.map(({ slot }) => slot)).to.deep.equal([SLOT]);
      expect(shown(await agent.act(at(SLOT, 6)))).to.equal("send");
      expect(await onL1()).to.deep.equal({ number: 1, digest: tipOf(first) });
      expect(agent.state.submitted.slot).to.equal(SLOT);
    });
  });
}
