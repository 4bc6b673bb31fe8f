import type { DiscardReason } from "../../sdk/agent/chain/state.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import type { ProtocolParameters } from "../../sdk/types/parameters.ts";
import type { OnL1 } from "../../test/sim/invariants/l1.ts";
import type { Sent } from "./load.ts";

/** A block on the chain on which all agents are at the end. */
export interface ChainBlock {
  hash: Hex;
  slot: number;
  transactions: readonly Hex[];
}

/** A block as one agent saw it, when it had executed it and put it on its chain. */
export interface SeenBlock {
  agent: number;
  slot: number;
  hash: Hex;
  atMs: number;
}

/** An agent began to fill a block (its seal is not known yet), or sealed it. */
export interface BuiltBlock {
  agent: number;
  slot: number;
  parentHash: Hex;
  atMs: number;
}

export interface SealedBlock {
  agent: number;
  hash: Hex;
  atMs: number;
}

/** A checkpoint that an agent discarded. */
export interface SeenDiscard {
  agent: number;
  slot: number;
  reason: DiscardReason;
  transactions: readonly Hex[];
  atMs: number;
}

/** A transaction in an L1 block that carries checkpoints. */
export interface MinedSubmission {
  slots: readonly number[];
  succeeded: boolean;
  atMs: number;
}

/** All that a run showed; every figure is read off it. Times are Unix ms of the simulation. */
export interface Recording {
  parameters: ProtocolParameters;
  genesisMs: number;
  /** Slots that count: from 1 to this. */
  slots: number;
  /** Of slot 1, 2, …: the agent that proposes for it. */
  proposers: readonly number[];
  begun: readonly BuiltBlock[];
  sealed: readonly SealedBlock[];
  seen: readonly SeenBlock[];
  discards: readonly SeenDiscard[];
  /** Oldest first. */
  chain: readonly ChainBlock[];
  landed: readonly OnL1[];
  mined: readonly MinedSubmission[];
  sent: readonly Sent[];
}

/** Start of a slot, Unix ms. */
export const startOf = ({ genesisMs, parameters }: Recording, slot: number): number =>
  genesisMs + slot * parameters.slotSeconds * 1000;
