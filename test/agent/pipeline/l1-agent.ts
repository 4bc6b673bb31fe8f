import type { JsonRpcApiProvider } from "ethers";
import { type HDNodeWallet, ZeroAddress } from "ethers";
import { sentTogether } from "../../../sdk/agent/chain/carriers.ts";
import { genesisState } from "../../../sdk/agent/chain/genesis.ts";
import type { ChainState, Unsubmitted } from "../../../sdk/agent/chain/state.ts";
import { parametersOf } from "../../../sdk/agent/config/parameters.ts";
import type { L1Rpc } from "../../../sdk/agent/l1/contract-state.ts";
import type { L1Views } from "../../../sdk/agent/l1/endpoints/interface.ts";
import { Inbox } from "../../../sdk/agent/l1/inbox.ts";
import { Landings } from "../../../sdk/agent/l1/landings.ts";
import { L1BlockReader } from "../../../sdk/agent/l1/reader.ts";
import { Challenger } from "../../../sdk/agent/pipeline/challenger.ts";
import type { EvidenceBook } from "../../../sdk/agent/pipeline/evidence.ts";
import type { Follower } from "../../../sdk/agent/pipeline/follower.ts";
import { Informer } from "../../../sdk/agent/pipeline/informer.ts";
import type { ChainKeeper } from "../../../sdk/agent/pipeline/keeper.ts";
import { L1Follower } from "../../../sdk/agent/pipeline/l1-follower.ts";
import { LandedSignatures } from "../../../sdk/agent/pipeline/landed-signatures.ts";
import { Poker } from "../../../sdk/agent/pipeline/poker.ts";
import { Pruner } from "../../../sdk/agent/pipeline/pruner.ts";
import { Publisher, type PublisherParts } from "../../../sdk/agent/pipeline/publisher.ts";
import { type AgentRequest, simulateRequest } from "../../../sdk/agent/pipeline/requests.ts";
import { Settler } from "../../../sdk/agent/pipeline/settler.ts";
import type { ValidatorSets } from "../../../sdk/agent/sets/interface.ts";
import { L1ValidatorSets } from "../../../sdk/agent/sets/l1-sets.ts";
import type { ChainStore } from "../../../sdk/agent/store/interface.ts";
import { Mailbox } from "../../../sdk/agent/time/mailbox.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import { Timetable } from "../../../sdk/agent/time/timetable.ts";
import type { BlockProposal } from "../../../sdk/agent/types/messages.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import { createSimulator } from "../../../sdk/simulate/simulator.ts";
import type { Journal } from "../../../sdk/submit/journal/interface.ts";
import { memoryJournal } from "../../../sdk/submit/journal/memory.ts";
import { landedOn, simulateLanding } from "../../../sdk/submit/landings.ts";
import { SubmissionManager } from "../../../sdk/submit/manager.ts";
import type { StepOutcome } from "../../../sdk/submit/outcome.ts";
import { DEFAULT_POLICY } from "../../../sdk/submit/policy.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import type { Parent, TestCheckpoint } from "../../sdk/world/checkpoints.ts";
import { GENESIS_VALIDATORS, type World } from "../../sdk/world/world.ts";
import { GENESIS_HASH } from "../chain/support.ts";
import { type KeeperHarness, keeperOf, kzg, type Recorder, recorder } from "./support.ts";

export const timetableOf = ({ config }: World): Timetable =>
  new Timetable(parametersOf(config, DEVNET_PARAMETERS), config.genesisTime);

/** A checkpoint as a node holds it that has executed it, with or without its certificate. */
export function heldAs(
  { submission, blobs }: TestCheckpoint,
  parent: Parent,
  parentHash: Hex,
  certified: boolean,
): Unsubmitted {
  const { header, digest, attestation } = submission;
  const { slot } = header;
  return {
    slot,
    attempt: 0,
    blocks: [
      {
        slot,
        attempt: 0,
        index: 0,
        last: true,
        parentHash,
        hash: header.lastBlockHash,
        number: header.lastBlockNumber,
        transactionCount: 1,
        withdrawalCount: header.inboxCount - parent.inboxCount,
      },
    ],
    proposed: {
      proposal: {
        header,
        parentDigest: parent.digest,
        blobHashes: blobs.map(({ hash }) => hash),
        inboxHash: EMPTY_INBOX_HASH,
        signature: "0x",
      },
      digest,
      certificate: certified ? { kind: "attestation", slot, digest, ...attestation } : undefined,
    },
  };
}

/** What an agent starts with. */
export interface Start {
  /** Which validator it is, and with what it pays. */
  validator: number;
  account: HDNodeWallet;
  /** Slots it proposes for. */
  proposes: number[];
  held: Unsubmitted[];
  /** What validators were caught at. */
  evidence?: Pick<EvidenceBook, "pairs" | "close">;
  /** Left by an agent that was ended. */
  journal?: Journal;
  state?: ChainState;
}

/** The part of an agent that faces L1, all real but its execution engine: it holds what it was given. */
export class L1Agent {
  readonly keeper: ChainKeeper;
  readonly harness: KeeperHarness;
  readonly journal: Journal;
  readonly log: Recorder;
  readonly outcomes: StepOutcome[];
  /** As L1 names them, at the time of the newest block that was read. */
  readonly proposers: L1ValidatorSets;
  readonly #world: World;
  readonly #reader: L1BlockReader;
  readonly #follower: L1Follower;
  readonly #publisher: Publisher;
  readonly #clock: ManualClock;
  readonly #timetable: Timetable;
  readonly #proposes: number[];

  private constructor(
    world: World,
    start: Start,
    manager: SubmissionManager<AgentRequest>,
    journal: Journal,
    parts: {
      landings: Landings;
      challenger: Challenger;
      informer: Informer;
      harness: KeeperHarness;
      signatures: LandedSignatures;
    },
  ) {
    const { provider, blobWrapperVersion } = world.l1;
    const { rollup } = world;
    this.#world = world;
    this.#timetable = timetableOf(world);
    this.#proposes = start.proposes;
    this.harness = parts.harness;
    this.keeper = parts.harness.keeper;
    this.journal = journal;
    this.log = recorder();
    this.outcomes = [];
    this.#clock = new ManualClock(0);
    const identity = { chainId: world.chainId, rollup };
    this.proposers = new L1ValidatorSets({ provider, rollup }, this.#timetable, () =>
      this.#timetable.epochOf(this.#timetable.moment(this.state.l1.timestamp * 1000).submissionSlot),
    );
    this.#reader = new L1BlockReader(oneNode(provider), rollup, 1, {
      inbox: new Inbox(this.#timetable),
      landings: parts.landings,
      isSigned: (checkpoint) => parts.signatures.isSigned(checkpoint),
    });
    this.#follower = new L1Follower({
      keeper: this.keeper,
      follower: { retry: () => Promise.resolve() } as Partial<Follower> as Follower,
      mailbox: new Mailbox(8, (error) => this.log.error({ error: String(error) }, "mailbox")),
      kzg,
      identity,
      maxBlobs: 3,
      fetch: () => Promise.resolve(undefined),
      log: this.log,
    });
    const { outcomes } = this;
    const watched: PublisherParts["accounts"] = {
      get history() {
        return manager.history;
      },
      together: (checkpoints) => sentTogether([manager.history], checkpoints),
      step: async (nowSec, request) => {
        const outcome = await manager.step(nowSec, request);
        outcomes.push(outcome);
        return outcome;
      },
      close: () => manager.close(),
    };
    // Each checkpoint of a world has the one blob that comes of this block.
    const block = { data: new Uint8Array(100).fill(1) } as Partial<BlockProposal> as BlockProposal;
    this.#publisher = new Publisher({
      accounts: watched,
      store: { blocksOf: () => [block] } as Partial<ChainStore> as ChainStore,
      kzg,
      clock: this.#clock,
      timetable: this.#timetable,
      rank: () => 0,
      blobWrapperVersion,
      rollup,
      recipient: start.account.address.toLowerCase() as Hex,
      settler: new Settler({ provider, rollup, timetable: this.#timetable }),
      pruner: new Pruner({
        provider,
        rollup,
        timetable: this.#timetable,
        landings: parts.landings,
        proofWindowEpochs: world.config.verifier === ZeroAddress ? undefined : world.config.proofWindowEpochs,
      }),
      poker: new Poker({ rollup, timetable: this.#timetable, sets: this.proposers }),
      informer: parts.informer,
      challenger: parts.challenger,
      claimer: { request: () => Promise.resolve(undefined) },
      events: parts.harness.bus,
      log: this.log,
    });
  }

  static async start(world: World, start: Start): Promise<L1Agent> {
    const { provider, blobWrapperVersion, poolsBlobs } = world.l1;
    const { rollup } = world;
    const timetable = timetableOf(world);
    const identity = { chainId: world.chainId, rollup };
    const fresh = genesisState(GENESIS_HASH, { timestamp: world.config.genesisTime });
    const initial = start.state ?? { ...fresh, unsubmitted: start.held };
    const harness = keeperOf(initial, undefined, timetable);
    const landings = new Landings();
    const sets = setsOf(world);
    const signatures = new LandedSignatures({
      sets,
      identity,
      bls: BLS,
      state: () => harness.keeper.state,
      pause: () => Promise.resolve(),
    });
    const publicKeys = [publicKeyOf(world.secretKeys[start.validator] as Uint8Array)];
    const challenger = new Challenger({ provider, rollup, timetable, landings, signatures, sets, publicKeys });
    const informer = new Informer({
      provider,
      rollup,
      evidence: start.evidence ?? { pairs: [], close: () => Promise.resolve() },
      account: start.account.address.toLowerCase() as Hex,
    });
    const landing = simulateLanding(await createSimulator({ provider, rollup }), "wait");
    const journal = start.journal ?? memoryJournal();
    const manager = await SubmissionManager.create<AgentRequest>(
      { ...DEFAULT_POLICY, l1SlotSeconds: world.config.l1SlotSeconds, blobWrapperVersion, minesOnArrival: !poolsBlobs },
      {
        provider,
        signer: start.account,
        journal,
        simulate: simulateRequest(provider, landing, challenger),
        landed: landedOn(rollup),
      },
    );
    return new L1Agent(world, start, manager, journal, { landings, challenger, informer, harness, signatures });
  }

  get state(): ChainState {
    return this.keeper.state;
  }

  /** Takes in all that is new on L1. */
  async readL1(): Promise<void> {
    for (;;) {
      const { readTo } = this.#follower;
      if (readTo === undefined) return;
      const events = await this.#reader.poll(readTo);
      if (events.length === 0) return;
      for (const event of events) await this.#follower.onEvent(event);
    }
  }

  /** Reads L1, then does its duty by it at a time, which is that of the next L1 block. */
  async act(timeSec: number, { mine = true } = {}): Promise<StepOutcome> {
    await this.readL1();
    await this.#follower.retry();
    const { provider, poolsBlobs } = this.#world.l1;
    const nowSec = poolsBlobs ? timeSec - 1 : timeSec;
    if (!poolsBlobs) await provider.send("evm_setNextBlockTimestamp", [timeSec]);
    await this.#clock.advanceTo(nowSec * 1000);
    const done = this.outcomes.length;
    const moment = this.#timetable.moment(nowSec * 1000);
    this.#publisher.tick(this.state, moment, (slot) => this.#proposes.includes(slot));
    while (this.outcomes.length === done) {
      const failure = this.log.fields.find(({ error }) => error !== undefined);
      if (failure !== undefined) throw new Error(String(failure.error));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const outcome = this.outcomes.at(-1) as StepOutcome;
    if (!mine) return outcome;
    if (poolsBlobs) await provider.send("evm_mine", [timeSec]);
    else if (outcome.status !== "sent") await provider.send("evm_mine", []);
    await this.readL1();
    return outcome;
  }
}

/** L1 through one node, which is read from as it is. */
const oneNode = (provider: JsonRpcApiProvider): L1Rpc & L1Views => ({
  send: (method, params) => provider.send(method, params),
  view: (read) => read(),
});

/** The genesis set, in every epoch: the tests end before anybody joins. */
const setsOf = ({ secretKeys }: World): Pick<ValidatorSets, "setOf"> => ({
  setOf: () =>
    Promise.resolve({
      epoch: 0,
      members: (1n << BigInt(GENESIS_VALIDATORS)) - 1n,
      quorum: Math.floor((2 * GENESIS_VALIDATORS) / 3) + 1,
      publicKeys: new Map(secretKeys.slice(0, GENESIS_VALIDATORS).map((key, index) => [index, publicKeyOf(key)])),
    }),
});
