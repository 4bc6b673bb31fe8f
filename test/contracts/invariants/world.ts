import type { SnapshotRestorer } from "@nomicfoundation/hardhat-network-helpers/types";
import { type Contract, type HDNodeWallet, parseEther, type Result } from "ethers";
import hre from "hardhat";
import type { RollupConfig } from "../../../sdk/get/config.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { TestBlob } from "../../sdk/world/blobs.ts";
import { ACCOUNTS, deployRollup, type SendOptions, type TestRollup } from "../fixture.ts";
import { type Actor, deployActor } from "../support/actor.ts";
import { range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { deployTestContract } from "../support/harness.ts";
import { account, addressOf, type Connection, type Mined, mine } from "../support/l1.ts";
import { deployVerifier, PROVEN } from "../support/proving.ts";
import { Model } from "./model/model.ts";

/** Somebody who takes part. */
export interface Party {
  name: string;
  address: Hex;
  /** Who sends and pays for its transactions. */
  payer: Hex;
  send(name: string, args: readonly unknown[], options: SendOptions): Promise<Mined>;
}

/** All of the contract's state that the model knows, as `StateReader` answers it. */
export interface Reading {
  tips: bigint[];
  settled: bigint[];
  proven: bigint;
  refillSlot: bigint;
  unsettled: Hex;
  members: bigint;
  inboxTotal: bigint;
  refundsHash: Hex;
  poolWei: bigint;
  fundedAheadWei: bigint;
  bridgedWei: bigint;
  /** Validators whose stakes are held, one bit each. */
  staked: bigint;
  heldWei: bigint;
  creditsWei: bigint[];
  bondsWei: bigint[];
  releases: bigint[];
  balancesWei: bigint[];
}

const { deployer, bonded, otherBonded, unbonded, challenger, recipient, stranger } = ACCOUNTS;
const GOVERNOR = stranger;
const READER = account(17);
/** Sends what the contract among the parties does. */
const CONTRACT_OWNER = account(18);
/** Of Prague. */
const BLOBS_PER_BLOCK = 9;
/** Enough for transactions at the highest base fees. */
const RICH_WEI = 10n ** 30n;
/** Soon short of what is landed. */
const POOL_WEI = parseEther("0.05");

const EOAS = {
  deployer,
  bonded,
  otherBonded,
  thirdParty: unbonded,
  griefer: challenger,
  recipient,
  governor: GOVERNOR,
  proposer: account(10),
  successor: account(11),
} satisfies Record<string, HDNodeWallet>;

const COMMON: Partial<RollupConfig> = {
  ...SHORT_EPOCHS,
  minValidators: 2,
  maxValidators: 7,
  governor: addressOf(GOVERNOR),
};

interface Deployment {
  config: Partial<RollupConfig>;
  validators: number;
  poolWei: bigint;
  /** Blocks full of blobs before the first state: a gas of blobs then costs 8 % more for each. */
  fullBlocks?: number;
}

/** Deployments by name: with and without a verifier, and at the bounds of what a constant may be. */
export const DEPLOYMENTS = {
  plain: { config: COMMON, validators: 4, poolWei: POOL_WEI },
  proven: { config: { ...COMMON, ...PROVEN }, validators: 4, poolWei: POOL_WEI },
  single: {
    config: { ...COMMON, minValidators: 1, rewardWei: 19n, ringSize: 3, successorWindowSeconds: 0, maxMessages: 3 },
    validators: 1,
    poolWei: 400n,
  },
  dense: {
    config: {
      ...COMMON,
      ...PROVEN,
      handoffWindowSeconds: 60,
      successorWindowSeconds: 60,
      burnBps: 3_000,
      capBps: 7_000,
    },
    validators: 7,
    poolWei: parseEther("100"),
  },
  // Blobs begin at some 1,000 gwei a gas, far above what a reward pays for, and go down to next to nothing.
  dearBlobs: { config: COMMON, validators: 4, poolWei: POOL_WEI, fullBlocks: 350 },
} satisfies Record<string, Deployment>;
export type DeploymentName = keyof typeof DEPLOYMENTS;

/** A deployed rollup with everybody who takes part. */
export class World {
  readonly test: TestRollup;
  readonly parties: readonly Party[];
  readonly contract: Actor;
  readonly #reader: Contract;
  readonly #snapshot: SnapshotRestorer;
  readonly #deployment: Deployment;
  /** Everybody whose ether is watched. */
  readonly accounts: readonly Hex[];
  readonly #first: Reading;

  private constructor(
    test: TestRollup,
    contract: Actor,
    reader: Contract,
    snapshot: SnapshotRestorer,
    deployment: Deployment,
    first: Reading,
  ) {
    this.test = test;
    this.contract = contract;
    this.parties = partiesOf(test, contract);
    this.accounts = accountsOf(this.parties);
    this.#reader = reader;
    this.#snapshot = snapshot;
    this.#deployment = deployment;
    this.#first = first;
  }

  static async deploy(name: DeploymentName): Promise<World> {
    const deployment: Deployment = DEPLOYMENTS[name];
    const connection = await hre.network.create();
    const { networkHelpers } = connection;
    for (const { address } of [...Object.values(EOAS), CONTRACT_OWNER, READER]) {
      await networkHelpers.setBalance(address, RICH_WEI);
    }
    const test = await deployRollup(connection, deployment);
    await deployVerifier(connection);
    const contract = await deployActor(test);
    await contract.react("refuse");
    const reader = await deployTestContract(connection, "StateReader", READER);
    await fillBlocks(connection, test.blobs, deployment.fullBlocks ?? 0);
    await networkHelpers.time.increaseTo(test.time(1) - 1);
    const snapshot = await networkHelpers.takeSnapshot();
    const first = await read(reader, test, 0, 0, accountsOf(partiesOf(test, contract)));
    return new World(test, contract, reader, snapshot, deployment, first);
  }

  /** What everybody and the rollup have between them in the first state. */
  get totalWei(): bigint {
    return this.#first.balancesWei.reduce((sum, wei) => sum + wei, this.#first.heldWei);
  }

  /** Puts the first state back. @returns a model of it. */
  async restore(): Promise<Model> {
    await this.#snapshot.restore();
    const { test } = this;
    return new Model({
      config: test.config,
      owner: { chainId: test.chainId, rollup: test.address },
      poolWei: this.#deployment.poolWei,
      validators: this.#deployment.validators,
      validatorOwner: addressOf(deployer),
      bonded: [addressOf(bonded), addressOf(otherBonded)],
      outside: new Map(this.accounts.map((address, i) => [address, this.#first.balancesWei[i] as bigint])),
      nowSec: test.time(1) - 1,
    });
  }

  /** @param epoch Whose set is read. @param indexCount Validators that are read. */
  read(epoch: number, indexCount: number): Promise<Reading> {
    return read(this.#reader, this.test, epoch, indexCount, this.accounts);
  }

  /** Ether that comes without a call, as a destroyed contract's does. */
  async forceEther(wei: bigint): Promise<void> {
    const { ethers, networkHelpers } = this.test.connection;
    await networkHelpers.setBalance(this.test.address, (await ethers.provider.getBalance(this.test.address)) + wei);
  }

  /** Who sends ether without a call. */
  get sender(): Party {
    return this.parties.find(({ name }) => name === "thirdParty") as Party;
  }

  /** Sends ether without a call. */
  sendEther(options: SendOptions): Promise<Mined> {
    return mine(this.test.connection, { from: EOAS.thirdParty, to: this.test.address, data: "0x", ...options });
  }
}

async function read(
  reader: Contract,
  { address }: TestRollup,
  epoch: number,
  indexCount: number,
  accounts: readonly Hex[],
): Promise<Reading> {
  const result: Result = await reader.getFunction("read").staticCall(address, epoch, range(indexCount), accounts);
  const fields = Object.entries(result.toObject());
  return Object.fromEntries(fields.map(([name, value]) => [name, value?.toArray?.() ?? value])) as unknown as Reading;
}

async function fillBlocks(connection: Connection, blobs: readonly TestBlob[], count: number): Promise<void> {
  const full = Array.from({ length: BLOBS_PER_BLOCK }, (_, index) => blobs[index % blobs.length] as TestBlob);
  for (let i = 0; i < count; i++)
    await mine(connection, { from: READER, to: addressOf(READER), data: "0x", blobs: full });
}

const accountsOf = (parties: readonly Party[]): Hex[] => [
  ...parties.map(({ address }) => address),
  addressOf(CONTRACT_OWNER),
];

function partiesOf(test: TestRollup, contract: Actor): Party[] {
  const people = Object.entries(EOAS).map(([name, wallet]) => ({
    name,
    address: addressOf(wallet),
    payer: addressOf(wallet),
    send: (call: string, args: readonly unknown[], options: SendOptions) => test.attempt(wallet, call, args, options),
  }));
  const refuser: Party = {
    name: "contract",
    address: contract.address,
    payer: addressOf(CONTRACT_OWNER),
    send: (call, args, options) => contract.attempt(call, args, options),
  };
  return [...people, refuser];
}
