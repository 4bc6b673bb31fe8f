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
}

/** The L1 node did not start. */
export class L1StartError extends Error {
  constructor(reason: string) {
    super(`the L1 node did not start: ${reason}`);
    this.name = "L1StartError";
  }
}
