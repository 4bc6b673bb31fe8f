/** The nodes that can stand behind the devnet's L1. */
export const L1_KINDS = ["hardhat", "anvil"] as const;
export type L1Kind = (typeof L1_KINDS)[number];

/** An L1 node whose blocks come when they are asked for. Until `holdTransactions` every transaction is mined at once. */
export interface L1Node {
  readonly url: string;
  /** From now on transactions wait for the next `mineAt`. */
  holdTransactions(): Promise<void>;
  /** Mines what waits, or an empty block, with this timestamp (Unix seconds). */
  mineAt(timestamp: number): Promise<void>;
  /** The chain as it is now, to go back to; what one returns is good until `goBack` goes back to it or before it. */
  mark(): Promise<L1Mark>;
  /** Makes the chain what it was; answers the raw transactions that are in it no more, in the order they were mined. */
  goBack(mark: L1Mark): Promise<string[]>;
  /** Takes a raw transaction for the next `mineAt`. Rejects with the node's refusal. */
  take(raw: string): Promise<void>;
}

/** A state of the chain that a node can go back to. */
export interface L1Mark {
  blockNumber: number;
  /** The node's own name for it. */
  id: unknown;
}

/** The L1 node did not start. */
export class L1StartError extends Error {
  constructor(reason: string) {
    super(`the L1 node did not start: ${reason}`);
    this.name = "L1StartError";
  }
}
