import type { SigningContext } from "../../digest/signingMessage.ts";
import type { Hex } from "../../types/hex.ts";

/** Which rollup this node is part of: goes into every digest and signature. */
export interface RollupIdentity {
  /** L1 chain id. */
  chainId: bigint;
  rollup: Hex;
}

export const contextOf = (identity: RollupIdentity, slot: number): SigningContext => ({ ...identity, slot });
