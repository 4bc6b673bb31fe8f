import type { BlockTag, Result } from "ethers";
import { publicKeyFromSolidity } from "../bls/solidity.ts";
import type { Hex } from "../types/hex.ts";
import { type RollupRef, view } from "./view.ts";

/** The validators of one epoch. */
export interface EpochSet {
  /** Bit i is set iff the validator with index i is a member. */
  members: bigint;
  count: number;
  /** Sum of the members' keys, 192 bytes; undefined for an empty set. */
  aggregateKey: Hex | undefined;
}

/** A validator as registered. */
export interface RegisteredValidator {
  index: number;
  owner: Hex;
  /** First epoch it is a member. */
  fromEpoch: number;
  /** First epoch it is a member no more; 0 while it is not leaving. */
  untilEpoch: number;
  /** Whether its stake was taken. */
  slashed: boolean;
  /** 192 bytes. */
  publicKey: Hex;
}

/**
 * Index of the only validator that may propose for a slot.
 * @throws GetError "reverted" (`Validators__SeedUnknown`) while the epoch's seed is not fixed.
 */
export async function getProposer(ref: RollupRef, slot: number, at: BlockTag = "latest"): Promise<number> {
  const [index] = (await view(ref, "proposerOf", [slot], at)) as unknown as [bigint];
  return Number(index);
}

/** The attesting set of an epoch; for more than one epoch ahead of now it may still change. */
export async function getValidatorSet(ref: RollupRef, epoch: number, at: BlockTag = "latest"): Promise<EpochSet> {
  const [members, count, key] = (await view(ref, "validatorSet", [epoch], at)) as unknown as [bigint, bigint, Result];
  return {
    members,
    count: Number(count),
    aggregateKey: count === 0n ? undefined : publicKeyFromSolidity(key.toArray()),
  };
}

/** A validator by its index; undefined if there is none. */
export async function getValidator(
  ref: RollupRef,
  index: number,
  at: BlockTag = "latest",
): Promise<RegisteredValidator | undefined> {
  const result = (await view(ref, "validator", [index], at)) as unknown as [string, bigint, bigint, boolean, Result];
  const [owner, fromEpoch, untilEpoch, slashed, key] = result;
  if (BigInt(owner) === 0n) return undefined;
  return {
    index,
    owner: owner.toLowerCase() as Hex,
    fromEpoch: Number(fromEpoch),
    untilEpoch: Number(untilEpoch),
    slashed,
    publicKey: publicKeyFromSolidity(key.toArray()),
  };
}

/** The members of an epoch's set with their keys, ascending by index. */
export async function getMembers(
  ref: RollupRef,
  epoch: number,
  at: BlockTag = "latest",
): Promise<RegisteredValidator[]> {
  const { members } = await getValidatorSet(ref, epoch, at);
  const indices = Array.from({ length: 256 }, (_, index) => index).filter((index) => (members >> BigInt(index)) & 1n);
  const validators = await Promise.all(indices.map((index) => getValidator(ref, index, at)));
  return validators.filter((validator) => validator !== undefined);
}
