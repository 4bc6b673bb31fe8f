import type { Hex } from "../../types/hex.ts";
import type { Codec } from "../messages/codec.ts";
import type { BlockProposal, CheckpointData, Equivocation } from "../types/messages.ts";
import { DiscardedRows } from "./discarded.ts";
import { DiskError, Environment } from "./environment.ts";
import {
  type ChainStore,
  type CheckpointRecord,
  type Draft,
  type StoreChanges,
  type StoredState,
  StoreError,
} from "./interface.ts";
import {
  blockRow,
  checkpointRow,
  cursorRow,
  draftRow,
  equivocationsRow,
  identityRow,
  type StoreIdentity,
  tipsRow,
} from "./rows.ts";
import { bringUp, type Schema, versionIn } from "./schema.ts";
import { assertTipsOrder } from "./tips-order.ts";

/** Raised with every change of the rows' format. */
const SCHEMA_VERSION = 1;

export interface ChainStoreOptions {
  /** The database file. */
  path: string;
  /** L1 chain id. */
  chainId: number;
  /** Address of the rollup contract. */
  rollup: Hex;
  /**
   * Final slots this far below the submitted tip are removed: what is kept is bounded by this number, or by how far L1's
   * finality is behind. Must cover what peers may still ask for.
   */
  retainSlots?: number;
}

const DEFAULT_RETAIN_SLOTS = 256;

/** The chain store on LMDB. Needs no repair after a crash: a commit is there whole or not at all. */
export class LmdbChainStore implements ChainStore {
  readonly #environment: Environment;
  readonly #retainSlots: number;
  readonly #discarded: DiscardedRows;
  /** Below this slot there is nothing any more; a commit that fails leaves what it would have removed to the next. */
  #expired = 0;

  /** @throws StoreError "in-use", "corrupt", "schema-version" or "other-chain". */
  constructor(options: ChainStoreOptions) {
    this.#retainSlots = options.retainSlots ?? DEFAULT_RETAIN_SLOTS;
    this.#environment = asStoreError(() => new Environment(options.path));
    this.#discarded = new DiscardedRows(this.#environment, (key, row, value) => this.#decode(key, row, value));
    try {
      this.#checkIdentity({
        schema: SCHEMA_VERSION,
        chainId: options.chainId,
        rollup: options.rollup.toLowerCase() as Hex,
      });
    } catch (error) {
      void this.#environment.close();
      throw error;
    }
  }

  load(): StoredState {
    return asStoreError(() => ({
      tips: this.#read(["tips"], tipsRow),
      cursor: this.#read(["cursor"], cursorRow),
      checkpoints: this.#readAll(["checkpoint"], checkpointRow),
      blocks: this.#readAll(["block"], blockRow),
    }));
  }

  async commit(changes: StoreChanges): Promise<void> {
    if (changes.tips !== undefined) assertTipsOrder(changes.tips);
    asStoreError(() => this.#environment.write(() => this.#apply(changes)));
  }

  blocksOf(slot: number): BlockProposal[] {
    return asStoreError(() => this.#readAll(["block", slot], blockRow));
  }

  checkpointOf(slot: number): CheckpointRecord | undefined {
    return asStoreError(() => this.#read(["checkpoint", slot], checkpointRow));
  }

  discarded(): BlockProposal[] {
    return asStoreError(() => this.#discarded.blocks());
  }

  discardedCheckpoint(slot: number, digest: Hex): CheckpointData | undefined {
    return asStoreError(() => this.#discarded.checkpoint(slot, digest));
  }

  equivocations(): Equivocation[] {
    return asStoreError(() => this.#read(["equivocations"], equivocationsRow)) ?? [];
  }

  draft(): Draft | undefined {
    return asStoreError(() => this.#read(["draft"], draftRow));
  }

  close(): Promise<void> {
    return this.#environment.close();
  }

  #apply(changes: StoreChanges): void {
    const { removeSlots = [] } = changes;
    for (const slot of removeSlots) this.#discarded.moveSlot(slot);
    if (removeSlots.length > 0) {
      this.#discarded.forget((changes.tips ?? this.#read(["tips"], tipsRow))?.finalized.slot ?? 0);
    }
    for (const record of changes.putCheckpoints ?? []) {
      this.#environment.put(["checkpoint", record.slot], checkpointRow.encode(record));
    }
    for (const block of changes.putBlocks ?? []) {
      this.#environment.put(["block", block.slot, block.attempt, block.index], blockRow.encode(block));
    }
    if (changes.equivocations !== undefined) {
      this.#environment.put(["equivocations"], equivocationsRow.encode([...changes.equivocations]));
    }
    if (changes.draft !== undefined) this.#environment.put(["draft"], draftRow.encode(changes.draft));
    if (changes.cursor !== undefined) this.#environment.put(["cursor"], cursorRow.encode(changes.cursor));
    if (changes.tips === undefined) return;
    this.#environment.put(["tips"], tipsRow.encode(changes.tips));
    this.#expire(Math.min(changes.tips.finalized.slot, changes.tips.submitted.slot - this.#retainSlots));
  }

  /** Removes every slot below `slot`; in steady state that is one or none. */
  #expire(slot: number): void {
    if (slot <= this.#expired) return;
    this.#expired = slot;
    for (const kind of ["checkpoint", "block"]) {
      const expired = [...this.#environment.keys([kind], slot)];
      for (const key of expired) this.#environment.remove(key);
    }
  }

  #checkIdentity(expected: StoreIdentity): void {
    asStoreError(() => bringUp(this.#environment, schemaOf(expected)));
    const held = asStoreError(() => this.#read(["identity"], identityRow)) as StoreIdentity;
    const { path } = this.#environment;
    if (held.chainId !== expected.chainId || held.rollup !== expected.rollup) {
      throw new StoreError(
        "other-chain",
        `${path}: expected rollup ${expected.rollup} on chain ${expected.chainId}, found ${held.rollup} on chain ${held.chainId}; configure another data directory`,
      );
    }
  }

  #read<T>(key: (string | number)[], row: Codec<T>): T | undefined {
    const value = this.#environment.get(key);
    return value === undefined ? undefined : this.#decode(key, row, value);
  }

  #readAll<T>(prefix: (string | number)[], row: Codec<T>): T[] {
    return [...this.#environment.entries(prefix)].map(({ key, value }) => this.#decode(key, row, value));
  }

  #decode<T>(key: unknown[], row: Codec<T>, value: Uint8Array): T {
    const result = row.decode(value);
    if (result.ok) return result.value;
    throw new DiskError("unreadable", `${this.#environment.path}: row ${JSON.stringify(key)}: ${result.reason}`);
  }
}

const ANEW = "move the file away and let the agent sync anew (keep the signing guard)";

/** A store without its identity is new: it is written before anything else. */
const schemaOf = (identity: StoreIdentity): Schema => ({
  version: SCHEMA_VERSION,
  read(environment) {
    const row = environment.get(["identity"]);
    return row && versionIn(row, environment);
  },
  write(environment) {
    if (environment.get(["identity"]) === undefined) environment.put(["identity"], identityRow.encode(identity));
  },
  // The first change has its step here, under 1; it notes the new version in the identity.
  steps: {},
});

/** What the disk says, with what the operator can do about it. */
function asStoreError<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    if (error.code === "schema-version") throw new StoreError(error.code, `${error.message}; or ${ANEW}`);
    if (error.code !== "unreadable") throw new StoreError(error.code, error.message);
    throw new StoreError("corrupt", `${error.message}; ${ANEW}`);
  }
}
