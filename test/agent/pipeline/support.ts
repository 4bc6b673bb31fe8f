import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import type { ChainReader, ExecutionEngine } from "../../../sdk/agent/engine/interface.ts";
import {
  GuardError,
  type GuardRow,
  type SigningGuard,
  type ValidatorSigner,
} from "../../../sdk/agent/guard/interface.ts";
import type { Mempool } from "../../../sdk/agent/mempool/interface.ts";
import { type PipelineEvent, PipelineEvents } from "../../../sdk/agent/pipeline/events.ts";
import { ChainKeeper } from "../../../sdk/agent/pipeline/keeper.ts";
import type { ValidatorSet, ValidatorSets } from "../../../sdk/agent/sets/interface.ts";
import type { ChainStore, StoreChanges } from "../../../sdk/agent/store/interface.ts";
import type { Logger } from "../../../sdk/agent/types/logger.ts";
import type { Vote } from "../../../sdk/agent/types/messages.ts";
import { publicKeyOf, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { sign } from "../../../sdk/bls/sign.ts";
import { signingMessage } from "../../../sdk/digest/signingMessage.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { timetable } from "../chain/support.ts";

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
}

export function recorder(): Recorder {
  const lines: string[] = [];
  const write = (_fields: Record<string, unknown>, message: string): void => void lines.push(message);
  return { lines, debug: write, info: write, warn: write, error: write };
}

export interface KeeperHarness {
  keeper: ChainKeeper;
  commits: StoreChanges[];
  heads: Hex[];
  returned: Hex[][];
  events: PipelineEvent[];
}

/** A keeper over parts that only record what they were asked to do. */
export function keeperOf(initial: ChainState, commit?: ChainStore["commit"]): KeeperHarness {
  const harness: Omit<KeeperHarness, "keeper"> = { commits: [], heads: [], returned: [], events: [] };
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
  return { ...harness, keeper: new ChainKeeper(initial, { engine, mempool, store, events, timetable }) };
}
