import { decodeBlockData } from "../../blob/blockData.ts";
import { BlobError } from "../../blob/error.ts";
import type { Kzg } from "../../blob/kzg.ts";
import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload } from "../../types/payload.ts";
import { type Place, placeBlock } from "../chain/blocks.ts";
import { fitProposal } from "../chain/proposals.ts";
import type { ExecutedBlock } from "../chain/state.ts";
import type { ChainReader, ExecutionEngine } from "../engine/interface.ts";
import type { InboxView } from "../l1/interface.ts";
import type { ChainStore } from "../store/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Logger } from "../types/logger.ts";
import type { BlockProposal, CheckpointData, CheckpointProposal } from "../types/messages.ts";
import { blobHashesOf, type Contradiction, contradiction, digestOf, outboxRootAfter } from "./checkpoint.ts";
import type { RollupIdentity } from "./identity.ts";
import type { ChainKeeper } from "./keeper.ts";
import { type BlockRules, brokenRule, NO_MESSAGES } from "./rules.ts";
import { WaitingRoom } from "./waiting.ts";

export interface FollowerParts {
  keeper: ChainKeeper;
  engine: ExecutionEngine & ChainReader;
  store: ChainStore;
  inbox: InboxView;
  kzg: Kzg;
  identity: RollupIdentity;
  rules: BlockRules;
  clock: Clock;
  log: Logger;
}

/** What became of a block, and in what it is at fault. */
type BlockJudgement =
  | { outcome: "valid"; executed: ExecutedBlock }
  | { outcome: "invalid"; code: "data" | "rule" | "forced-transactions" | "execution"; reason: string }
  | { outcome: "wait" };

/**
 * Re-executes every block and checks every checkpoint proposal before it counts, whoever made them: our own go the
 * same way. What arrives before its parent waits and is judged again after each change. Runs in the node's mailbox.
 */
export class Follower {
  readonly #parts: FollowerParts;
  readonly #waiting = new WaitingRoom();

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  /** Whether signed blocks of a slot wait here for what must come before them. */
  hasWaiting(slot: number): boolean {
    return this.#waiting.hasBlockOf(slot);
  }

  /** What waits, and what was given up. */
  get waiting(): Pick<WaitingRoom, "size" | "dropped"> {
    return this.#waiting;
  }

  /** Takes in a block whose signature was checked. */
  async onBlock(block: BlockProposal): Promise<void> {
    this.#waiting.keepBlock(block);
    await this.retry();
  }

  /** Takes in a checkpoint proposal whose signature was checked. */
  async onProposal(proposal: CheckpointProposal): Promise<void> {
    this.#waiting.keepProposal(proposal);
    await this.retry();
  }

  /**
   * Takes in a checkpoint that a quorum attested, in the place of what is held of its slot: a proposer that signed two
   * may have shown this node the other one.
   */
  async adopt({ blocks, proposal }: CheckpointData): Promise<void> {
    const { keeper, store } = this.#parts;
    const { slot } = proposal.header;
    const held = store.blocksOf(slot);
    const isHeld = held.length <= blocks.length && held.every((one, i) => isSameBlock(one, blocks[i] as BlockProposal));
    await keeper.makeRoom(slot, (blocks[0] as BlockProposal).parentHash, isHeld);
    this.#waiting.dropSlot(slot);
    for (const block of blocks) this.#waiting.keepBlock(block);
    this.#waiting.keepProposal(proposal);
    await this.retry();
  }

  /** Judges what waits again, oldest first, until nothing moves any more. */
  async retry(): Promise<void> {
    this.#waiting.prune(this.#parts.keeper.state.submitted.slot);
    for (let moved = true; moved; ) {
      moved = false;
      for (const block of this.#waiting.blocks) moved = (await this.#tryBlock(block)) || moved;
      for (const proposal of this.#waiting.proposals) moved = (await this.#tryProposal(proposal)) || moved;
    }
  }

  /** True if the block was added: others may have waited for it. */
  async #tryBlock(block: BlockProposal): Promise<boolean> {
    const { keeper, log, rules, clock } = this.#parts;
    const { state } = keeper;
    const time = { nowMs: clock.nowMs(), timetable: rules.timetable };
    const placement = placeBlock(state, { ...block, hash: block.blockHash }, time);
    if (placement.place === "orphan") return false;
    if (placement.place === "known") {
      this.#waiting.dropBlock(block);
      return false;
    }
    const fields = { slot: block.slot, index: block.index, attempt: block.attempt, hash: block.blockHash };
    if (placement.place === "refused") {
      this.#waiting.dropBlock(block);
      log.warn({ ...fields, reason: "reason" in placement.verdict ? placement.verdict.reason : "" }, "block refused");
      return false;
    }
    const judged = await this.#execute(block, placement);
    if (judged.outcome === "wait") return false;
    this.#waiting.dropBlock(block);
    if (judged.outcome === "invalid") {
      log.warn({ ...fields, code: judged.code, reason: judged.reason }, "block is invalid");
      return false;
    }
    await keeper.addBlock(judged.executed, block, placement);
    return true;
  }

  async #execute(block: BlockProposal, place: Place): Promise<BlockJudgement> {
    const share = place.place === "open" ? this.#parts.inbox.due(block.slot, place.base.inboxCount) : NO_MESSAGES;
    if (share === undefined) return { outcome: "wait" };
    const payload = decode(block.data);
    if (typeof payload === "string") return invalid("data", payload);
    if (payload.blockHash !== block.blockHash || payload.parentHash !== block.parentHash) {
      return invalid("data", "the block's data is of another block");
    }
    const broken = brokenRule(this.#parts.rules, block.slot, block.index, payload, share);
    if (broken !== undefined) return invalid("rule", broken);
    const status = await this.#parts.engine.newPayload(payload, share.forced);
    if (status.status === "SYNCING") return { outcome: "wait" };
    if (status.status === "INVALID") return invalid(status.code ?? "execution", status.reason ?? "execution failed");
    return { outcome: "valid", executed: executedBlock(block, payload) };
  }

  async #tryProposal(proposal: CheckpointProposal): Promise<boolean> {
    const { keeper, engine, store, inbox, kzg, identity, rules, log } = this.#parts;
    const { slot } = proposal.header;
    const digest: Hex = digestOf(identity, proposal);
    const fit = fitProposal(keeper.state, proposal, digest);
    if (fit.fit === "wait") return false;
    if (fit.fit === "no") return this.#refuse(slot, fit.reason, "place");
    if (fit.entry.proposed !== undefined) {
      this.#waiting.dropProposal(slot);
      return false;
    }
    const due = inbox.due(slot, fit.parent.inboxCount);
    if (due === undefined) return false;
    const datas = store.blocksOf(slot).map((block) => block.data);
    const blobHashes = await blobHashesOf(kzg, datas, rules.timetable.parameters.maxBlobsPerCheckpoint).catch(
      (error: unknown) => {
        if (error instanceof BlobError) return error.message;
        throw error;
      },
    );
    if (typeof blobHashes === "string") return this.#refuse(slot, blobHashes, "blobs");
    const outboxRoot = await outboxRootAfter(engine, proposal.header.lastBlockHash);
    const wrong = contradiction(proposal, { blobHashes, inbox: due, outboxRoot });
    if (wrong !== undefined) return this.#refuse(slot, wrong.reason, wrong.code);
    this.#waiting.dropProposal(slot);
    await keeper.addProposal(proposal, digest);
    log.debug({ slot, digest }, "checkpoint proposal accepted");
    return true;
  }

  #refuse(slot: number, reason: string, code: Contradiction["code"] | "place"): false {
    this.#waiting.dropProposal(slot);
    this.#parts.log.warn({ slot, code, reason }, "checkpoint proposal refused");
    return false;
  }
}

/** The same block in the same bytes: in others it would be other blobs, of another checkpoint. */
const isSameBlock = (one: BlockProposal, other: BlockProposal): boolean =>
  one.blockHash === other.blockHash && one.attempt === other.attempt && Buffer.compare(one.data, other.data) === 0;

const invalid = (code: Extract<BlockJudgement, { outcome: "invalid" }>["code"], reason: string): BlockJudgement => ({
  outcome: "invalid",
  code,
  reason,
});

/** What the chain rules need to know of an executed block. */
export function executedBlock(block: BlockProposal, payload: ExecutionPayload): ExecutedBlock {
  return {
    slot: block.slot,
    attempt: block.attempt,
    index: block.index,
    last: block.last,
    parentHash: block.parentHash,
    hash: block.blockHash,
    number: payload.blockNumber,
    transactionCount: payload.transactions.length,
    withdrawalCount: payload.withdrawals.length,
  };
}

function decode(data: Uint8Array): ExecutionPayload | string {
  try {
    return decodeBlockData(data);
  } catch (error) {
    if (error instanceof BlobError) return error.message;
    throw error;
  }
}
