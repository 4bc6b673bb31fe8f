import type { SnapshotRestorer } from "@nomicfoundation/hardhat-network-helpers/types";
import { type HDNodeWallet, Interface, id, parseEther } from "ethers";
import hre from "hardhat";
import { ROLLUP_ABI } from "../../sdk/abi/generated/rollup.ts";
import { provePossession } from "../../sdk/bls/possession.ts";
import { signatureToSolidity } from "../../sdk/bls/solidity.ts";
import { buildLog, buildSettlement, type CheckpointLog } from "../../sdk/build/log.ts";
import { signingMessage } from "../../sdk/digest/signingMessage.ts";
import type { RollupConfig } from "../../sdk/get/config.ts";
import { decodeEvents, type RollupEvent } from "../../sdk/get/events.ts";
import type { LandedCheckpoint } from "../../sdk/get/landed.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import type { IRollup } from "../../types/index.ts";
import { makeBlobs, type TestBlob } from "../sdk/world/blobs.ts";
import {
  buildCheckpoint,
  type CheckpointOptions,
  range,
  signatureOver,
  type TestCheckpoint,
} from "./support/checkpoints.ts";
import { TEST_CONFIG } from "./support/config.ts";
import { publicKey, secretKey } from "./support/keys.ts";
import { account, addressOf, type Connection, type Mined, mine, type TestTransaction } from "./support/l1.ts";

const abi = new Interface(ROLLUP_ABI);
const BLOBS = 6;
const POOL_WEI = parseEther("100");
/** Made on first use, once for all fixtures of the process: a blob costs two group operations of some 60 ms. */
let blobs: Promise<TestBlob[]> | undefined;

/** Accounts by role. The two bonded ones have their bonds from the start. */
export const ACCOUNTS = {
  deployer: account(0),
  bonded: account(1),
  otherBonded: account(2),
  unbonded: account(3),
  challenger: account(4),
  recipient: account(5),
  stranger: account(6),
};

/** Seeds of epochs 0 and 1. */
export const SEEDS: readonly [Hex, Hex] = [id("seed 0") as Hex, id("seed 1") as Hex];

export interface FixtureOptions {
  /** Genesis validators; validator i has the key of seed i, owned by the deployer. */
  validators?: number;
  config?: Partial<RollupConfig>;
  /** What the pool starts with; by default more than any test settles. */
  poolWei?: bigint;
}

/** Arguments of `settle`. */
export type Settlement = ReturnType<typeof buildSettlement>;

/** How a transaction is sent. A submission carries its checkpoints' blobs unless told otherwise. */
export type SendOptions = Partial<Pick<TestTransaction, "timeSec" | "gasLimit" | "baseFeeWei" | "valueWei" | "blobs">>;

export interface LandOptions extends SendOptions {
  recipient?: Hex;
  deadlineSec?: number;
}

/** A deployed rollup on a chain of the Hardhat network. Holds no state of its own: all is on the chain. */
export class TestRollup {
  readonly connection: Connection;
  readonly rollup: IRollup;
  readonly address: Hex;
  readonly chainId = 31337n;
  readonly config: RollupConfig;
  /** Size of the genesis set. */
  readonly validators: number;
  /** Real blobs with their proofs, all different. */
  readonly blobs: readonly TestBlob[];

  constructor(
    connection: Connection,
    rollup: IRollup,
    address: Hex,
    config: RollupConfig,
    validators: number,
    pool: TestBlob[],
  ) {
    this.connection = connection;
    this.rollup = rollup;
    this.address = address;
    this.config = config;
    this.validators = validators;
    this.blobs = pool;
  }

  /** Time of a second of a slot, Unix seconds. The first L1 block of a slot comes with its first second. */
  time(slot: number, second = 0): number {
    return this.config.genesisTime + slot * this.config.slotSeconds + second;
  }

  /** A checkpoint with one blob, signed by the whole genesis set, unless said otherwise. */
  checkpoint(options: Partial<CheckpointOptions> & { slot: number }): TestCheckpoint {
    const defaults = { blobs: this.blobs.slice(0, 1), signers: range(this.validators) };
    return buildCheckpoint({ chainId: this.chainId, rollup: this.address }, { ...defaults, ...options });
  }

  /** Checkpoints on each other, one per slot. */
  chain(slots: readonly number[], options: Partial<CheckpointOptions> = {}): TestCheckpoint[] {
    let parent = options.parent;
    return slots.map((slot) => {
      const built = this.checkpoint({ ...options, slot, ...(parent && { parent }) });
      parent = built.tip;
      return built;
    });
  }

  /** A checkpoint whose quorum never signed it: validators' good signature over something else. */
  forged(options: Partial<CheckpointOptions> & { slot: number }): TestCheckpoint {
    return this.checkpoint({ ...options, signedDigest: id("never signed") as Hex });
  }

  /** The attestation of a checkpoint by some validators. */
  attest({ submission }: TestCheckpoint, signers: readonly number[]) {
    const place = { chainId: this.chainId, rollup: this.address, slot: submission.header.slot };
    return {
      signers: signers.reduce((bits, i) => bits | (1n << BigInt(i)), 0n),
      signature: signatureOver(signingMessage("attestation", place, submission.digest), signers),
    };
  }

  /** Calls the rollup, whatever becomes of it. */
  attempt(from: HDNodeWallet, name: string, args: readonly unknown[], options: SendOptions = {}): Promise<Mined> {
    const data = abi.encodeFunctionData(name, args) as Hex;
    return mine(this.connection, { from, to: this.address, data, ...options });
  }

  /** Calls the rollup; throws when it reverts. */
  async call(from: HDNodeWallet, name: string, args: readonly unknown[], options: SendOptions = {}): Promise<Mined> {
    return required(name, await this.attempt(from, name, args, options));
  }

  /** Submits checkpoints, by default in the first second of the last one's slot; whatever becomes of it. */
  tryLand(from: HDNodeWallet, checkpoints: readonly TestCheckpoint[], options: LandOptions = {}): Promise<Mined> {
    const {
      recipient = addressOf(ACCOUNTS.recipient),
      timeSec = this.time(checkpoints.at(-1)?.submission.header.slot ?? 0),
    } = options;
    const { deadlineSec = timeSec, blobs: carried = checkpoints.flatMap((one) => one.blobs) } = options;
    const submissions = checkpoints.map(({ submission }) => submission);
    const data = abi.encodeFunctionData("submit", [submissions, recipient, deadlineSec]) as Hex;
    return mine(this.connection, { from, to: this.address, data, ...options, timeSec, blobs: carried });
  }

  /** Submits checkpoints; throws when the call reverts. */
  async land(from: HDNodeWallet, checkpoints: readonly TestCheckpoint[], options: LandOptions = {}): Promise<Mined> {
    return required("submit", await this.tryLand(from, checkpoints, options));
  }

  /** Submits checkpoints one by one, each on time, as the bonded submitter. */
  async landEach(checkpoints: readonly TestCheckpoint[], from = ACCOUNTS.bonded): Promise<LandedCheckpoint[]> {
    const landed: LandedCheckpoint[] = [];
    for (const checkpoint of checkpoints) landed.push(...landedIn(await this.land(from, [checkpoint])));
    return landed;
  }

  /** Registers the key of a seed. */
  register(seed: number, owner: HDNodeWallet = ACCOUNTS.deployer, options: SendOptions = {}): Promise<Mined> {
    return this.call(owner, "register", this.registration(seed, addressOf(owner)), {
      valueWei: this.config.stakeWei,
      ...options,
    });
  }

  /** Arguments that register the key of a seed. */
  registration(seed: number, owner: Hex) {
    const proof = provePossession({ chainId: this.chainId, registry: this.address, owner }, secretKey(seed));
    return [owner, publicKey(seed), signatureToSolidity(proof)] as const;
  }
}

function required(name: string, mined: Mined): Mined {
  if (!mined.succeeded)
    throw new Error(`${name} reverted: ${mined.error?.message ?? "without an error of the contract"}`);
  return mined;
}

/** Deploys a rollup whose genesis is ahead, with two bonded submitters. */
export async function deployRollup(connection: Connection, options: FixtureOptions = {}): Promise<TestRollup> {
  const { ethers, networkHelpers } = connection;
  const { validators = 4, poolWei = POOL_WEI } = options;
  const config = { ...TEST_CONFIG, ...options.config };
  blobs ??= makeBlobs(BLOBS, 0);
  await networkHelpers.time.setNextBlockTimestamp(config.genesisTime - 1_000);
  const genesis = range(validators).map((seed) => ({ owner: ACCOUNTS.deployer.address, publicKey: publicKey(seed) }));
  const extension = await ethers.deployContract("RollupExtension", [config]);
  const args = [config, await extension.getAddress(), genesis, ...SEEDS];
  const value = config.stakeWei * BigInt(validators) + poolWei;
  const address = (await (await ethers.deployContract("Rollup", args, { value })).getAddress()).toLowerCase() as Hex;
  const rollup = (await ethers.getContractAt("IRollup", address)) as unknown as IRollup;
  const test = new TestRollup(connection, rollup, address, config, validators, await blobs);
  for (const submitter of [ACCOUNTS.bonded, ACCOUNTS.otherBonded]) {
    await test.call(submitter, "bond", [], { valueWei: config.bondWei });
  }
  return test;
}

/**
 * A rollup on a chain of its own, deployed on first use and put back to that state on every later one.
 * @returns what a test calls first. Other than `loadFixture`, it never finds a chain whose time has run on.
 */
export function fixtureOf(options: FixtureOptions = {}): () => Promise<TestRollup> {
  let deployed: Promise<{ test: TestRollup; snapshot: SnapshotRestorer }> | undefined;
  const deploy = async () => {
    const connection = await hre.network.create();
    const test = await deployRollup(connection, options);
    return { test, snapshot: await connection.networkHelpers.takeSnapshot() };
  };
  return async () => {
    const first = deployed === undefined;
    deployed ??= deploy();
    const { test, snapshot } = await deployed;
    if (!first) await snapshot.restore();
    return test;
  };
}

/** The events of a transaction that concern a client. */
export const eventsOf = ({ receipt }: Mined): RollupEvent[] => decodeEvents(receipt.logs);

/** The checkpoints a transaction landed. */
export function landedIn(mined: Mined): LandedCheckpoint[] {
  return eventsOf(mined).flatMap((event) => (event.type === "submitted" ? [event.checkpoint] : []));
}

/** Logs of the checkpoints a transaction landed, as challenges take them. */
export const logsIn = (mined: Mined): CheckpointLog[] => landedIn(mined).map(buildLog);

/** Arguments that settle the checkpoints a transaction landed. */
export const settlementOf = (mined: Mined): Settlement => buildSettlement(logsIn(mined));
