import { readFileSync } from "node:fs";
import { ContractFactory, type HDNodeWallet, type InterfaceAbi, id, parseEther, ZeroAddress } from "ethers";
import { publicKeyOf, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { provePossession } from "../../../sdk/bls/possession.ts";
import { publicKeyToSolidity, signatureToSolidity } from "../../../sdk/bls/solidity.ts";
import type { RollupConfig } from "../../../sdk/get/config.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hexToBytes } from "../../../sdk/types/hex.ts";
import { account, type TestL1 } from "../submit/l1.ts";
import { makeBlobs, type TestBlob } from "./blobs.ts";
import { transact } from "./transact.ts";

/** Who sends: what their bond is decides whether an attestation is verified. */
export type Sender = "bonded" | "unbonded" | "releasing";

/** A rollup on a real L1 node, with keys for every role. */
export interface World {
  l1: TestL1;
  rollup: Hex;
  chainId: bigint;
  config: RollupConfig;
  /** BLS secret keys by validator index. The last validator joins in epoch 2, the others are there from the start. */
  secretKeys: Uint8Array[];
  senders: Record<Sender, HDNodeWallet>;
  blobs: TestBlob[];
  /** Times of the deposits, ascending, Unix seconds. */
  depositTimes: number[];
}

export const GENESIS_VALIDATORS = 4;
/** First epoch of the validator that joins. */
export const JOIN_EPOCH = 2;

const TIMING = {
  l1SlotSeconds: 2,
  slotSeconds: 12,
  epochSlots: 4,
  handoffWindowSeconds: 8,
  successorWindowSeconds: 4,
  challengeWindowEpochs: 1,
  evidenceWindowEpochs: 1,
};

const LIMITS = {
  // Small, so that a full ring is among the cases.
  ringSize: 4,
  inboxLagSlots: 3,
  maxMessages: 2,
  maxBlobsPerCheckpoint: 3,
  minValidators: 1,
  maxValidators: 8,
};

const AMOUNTS = {
  stakeWei: parseEther("1"),
  bondWei: parseEther("2"),
  minDepositWei: 1_000_000_000n,
  rewardWei: parseEther("0.01"),
  gasQuota: 48_000,
  gasQuotaBatch: 17_000,
  tipWei: 1_000_000_000n,
  premiumBps: 1_000,
  premiumStepBps: 500,
  premiumMaxBps: 3_000,
};

const REWARDS = { burnBps: 1_000, capBps: 9_000, proverBps: 0, proofWindowEpochs: 0, refundWindowEpochs: 4 };
const FORCED = { maxForced: 2, maxForcedBytes: 1_024 };
/** Checkpoints that the pool can pay from the start. */
const FUNDED_REWARDS = 100n;

const NOBODY = { governor: ZeroAddress, verifier: ZeroAddress };

/**
 * Deploys a rollup whose genesis is soon, with bonds, a validator that joins later, and deposits in slots 1 to 5.
 * From here on the node mines when `mineCall` says so.
 * @param over Constants that differ from those above.
 */
export async function createWorld(l1: TestL1, over: Partial<RollupConfig> = {}): Promise<World> {
  await l1.setMinesOnArrival(true);
  const { chainId } = await l1.provider.getNetwork();
  const blobs = await makeBlobs(6, l1.blobWrapperVersion);
  const genesisTime = Math.ceil((await l1.time()) / 100) * 100 + 200;
  const config = {
    l2ChainId: 77,
    genesisTime,
    ...TIMING,
    ...LIMITS,
    ...AMOUNTS,
    ...REWARDS,
    ...FORCED,
    ...NOBODY,
    ...over,
  } as unknown as RollupConfig;
  const secretKeys = Array.from({ length: GENESIS_VALIDATORS + 1 }, (_, i) =>
    secretKeyFromSeed(hexToBytes(id(`${i}`))),
  );
  const deployer = account(0, l1.provider);
  const genesis = secretKeys.slice(0, GENESIS_VALIDATORS).map((secretKey) => ({
    owner: deployer.address,
    publicKey: publicKeyToSolidity(publicKeyOf(secretKey)),
  }));
  const rollup = await deploy(deployer, config, genesis);
  const senders = {
    bonded: account(1, l1.provider),
    unbonded: account(2, l1.provider),
    releasing: account(3, l1.provider),
  };
  const world: World = { l1, rollup, chainId, config, secretKeys, senders, blobs, depositTimes: [] };
  await l1.setMinesOnArrival(!l1.poolsBlobs);
  await transact(world, senders.bonded, "bond", [], genesisTime + 1, AMOUNTS.bondWei);
  await transact(world, senders.releasing, "bond", [], genesisTime + 2, AMOUNTS.bondWei);
  await transact(world, senders.releasing, "unbond", [], genesisTime + 3);
  await join(world, deployer, genesisTime + 4);
  for (const slot of [0, 1, 2, 2, 3, 4]) {
    const last = world.depositTimes.at(-1) ?? 0;
    const time = Math.max(genesisTime + slot * TIMING.slotSeconds + 6, last + 1);
    await transact(world, deployer, "deposit", [deployer.address], time, 5_000_000_000n);
    world.depositTimes.push(time);
  }
  return world;
}

async function deploy(deployer: HDNodeWallet, config: RollupConfig, genesis: unknown[]): Promise<Hex> {
  const extension = await create(deployer, "RollupExtension", [config]);
  const value = AMOUNTS.stakeWei * BigInt(genesis.length) + AMOUNTS.rewardWei * FUNDED_REWARDS;
  return create(deployer, "Rollup", [config, extension, genesis, id("seed 0"), id("seed 1")], value);
}

async function create(deployer: HDNodeWallet, name: string, args: unknown[], value = 0n): Promise<Hex> {
  const path = new URL(`../../../artifacts/contracts/${name}.sol/${name}.json`, import.meta.url);
  const { abi, bytecode } = JSON.parse(readFileSync(path, "utf8")) as { abi: InterfaceAbi; bytecode: string };
  const contract = await new ContractFactory(abi, bytecode, deployer).deploy(...args, { value });
  await contract.waitForDeployment();
  return (await contract.getAddress()).toLowerCase() as Hex;
}

async function join(world: World, owner: HDNodeWallet, timeSec: number): Promise<void> {
  const secretKey = world.secretKeys[GENESIS_VALIDATORS] as Uint8Array;
  const context = { chainId: world.chainId, registry: world.rollup, owner: owner.address.toLowerCase() as Hex };
  const proof = signatureToSolidity(provePossession(context, secretKey));
  const key = publicKeyToSolidity(publicKeyOf(secretKey));
  await transact(world, owner, "register", [owner.address, key, proof], timeSec, AMOUNTS.stakeWei);
}
