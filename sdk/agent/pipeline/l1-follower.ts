import type { Kzg } from "../../blob/kzg.ts";
import type { L1View, Landed } from "../chain/state.ts";
import { isVouchedFor, vouchedUpTo } from "../chain/suspects.ts";
import type { L1Event } from "../l1/interface.ts";
import type { Mailbox } from "../time/mailbox.ts";
import type { Logger } from "../types/logger.ts";
import type { CheckpointData } from "../types/messages.ts";
import { isCheckpoint } from "./checkpoint.ts";
import type { Follower } from "./follower.ts";
import type { RollupIdentity } from "./identity.ts";
import type { ChainKeeper } from "./keeper.ts";

export interface L1FollowerParts {
  keeper: ChainKeeper;
  follower: Follower;
  mailbox: Mailbox;
  kzg: Kzg;
  identity: RollupIdentity;
  maxBlobs: number;
  /** Gets a checkpoint's data from peers or archives; undefined if nobody has it. */
  fetch: (landed: Landed) => Promise<CheckpointData | undefined>;
  log: Logger;
}

/** One step of what L1 showed, in the order in which it counts. */
type Step = { l1BlockNumber: number } & (
  | { rolledBackTo: number; l1: L1View }
  | { landed: Landed }
  /** L1 itself answers for the checkpoints up to this number: it verified or settled them. */
  | { vouchedUpTo: number }
  | { event: L1Event }
);

/** Steps held back while a checkpoint's data is fetched; beyond it L1 is not read on. About half a day of L1 blocks. */
export const MAX_HELD_BACK = 4096;

/**
 * Takes over what L1 shows, in order. What no quorum is known to have signed is not followed, until a certificate, L1
 * itself or a signed checkpoint on top of it vouches for it. A landed checkpoint whose data is not here holds everything behind it until the
 * data was fetched from a peer, executed and found to be what landed; or until L1 has it no more.
 */
export class L1Follower {
  readonly #parts: L1FollowerParts;
  #steps: Step[] = [];
  #fetching = false;

  constructor(parts: L1FollowerParts) {
    this.#parts = parts;
  }

  /** True while L1 holds checkpoints whose data this node lacks: it must neither build nor attest. */
  get isBehind(): boolean {
    return this.#steps.length > 0;
  }

  /** Steps held back. */
  get heldBack(): number {
    return this.#steps.length;
  }

  /** How far L1 was read, what is held back included; undefined when no more is to be read for now. */
  get readTo(): L1View | undefined {
    if (this.#steps.length >= MAX_HELD_BACK) return undefined;
    const last = this.#steps.at(-1);
    if (last === undefined || !("event" in last)) return this.#parts.keeper.state.l1;
    return last.event.type === "rewind" ? last.event.ancestor : last.event.l1;
  }

  /** Looks again for what has come: missing data, certificates, what blocks waited for. Runs in the mailbox. */
  async retry(): Promise<void> {
    await this.#drain();
  }

  /** Runs in the mailbox. */
  async onEvent(event: L1Event): Promise<void> {
    if (event.type === "rewind") this.#rewind(event);
    else this.#hold(event);
    await this.#drain();
  }

  #hold(event: Extract<L1Event, { type: "block" }>): void {
    const { rolledBackTo, landed, cured, settled, l1 } = event;
    const l1BlockNumber = l1.blockNumber;
    if (rolledBackTo !== undefined) {
      this.#steps = this.#steps.filter((step) => !("landed" in step) || step.landed.landing.number <= rolledBackTo);
      this.#steps.push({ l1BlockNumber, rolledBackTo, l1 });
    }
    for (const one of landed) this.#steps.push({ l1BlockNumber, landed: one });
    for (const vouchedUpTo of cured) this.#steps.push({ l1BlockNumber, vouchedUpTo });
    if (settled !== undefined) this.#steps.push({ l1BlockNumber, vouchedUpTo: settled });
    this.#steps.push({ l1BlockNumber, event });
  }

  /** What was held back of the blocks that are gone is forgotten; what was taken over is taken back in its turn. */
  #rewind(event: Extract<L1Event, { type: "rewind" }>): void {
    const { l1 } = this.#parts.keeper.state;
    const { blockNumber } = event.ancestor;
    this.#steps = this.#steps.filter((step) => step.l1BlockNumber <= blockNumber);
    if (l1.blockNumber >= blockNumber) {
      this.#steps.push({ l1BlockNumber: blockNumber, event });
    }
  }

  async #drain(): Promise<void> {
    const { keeper, follower } = this.#parts;
    // A certificate may have come for what was landed with a bad signature.
    this.#follow(vouchedUpTo(keeper.state));
    for (let next = this.#steps[0]; next !== undefined; next = this.#steps[0]) {
      if ("landed" in next) {
        if (!isVouchedFor(keeper.state, next.landed)) this.#suspect(next.landed);
        else if (this.#follow(next.landed.landing.number - 1)) continue;
        else if ((await keeper.applyLanded(next.landed)) === "missing") return this.#fetch(next.landed);
      } else if ("vouchedUpTo" in next) {
        if (this.#follow(next.vouchedUpTo)) continue;
      } else if ("event" in next) await this.#apply(next.event);
      else await keeper.applyRollback(next.rolledBackTo, next.l1);
      this.#steps.shift();
    }
    await follower.retry();
  }

  #suspect(landed: Landed): void {
    const { slot, digest, landing } = landed;
    const { number, submitter, transactionHash } = landing;
    this.#parts.log.warn(
      { slot, digest, number, submitter, transactionHash },
      "L1 holds a checkpoint that no quorum is known to have signed: it is not followed",
    );
    this.#parts.keeper.addSuspect(landed);
  }

  /** Suspects up to a number land after all, before anything that came after them. False if there are none. */
  #follow(upTo: number | undefined): boolean {
    const taken = upTo === undefined ? [] : this.#parts.keeper.takeSuspects(upTo);
    this.#steps.unshift(...taken.map((landed) => ({ l1BlockNumber: landed.landing.l1BlockNumber, landed })));
    return taken.length > 0;
  }

  async #apply(event: L1Event): Promise<void> {
    const { keeper } = this.#parts;
    if (event.type === "rewind") return keeper.applyRewind(event.ancestor, event.settled);
    if (event.settled !== undefined) await keeper.applySettled(event.settled);
    if (event.finalized !== undefined) await keeper.applyFinalized(event.finalized);
    await keeper.applyL1Block(event.l1);
  }

  /** Fetches outside the mailbox, so that the node goes on; takes in what came inside it. */
  #fetch(landed: Landed): void {
    if (this.#fetching) return;
    this.#fetching = true;
    const { fetch, mailbox, log, identity, kzg, maxBlobs } = this.#parts;
    log.info({ slot: landed.slot, digest: landed.digest }, "L1 holds a checkpoint that is not here: fetching it");
    fetch(landed)
      .then(async (data) => {
        if (data === undefined) return;
        // Nobody has signed for what a peer answers: without this it could put any blocks into our chain.
        if (!(await isCheckpoint(data, landed.digest, identity, kzg, maxBlobs))) {
          return log.warn({ slot: landed.slot }, "a peer answered with another checkpoint than the one on L1");
        }
        mailbox.post(() => this.#take(landed, data));
      })
      .catch((error: unknown) => log.warn({ slot: landed.slot, error: String(error) }, "fetching a checkpoint failed"))
      .finally(() => {
        this.#fetching = false;
      });
  }

  async #take(landed: Landed, data: CheckpointData): Promise<void> {
    const { keeper } = this.#parts;
    await this.#feed(data);
    if ((await keeper.applyLanded(landed)) === "missing") {
      // What is held of the slot is of another checkpoint, or the same blocks in other bytes.
      await keeper.discardUnsubmitted();
      await this.#feed(data);
    }
    await this.#drain();
  }

  async #feed(data: CheckpointData): Promise<void> {
    for (const block of data.blocks) await this.#parts.follower.onBlock(block);
    await this.#parts.follower.onProposal(data.proposal);
  }
}
