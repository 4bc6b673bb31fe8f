import { verifyPossession } from "../sdk/bls/possession.ts";
import { publicKeyToSolidity, type SolidityPublicKey } from "../sdk/bls/solidity.ts";
import type { Hex } from "../sdk/types/hex.ts";

/** A validator that is there from the first slot. */
export interface GenesisValidator {
  /** Is paid the stake back; may leave. */
  owner: Hex;
  /** 192 bytes, uncompressed. */
  publicKey: Hex;
  /** Proof that the owner holds the secret key, bound to the address the rollup will have. */
  possession: Hex;
}

/** Parameters of the `Rollup` module that are different for every deployment. */
export type GenesisParameters = {
  genesisTime: number;
  genesis: { owner: Hex; publicKey: SolidityPublicKey }[];
  seed0: Hex;
  seed1: Hex;
  /** The stakes, and what the pool starts with. */
  valueWei: bigint;
};

/** The genesis set or time would make a rollup that nobody should trust; nothing was deployed. */
export class GenesisError extends Error {
  override name = "GenesisError";
}

/**
 * Checks a genesis set as `register` would, which the constructor cannot do for a hundred keys at once, and turns it
 * into parameters of the `Rollup` module.
 * @param where Chain id of L1, and the address the rollup will have: `getCreateAddress` of the deployer and the
 * nonce after the extension's.
 * @param time Start of slot 0 and of any L1 slot, Unix seconds, and an L1 slot's length: slot 0 must start with one of
 * them, or every window would be cut short by the difference.
 * @param seeds Proposer seeds of epochs 0 and 1, 32 bytes each; random, and not the deployer's choice alone.
 * @param amounts Stake of one validator, and what rewards are paid from until somebody funds the pool, wei.
 * @throws GenesisError for a proof that does not hold, a key used twice or a misaligned time, BlsError for a malformed
 * key or proof.
 */
export function genesisParameters(
  where: { chainId: bigint; rollup: Hex },
  validators: readonly GenesisValidator[],
  time: { genesisTime: number; l1SlotStart: number; l1SlotSeconds: number },
  seeds: readonly [Hex, Hex],
  amounts: { stakeWei: bigint; poolWei: bigint },
): GenesisParameters {
  requireAligned(time);
  const seen = new Set<Hex>();
  for (const { owner, publicKey, possession } of validators) {
    const key = publicKey.toLowerCase() as Hex;
    if (seen.has(key))
      throw new GenesisError(`the key ${key.slice(0, 20)}… is there twice; expected one per validator`);
    seen.add(key);
    if (!verifyPossession({ chainId: where.chainId, registry: where.rollup, owner }, publicKey, possession)) {
      throw new GenesisError(`owner ${owner}: the proof of possession is not for this key, chain and rollup`);
    }
  }
  return {
    genesisTime: time.genesisTime,
    genesis: validators.map(({ owner, publicKey }) => ({ owner, publicKey: publicKeyToSolidity(publicKey) })),
    seed0: seeds[0],
    seed1: seeds[1],
    valueWei: amounts.stakeWei * BigInt(validators.length) + amounts.poolWei,
  };
}

function requireAligned({ genesisTime, l1SlotStart, l1SlotSeconds }: Parameters<typeof genesisParameters>[2]): void {
  const off = (genesisTime - l1SlotStart) % l1SlotSeconds;
  if (off !== 0) throw new GenesisError(`genesis time ${genesisTime} is ${off} s off the start of an L1 slot`);
}
