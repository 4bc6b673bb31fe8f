import type { Base, ChainState } from "../../../sdk/agent/chain/state.ts";
import type { ChainReader, ExecutionEngine } from "../../../sdk/agent/engine/interface.ts";
import {
  GuardError,
  type GuardRow,
  type SigningGuard,
  type ValidatorSigner,
} from "../../../sdk/agent/guard/interface.ts";
import type { InboxDue, InboxView } from "../../../sdk/agent/l1/interface.ts";
import type { Mempool } from "../../../sdk/agent/mempool/interface.ts";
import { blobHashesOf, digestOf, headerOf } from "../../../sdk/agent/pipeline/checkpoint.ts";
import { type PipelineEvent, PipelineEvents } from "../../../sdk/agent/pipeline/events.ts";
import { EvidenceBook } from "../../../sdk/agent/pipeline/evidence.ts";
import { Follower } from "../../../sdk/agent/pipeline/follower.ts";
import { ChainKeeper } from "../../../sdk/agent/pipeline/keeper.ts";
import { attributesOf, type BlockRules, NO_MESSAGES } from "../../../sdk/agent/pipeline/rules.ts";
import type { ValidatorSet, ValidatorSets } from "../../../sdk/agent/sets/interface.ts";
import type {
  ChainStore,
  CheckpointRecord,
  Draft,
  L1Cursor,
  StoreChanges,
  StoredState,
} from "../../../sdk/agent/store/interface.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Timetable } from "../../../sdk/agent/time/timetable.ts";
import type { Logger } from "../../../sdk/agent/types/logger.ts";
import type {
  BlockProposal,
  CheckpointData,
  CheckpointProposal,
  Equivocation,
  Vote,
} from "../../../sdk/agent/types/messages.ts";
import type { Tips } from "../../../sdk/agent/types/tips.ts";
import { encodeBlockData } from "../../../sdk/blob/blockData.ts";
import { createKzg } from "../../../sdk/blob/kzg.ts";
import { publicKeyOf, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { sign } from "../../../sdk/bls/sign.ts";
import { parentDigestOf } from "../../../sdk/digest/checkpoint.ts";
import { signingMessage } from "../../../sdk/digest/signingMessage.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { GENESIS_HASH, hash, timetable } from "../chain/support.ts";

export const identity = { chainId: 31_337n, rollup: `0x${"cc".repeat(20)}` as Hex };

export const KEYS = Array.from({ length: 4 }, (_, i) => {
  const secretKey = secretKeyFromSeed(new Uint8Array(32).fill(i + 1));
  return { secretKey, publicKey: publicKeyOf(secretKey) };
});
const key = (index: number): (typeof KEYS)[number] => KEYS[index] as (typeof KEYS)[number];

/** Four validators; validator `slot % 4` proposes. */
export const sets: ValidatorSets = {
  setOf: (slot) => Promise.resolve(slot < 1_000 ? SET : undefined),
  proposerOf: (slot) => Promise.resolve(slot % 4),
  forget: () => {},
};
const SET: ValidatorSet = {
  epoch: 0,
  members: 15n,
  quorum: 3,
  publicKeys: new Map(KEYS.map(({ publicKey }, index) => [index, publicKey])),
};

export const signatureOf = (index: number, kind: Vote["kind"] | "block" | "proposal", slot: number, digest: Hex): Hex =>
  sign(signingMessage(kind, { ...identity, slot }, digest), key(index).secretKey);

export const voteOf = (index: number, kind: Vote["kind"], slot: number, digest: Hex): Vote => ({
  kind,
  slot,
  digest,
  validatorIndex: index,
  signature: signatureOf(index, kind, slot, digest),
});

/** A guard in memory with the real rules. */
export class MemoryGuard implements SigningGuard {
  readonly rows: GuardRow[] = [];

  record(row: GuardRow): Promise<void> {
    const votes = (kind: string): boolean => kind === "attestation" || kind === "skip";
    const held = this.rows.find(
      (other) =>
        other.validator === row.validator &&
        other.slot === row.slot &&
        (votes(row.kind) ? votes(other.kind) : other.kind === row.kind && other.sequence === row.sequence),
    );
    if (held !== undefined && (held.digest !== row.digest || held.kind !== row.kind)) {
      return Promise.reject(new GuardError("conflict", "signed otherwise", held));
    }
    this.rows.push(row);
    return Promise.resolve();
  }

  find(validator: Hex, kind: GuardRow["kind"], slot: number, sequence: string): GuardRow | undefined {
    return this.rows.find(
      (row) => row.validator === validator && row.kind === kind && row.slot === slot && row.sequence === sequence,
    );
  }
}

export function signerOf(index: number, guard: SigningGuard): ValidatorSigner {
  const { publicKey } = key(index);
  return {
    publicKey,
    async sign(kind, slot, digest, sequence = "") {
      await guard.record({ validator: publicKey, kind, slot, sequence, digest });
      return signatureOf(index, kind, slot, digest);
    },
  };
}

export interface Recorder extends Logger {
  lines: string[];
  /** What was said with each line. */
  fields: Record<string, unknown>[];
}

export function recorder(): Recorder {
  const lines: string[] = [];
  const fields: Record<string, unknown>[] = [];
  const write = (said: Record<string, unknown>, message: string): void => {
    lines.push(message);
    fields.push(said);
  };
  return { lines, fields, debug: write, info: write, warn: write, error: write };
}

export interface KeeperHarness {
  keeper: ChainKeeper;
  commits: StoreChanges[];
  heads: Hex[];
  returned: Hex[][];
  events: PipelineEvent[];
  /** Where they come from. */
  bus: PipelineEvents;
}

/** A keeper over parts that only record what they were asked to do. */
export function keeperOf(
  initial: ChainState,
  commit?: ChainStore["commit"],
  times: Timetable = timetable,
): KeeperHarness {
  const harness: Omit<KeeperHarness, "keeper" | "bus"> = { commits: [], heads: [], returned: [], events: [] };
  const engine = {
    forkchoiceUpdated: ({ headBlockHash }) => {
      harness.heads.push(headBlockHash);
      return Promise.resolve({ status: "VALID" });
    },
    getBlock: (hash) => Promise.resolve({ transactions: [`${hash}ff`] }),
  } as Partial<ExecutionEngine & ChainReader> as ExecutionEngine & ChainReader;
  const mempool = {
    onBlock: () => Promise.resolve(),
    onDiscard: (transactions) => Promise.resolve(void harness.returned.push(transactions)),
  } as Partial<Mempool> as Mempool;
  const record: ChainStore["commit"] = (changes) => Promise.resolve(void harness.commits.push(changes));
  const store = { commit: commit ?? record } as Partial<ChainStore> as ChainStore;
  const events = new PipelineEvents((error) => {
    throw error;
  });
  events.on((event) => harness.events.push(event));
  const keeper = new ChainKeeper(initial, { engine, mempool, store, events, timetable: times });
  return { ...harness, bus: events, keeper };
}

/** The chain store's rules, in memory. */
export class MemoryStore {
  readonly blocks = new Map<string, BlockProposal>();
  readonly checkpoints = new Map<number, CheckpointRecord>();
  readonly #discarded = new Map<Hex, CheckpointData>();
  #tips: Tips | undefined;
  #cursor: L1Cursor | undefined;
  #draft: Draft | undefined;
  #equivocations: Equivocation[] = [];

  commit(changes: StoreChanges): Promise<void> {
    for (const slot of changes.removeSlots ?? []) {
      const record = this.checkpoints.get(slot);
      if (record !== undefined) this.#discarded.set(record.digest, { ...record, blocks: this.blocksOf(slot) });
      this.checkpoints.delete(slot);
      for (const block of this.blocksOf(slot)) this.blocks.delete(keyOf(block));
    }
    for (const record of changes.putCheckpoints ?? []) this.checkpoints.set(record.slot, record);
    for (const block of changes.putBlocks ?? []) this.blocks.set(keyOf(block), block);
    this.#tips = changes.tips ?? this.#tips;
    this.#cursor = changes.cursor ?? this.#cursor;
    this.#draft = changes.draft ?? this.#draft;
    this.#equivocations = [...(changes.equivocations ?? this.#equivocations)];
    return Promise.resolve();
  }

  load(): StoredState {
    const blocks = [...this.blocks.values()].sort((a, b) => a.slot - b.slot || a.index - b.index);
    const checkpoints = [...this.checkpoints.values()].sort((a, b) => a.slot - b.slot);
    return { tips: this.#tips, cursor: this.#cursor, checkpoints, blocks };
  }

  equivocations(): Equivocation[] {
    return this.#equivocations;
  }

  draft(): Draft | undefined {
    return this.#draft;
  }

  checkpointOf(slot: number): CheckpointRecord | undefined {
    return this.checkpoints.get(slot);
  }

  discardedCheckpoint(_slot: number, digest: Hex): CheckpointData | undefined {
    return this.#discarded.get(digest);
  }

  blocksOf(slot: number): BlockProposal[] {
    return [...this.blocks.values()].filter((block) => block.slot === slot).sort((a, b) => a.index - b.index);
  }
}

const keyOf = (block: BlockProposal): string => `${block.slot}/${block.attempt}/${block.index}`;

export const kzg = createKzg();
export const rules: BlockRules = { timetable, gasLimit: 30_000_000n };
const ZERO_32: Hex = `0x${"00".repeat(32)}`;

export interface FollowerHarness extends KeeperHarness {
  follower: Follower;
  store: MemoryStore;
  clock: ManualClock;
  log: Recorder;
}

/** Nothing is due, whatever the slot. */
export const emptyInbox: InboxView = {
  due: (_slot, count) => ({ count, withdrawals: [], forced: [], hash: ZERO_32 }),
};

/** What a node that executes these tests' blocks would hold. */
export interface Holdings {
  inbox?: InboxView;
  /** Root of the outbox after any block. */
  outboxRoot?: Hex;
  judge?: ExecutionEngine["newPayload"];
}

/** A follower with real rules; unless told otherwise its engine finds every block valid, and inbox and outbox are empty. */
export function followerOf(
  initial: ChainState,
  nowMs: number,
  { inbox = emptyInbox, outboxRoot = ZERO_32, judge = () => Promise.resolve({ status: "VALID" }) }: Holdings = {},
): FollowerHarness {
  const store = new MemoryStore();
  const clock = new ManualClock(nowMs);
  const log = recorder();
  const harness = keeperOf(initial, (changes) => store.commit(changes));
  const engine: Partial<ExecutionEngine & ChainReader> = {
    newPayload: judge,
    getStorageAt: () => Promise.resolve(outboxRoot),
  };
  const follower = new Follower({
    keeper: harness.keeper,
    engine: engine as ExecutionEngine & ChainReader,
    store: store as Partial<ChainStore> as ChainStore,
    inbox,
    kzg,
    identity,
    rules,
    clock,
    log,
  });
  return { ...harness, follower, store, clock, log };
}

/** A checkpoint of two empty blocks on `parent`, with the blobs and the digest it really has. */
export async function checkpointOn(
  parent: Pick<Base, "digest" | "blockHash" | "blockNumber">,
  slot: number,
  variant = "",
  { outboxRoot = ZERO_32, inbox = emptyInbox }: Holdings = {},
): Promise<{ data: CheckpointData; digest: Hex; base: Pick<Base, "digest" | "blockHash" | "blockNumber"> }> {
  const coinbase: Hex = `0x${"11".repeat(20)}`;
  const share = inbox.due(slot, 0) as InboxDue;
  const blocks: BlockProposal[] = [];
  for (const index of [0, 1]) {
    const parentHash = blocks.at(-1)?.blockHash ?? parent.blockHash;
    const payload: ExecutionPayload = {
      ...attributesOf(rules, slot, index, coinbase, index === 0 ? share : NO_MESSAGES),
      parentHash,
      stateRoot: hash("state"),
      receiptsRoot: hash("receipts"),
      logsBloom: `0x${"00".repeat(256)}`,
      blockNumber: parent.blockNumber + 1 + index,
      gasUsed: 0n,
      extraData: "0x",
      baseFeePerGas: 7n,
      blockHash: hash(`b${slot}.${index}${variant}`),
      transactions: [],
    };
    const data = encodeBlockData(payload);
    const place = { slot, index, attempt: 0 as const, last: index === 1, parentHash };
    blocks.push({ ...place, blockHash: payload.blockHash, data, signature: "0x" });
  }
  const last = blocks.at(-1) as BlockProposal;
  const proposal: CheckpointProposal = {
    header: headerOf(
      slot,
      { hash: last.blockHash, number: parent.blockNumber + 2 },
      { inboxCount: share.count, outboxRoot },
      coinbase,
    ),
    parentDigest: parent.digest as Hex,
    blobHashes: await blobHashesOf(
      kzg,
      blocks.map(({ data }) => data),
      3,
    ),
    inboxHash: share.hash,
    signature: "0x",
  };
  const digest = digestOf(identity, proposal);
  const base = { digest: parentDigestOf(digest), blockHash: last.blockHash, blockNumber: parent.blockNumber + 2 };
  return { data: { blocks, proposal, certificate: undefined }, digest, base };
}

/** A gossiped block that only the bookkeeping looks at. */
export const blockProposal = (slot: number, index: number): BlockProposal => ({
  slot,
  index,
  attempt: 0,
  last: false,
  parentHash: GENESIS_HASH,
  blockHash: hash(`b${slot}.${index}`),
  data: new Uint8Array(),
  signature: "0x",
});

/** An evidence book over a store in memory, by this set of validators. */
export const evidenceOf = (store = new MemoryStore()): EvidenceBook =>
  new EvidenceBook({ store, sets, identity, bls: BLS, log: recorder() });
