import type { BlockHeader } from "@ethereumjs/block";

/** Fields of a child that its parent constrains. */
export interface ChildHeader {
  number: bigint;
  /** Unix seconds. */
  timestamp: bigint;
  gasLimit: bigint;
  baseFeePerGas: bigint;
}

const MIN_GAS_LIMIT = 5_000n;
/** A block's gas limit moves by less than this fraction of its parent's. */
const GAS_LIMIT_DIVISOR = 1_024n;

/** Why `child` cannot follow `parent`, by Ethereum's header rules; undefined if it can. */
export function headerError(parent: BlockHeader, child: ChildHeader): string | undefined {
  const number = parent.number + 1n;
  if (child.number !== number) return `block number must be ${number}, got ${child.number}`;
  if (child.timestamp <= parent.timestamp) {
    return `timestamp must be after the parent's ${parent.timestamp}, got ${child.timestamp}`;
  }
  const step = parent.gasLimit / GAS_LIMIT_DIVISOR;
  const difference =
    child.gasLimit > parent.gasLimit ? child.gasLimit - parent.gasLimit : parent.gasLimit - child.gasLimit;
  if (difference >= step || child.gasLimit < MIN_GAS_LIMIT) {
    return `gas limit must be within ${step} of the parent's ${parent.gasLimit} and at least ${MIN_GAS_LIMIT}, got ${child.gasLimit}`;
  }
  const baseFee = parent.calcNextBaseFee();
  if (child.baseFeePerGas !== baseFee) return `base fee must be ${baseFee} wei (EIP-1559), got ${child.baseFeePerGas}`;
  return undefined;
}
