import type { Landed } from "../chain/l1.ts";
import type { L1Event } from "../l1/interface.ts";
import type { Mailbox } from "../time/mailbox.ts";
import type { Logger } from "../types/logger.ts";
import type { CheckpointData } from "../types/messages.ts";
import { digestOf } from "./checkpoint.ts";
import type { Follower } from "./follower.ts";
import type { RollupIdentity } from "./identity.ts";
import type { ChainKeeper } from "./keeper.ts";

export interface L1FollowerParts {
  keeper: ChainKeeper;
  follower: Follower;
  mailbox: Mailbox;
  identity: RollupIdentity;
  /** Asks peers for a checkpoint's data; undefined if nobody has it. */
  fetch: (slot: number) => Promise<CheckpointData | undefined>;
  log: Logger;
}

/** What is held back while a checkpoint's data is fetched: one poll's worth, as L1 is not read on meanwhile. */
type Pending = { landed: Landed } | { event: L1Event };

/**
 * Takes over what L1 shows, in order. A landed checkpoint whose data is not here holds everything behind it until the
 * data was fetched from a peer, executed and found to be what landed.
 */
export class L1Follower {
  readonly #parts: L1FollowerParts;
  readonly #pending: Pending[] = [];
  #fetching = false;

  constructor(parts: L1FollowerParts) {
    this.#parts = parts;
  }

  /** True while L1 holds checkpoints whose data this node lacks: it must neither build nor attest. */
  get isBehind(): boolean {
    return this.#pending.length > 0;
  }

  /** Looks for missing data again. Runs in the mailbox. */
  async retry(): Promise<void> {
    await this.#drain();
  }

  /** Runs in the mailbox. */
  async onEvent(event: L1Event): Promise<void> {
    if (event.type === "block") for (const landed of event.landed) this.#pending.push({ landed });
    this.#pending.push({ event });
    await this.#drain();
  }

  async #drain(): Promise<void> {
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      if ("landed" in next) {
        if ((await this.#parts.keeper.applyLanded(next.landed)) === "missing") return this.#fetch(next.landed);
      } else await this.#apply(next.event);
      this.#pending.shift();
    }
    await this.#parts.follower.retry();
  }

  async #apply(event: L1Event): Promise<void> {
    const { keeper } = this.#parts;
    if (event.type === "rewind") return keeper.applyRewind(event.ancestor);
    if (event.rolledBackTo !== undefined) await keeper.applyRollback(event.rolledBackTo);
    if (event.settled !== undefined) await keeper.applySettled(event.settled);
    await keeper.applyL1Block(event.l1);
  }

  /** Fetches outside the mailbox, so that the node goes on; takes in what came inside it. */
  #fetch(landed: Landed): void {
    if (this.#fetching) return;
    this.#fetching = true;
    const { fetch, mailbox, log, identity } = this.#parts;
    log.info({ slot: landed.slot, digest: landed.digest }, "L1 holds a checkpoint that is not here: asking peers");
    fetch(landed.slot)
      .then((data) => {
        this.#fetching = false;
        if (data === undefined) return;
        if (digestOf(identity, data.proposal) !== landed.digest) {
          return log.warn({ slot: landed.slot }, "a peer answered with another checkpoint than the one on L1");
        }
        mailbox.post(async () => {
          for (const block of data.blocks) await this.#parts.follower.onBlock(block);
          await this.#parts.follower.onProposal(data.proposal);
          await this.#drain();
        });
      })
      .catch((error: unknown) => {
        this.#fetching = false;
        log.warn({ slot: landed.slot, error: String(error) }, "fetching a checkpoint failed");
      });
  }
}
