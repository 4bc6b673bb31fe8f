const GWEI = 10n ** 9n;
const BLOB_GAS = 131_072n;
/** Half of a slashed bond is burned. */
const BURN_FACTOR = 2n;
/** One bond can be behind two checkpoints, those of a batch, before anybody can answer. */
const SPOILT_SLOTS = 2n;

/** Up to this price of gas, and of blob gas, a bond pays for the damage; wei. */
export const BOND_GAS_PRICE_WEI = 200n * GWEI;

/** Measured gas that a bond has to pay for. */
export interface BondGas {
  /** The dearest challenge or cure of what can land behind one bond. */
  answer: number;
  /** Landing one checkpoint, without its blobs. */
  landing: number;
}

/**
 * The least bond, wei: what is left of it when half is burned pays for the dearest answer, and for what the proposers of
 * the slots that were spoilt lose: the reward, and a landing with as many blobs as there may be.
 */
export function leastBondWei(
  gas: BondGas,
  { rewardWei, maxBlobsPerCheckpoint }: { rewardWei: bigint; maxBlobsPerCheckpoint: number },
): bigint {
  const landingGas = BigInt(gas.landing) + BigInt(maxBlobsPerCheckpoint) * BLOB_GAS;
  const lossWei = rewardWei + landingGas * BOND_GAS_PRICE_WEI;
  return BURN_FACTOR * (BigInt(gas.answer) * BOND_GAS_PRICE_WEI + SPOILT_SLOTS * lossWei);
}
