import { decodeBlockData } from "../../blob/blockData.ts";
import { parentDigestOf } from "../../digest/checkpoint.ts";
import type { Hex } from "../../types/hex.ts";
import { genesisState } from "../chain/genesis.ts";
import type { Base, ChainState, ExecutedBlock, SlotRecord, Submitted, Unsubmitted } from "../chain/state.ts";
import { tipsOf } from "../chain/tips.ts";
import type { ExecutionEngine } from "../engine/interface.ts";
import { type ChainStore, type CheckpointRecord, type StoredState, StoreError } from "../store/interface.ts";
import type { BlockProposal } from "../types/messages.ts";
import { executedBlock } from "./follower.ts";

const ZERO_HASH: Hex = `0x${"00".repeat(32)}`;

/**
 * Rebuilds the chain state after a start, and lets the disk and the engine agree with it. Blocks the engine lost in a
 * crash are executed again; a checkpoint that cannot be rebuilt is dropped together with all above it, and comes back
 * from peers; where it had landed, L1 is read again from there.
 * @throws StoreError "corrupt" if the engine or the disk lacks what is final.
 */
export async function restoreChain(
  store: Pick<ChainStore, "load" | "commit">,
  engine: ExecutionEngine,
): Promise<ChainState> {
  const stored = store.load();
  const state = await restoreState(stored, engine);
  const tips = tipsOf(state);
  const landed = [...state.unfinalized, ...state.unsettled].map(({ entry }) => entry);
  const kept = new Set([...landed, ...state.unsubmitted].map(({ slot }) => slot));
  const held = [...stored.blocks, ...stored.checkpoints].map(({ slot }) => slot);
  const removeSlots = [...new Set(held)].filter((slot) => slot > state.finalized.slot && !kept.has(slot));
  if (removeSlots.length > 0) await store.commit({ tips, cursor: state.l1, removeSlots });
  const { status, reason } = await engine.forkchoiceUpdated({
    headBlockHash: tips.head.blockHash,
    safeBlockHash: tips.submitted.blockHash,
    finalizedBlockHash: tips.finalized.blockHash,
  });
  if (status === "VALID") return state;
  throw new StoreError(
    "corrupt",
    `the engine's database lacks final block ${tips.head.blockNumber} ${tips.head.blockHash}: ${reason ?? status}; move both databases away and let the agent sync anew (keep the signing guard)`,
  );
}

/**
 * Transactions that users were shown in blocks which are no longer part of the chain, in their old order: a pool is in
 * memory, and forgets them with a crash. Those that have been included since, the pool finds out.
 */
export const shownTransactions = (store: Pick<ChainStore, "discarded">): Hex[] =>
  store.discarded().flatMap(({ data }) => decodeBlockData(data).transactions);

async function restoreState(stored: StoredState, engine: ExecutionEngine): Promise<ChainState> {
  const fresh = genesisState(engine.genesisHash);
  const { tips, cursor } = stored;
  if (tips === undefined) return fresh;
  const records = new Map(stored.checkpoints.map((record) => [record.slot, record]));
  const blocks = Map.groupBy(stored.blocks, (block) => block.slot);
  const finalized = tips.finalized.slot === 0 ? fresh.finalized : baseOfRecord(records.get(tips.finalized.slot));
  let l1 = cursor === undefined ? fresh.l1 : { ...cursor, timestamp: 0 };
  const landed: Submitted[] = [];
  const unsubmitted: Unsubmitted[] = [];
  for (const slot of [...blocks.keys()].sort((a, b) => a - b)) {
    if (slot <= finalized.slot) continue;
    const entry = await entryOf(blocks.get(slot) ?? [], records.get(slot), engine);
    const landing = records.get(slot)?.landing;
    if (entry === undefined) {
      // A hash that no block has: the reader looks for the last one it can be sure of.
      if (landing !== undefined) l1 = { blockNumber: landing.l1BlockNumber - 1, blockHash: ZERO_HASH, timestamp: 0 };
      break;
    }
    if (landing === undefined) unsubmitted.push(entry);
    else landed.push({ entry, landing, base: baseOfRecord(records.get(slot)) });
  }
  const isSettled = ({ base }: Submitted): boolean => base.slot <= tips.settled.slot;
  const unfinalized = landed.filter(isSettled);
  const settled = unfinalized.at(-1)?.base ?? finalized;
  const unsettled = landed.slice(unfinalized.length);
  const submitted = landed.at(-1)?.base ?? finalized;
  const slots = unsubmitted.map(slotRecordOf);
  return { ...fresh, l1, submitted, settled, finalized, unfinalized, unsettled, unsubmitted, slots };
}

/** The end of a landed checkpoint as its record tells it. @throws StoreError "corrupt" if there is none. */
function baseOfRecord(record: CheckpointRecord | undefined): Base {
  if (record === undefined) {
    throw new StoreError("corrupt", "the record of the finalized checkpoint is missing; let the agent sync anew");
  }
  const { header } = record.proposal;
  return {
    slot: record.slot,
    digest: parentDigestOf(record.digest),
    blockHash: header.lastBlockHash,
    blockNumber: header.lastBlockNumber,
    inboxCount: header.inboxCount,
  };
}

/** What a held checkpoint tells of its slot. */
const slotRecordOf = ({ slot, attempt, blocks, proposed }: Unsubmitted): SlotRecord => ({
  slot,
  attested: proposed?.certificate,
  skipped: undefined,
  stoodOn: undefined,
  buildableMs: undefined,
  parents: { [attempt]: blocks[0]?.parentHash },
});

async function entryOf(
  proposals: BlockProposal[],
  record: CheckpointRecord | undefined,
  engine: ExecutionEngine,
): Promise<Unsubmitted | undefined> {
  const executed: ExecutedBlock[] = [];
  for (const proposal of proposals) {
    const payload = decodeBlockData(proposal.data);
    if ((await engine.newPayload(payload)).status !== "VALID") return undefined;
    executed.push(executedBlock(proposal, payload));
  }
  const first = proposals[0];
  if (first === undefined) return undefined;
  return {
    slot: first.slot,
    attempt: first.attempt,
    blocks: executed,
    proposed: record && { proposal: record.proposal, digest: record.digest, certificate: record.certificate },
  };
}
