import { decodeBlockData } from "../../blob/blockData.ts";
import { parentDigestOf } from "../../digest/checkpoint.ts";
import { genesisState } from "../chain/genesis.ts";
import {
  type Base,
  baseOf,
  type ChainState,
  type ExecutedBlock,
  type Submitted,
  type Unsubmitted,
} from "../chain/state.ts";
import type { ExecutionEngine } from "../engine/interface.ts";
import type { CheckpointRecord, StoredState } from "../store/interface.ts";
import type { BlockProposal } from "../types/messages.ts";
import { executedBlock } from "./follower.ts";

/**
 * Rebuilds the chain state after a start. Blocks the engine lost in a crash are executed again; a checkpoint that
 * cannot be rebuilt is dropped together with all above it, and comes back from peers or L1.
 */
export async function restoreState(stored: StoredState, engine: ExecutionEngine): Promise<ChainState> {
  const fresh = genesisState(engine.genesisHash);
  const { tips, cursor } = stored;
  if (tips === undefined) return fresh;
  const records = new Map(stored.checkpoints.map((record) => [record.slot, record]));
  const blocks = Map.groupBy(stored.blocks, (block) => block.slot);
  const base = (slot: number): Base => baseAt(slot, records, fresh.settled);
  const state: ChainState = {
    ...fresh,
    l1: cursor === undefined ? fresh.l1 : { ...cursor, timestamp: 0 },
    submitted: base(tips.submitted.slot),
    settled: base(tips.settled.slot),
    finalized: base(tips.finalized.slot),
  };
  const unsettled: Submitted[] = [];
  const unsubmitted: Unsubmitted[] = [];
  for (const slot of [...blocks.keys()].sort((a, b) => a - b)) {
    if (slot <= state.settled.slot) continue;
    const entry = await entryOf(blocks.get(slot) ?? [], records.get(slot), engine);
    if (entry === undefined) break;
    const landing = records.get(slot)?.landing;
    if (landing === undefined) unsubmitted.push(entry);
    else unsettled.push({ entry, landing, base: baseOf(entry, unsettled.at(-1)?.base ?? state.settled) as Base });
  }
  return { ...state, unsettled, unsubmitted };
}

/** The end of a landed checkpoint as its record tells it. */
function baseAt(slot: number, records: ReadonlyMap<number, CheckpointRecord>, genesis: Base): Base {
  const record = records.get(slot);
  if (slot === 0 || record === undefined) return genesis;
  const { header } = record.proposal;
  return {
    slot,
    digest: parentDigestOf(record.digest),
    blockHash: header.lastBlockHash,
    blockNumber: header.lastBlockNumber,
    inboxCount: header.inboxCount,
  };
}

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
