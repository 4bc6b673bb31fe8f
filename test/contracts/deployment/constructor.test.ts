import { expect } from "chai";
import { concat, getAddress, keccak256, ZeroAddress } from "ethers";
import hre from "hardhat";
import type { SolidityPublicKey } from "../../../sdk/bls/solidity.ts";
import type { RollupConfig } from "../../../sdk/get/config.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, fixtureOf, SEEDS } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { GENESIS_TIME, TEST_CONFIG } from "../support/config.ts";
import { publicKey } from "../support/keys.ts";
import { addressOf, type Connection, type Mined, mine } from "../support/l1.ts";
import { malformedKeys } from "../support/points.ts";
import { reverts } from "../support/reverts.ts";

const DEPLOYMENT_GAS = 20_000_000;
const VERIFIER: Hex = `0x${"99".repeat(20)}`;
const MAX_WEI = 2n ** 96n - 1n;
const ZERO: Hex = `0x${"00".repeat(32)}`;
const INFINITY: SolidityPublicKey = [ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO];

interface Deployment {
  config?: Partial<RollupConfig>;
  keys?: readonly SolidityPublicKey[];
  valueWei?: bigint;
  /** By default one made for the same constants. */
  extension?: Hex;
}

const load = fixtureOf({ validators: 4 });

/** An extension for these constants; the zero address if it refuses them. */
async function extensionFor(connection: Connection, config: RollupConfig): Promise<Hex> {
  const { data } = await (await connection.ethers.getContractFactory("RollupExtension")).getDeployTransaction(config);
  const mined = await mine(connection, { from: ACCOUNTS.stranger, data: data as Hex, gasLimit: DEPLOYMENT_GAS });
  return (mined.succeeded ? mined.receipt.contractAddress : ZeroAddress) as Hex;
}

/** Deploys a rollup, whatever becomes of it. */
async function deploy(connection: Connection, deployment: Deployment): Promise<Mined> {
  const { keys = range(4).map(publicKey) } = deployment;
  const config = { ...TEST_CONFIG, ...deployment.config };
  const genesis = keys.map((key) => ({ owner: ACCOUNTS.deployer.address, publicKey: key }));
  const factory = await connection.ethers.getContractFactory("Rollup");
  const { data } = await factory.getDeployTransaction(
    config,
    deployment.extension ?? (await extensionFor(connection, config)),
    genesis,
    ...SEEDS,
  );
  const valueWei = deployment.valueWei ?? config.stakeWei * BigInt(keys.length);
  return mine(connection, { from: ACCOUNTS.stranger, data: data as Hex, valueWei, gasLimit: DEPLOYMENT_GAS });
}

/** Every constant that makes no sense, next to the last one that does. */
const SENSELESS: [Partial<RollupConfig>, keyof RollupConfig][] = [
  [{ l1SlotSeconds: 0 }, "l1SlotSeconds"],
  [{ slotSeconds: 0 }, "slotSeconds"],
  [{ slotSeconds: 73 }, "slotSeconds"],
  [{ epochSlots: 0 }, "epochSlots"],
  [{ handoffWindowSeconds: 47 }, "handoffWindowSeconds"],
  [{ handoffWindowSeconds: 72 }, "handoffWindowSeconds"],
  [{ successorWindowSeconds: 23 }, "successorWindowSeconds"],
  [{ successorWindowSeconds: 60 }, "successorWindowSeconds"],
  [{ challengeWindowEpochs: 0 }, "challengeWindowEpochs"],
  [{ genesisTime: 3 * 72 - 1 }, "genesisTime"],
  [{ genesisTime: 2 ** 40 }, "genesisTime"],
  [{ ringSize: 0 }, "ringSize"],
  [{ maxMessages: 0 }, "maxMessages"],
  [{ maxBlobsPerCheckpoint: 0 }, "maxBlobsPerCheckpoint"],
  [{ maxValidators: 0 }, "maxValidators"],
  [{ maxValidators: 257 }, "maxValidators"],
  [{ minValidators: 0 }, "minValidators"],
  [{ minValidators: 5, maxValidators: 4 }, "minValidators"],
  [{ bondWei: 0n }, "bondWei"],
  [{ minDepositWei: 0n }, "minDepositWei"],
  [{ premiumMaxBps: 10_001 }, "premiumMaxBps"],
  [{ premiumBps: 1_801 }, "premiumMaxBps"],
  [{ tipWei: 2n ** 56n }, "tipWei"],
  [{ gasQuotaBatch: 48_001 }, "gasQuotaBatch"],
  [{ burnBps: 249 }, "burnBps"],
  [{ burnBps: 3_001, capBps: 6_000 }, "burnBps"],
  [{ capBps: 9_001 }, "capBps"],
  [{ proverBps: 1 }, "proverBps"],
  [{ proverBps: 10_001, verifier: VERIFIER, proofWindowEpochs: 1 }, "proverBps"],
  [{ verifier: VERIFIER }, "proofWindowEpochs"],
  [{ refundWindowEpochs: 1 }, "refundWindowEpochs"],
  [{ maxForced: 5 }, "maxForced"],
  [{ maxForcedBytes: 63_488, maxForced: 3, maxBlobsPerCheckpoint: 3 }, "maxForcedBytes"],
  [{ maxForcedBytes: 2 ** 32 - 1, maxForced: 2, maxBlobsPerCheckpoint: 6 }, "maxForcedBytes"],
];

const SENSIBLE: Partial<RollupConfig>[] = [
  { handoffWindowSeconds: 60, successorWindowSeconds: 60 },
  { handoffWindowSeconds: 0, successorWindowSeconds: 0 },
  { genesisTime: 3 * 72 },
  { genesisTime: 2 ** 40 - 1 },
  { ringSize: 1, maxMessages: 1, maxForced: 1, maxBlobsPerCheckpoint: 1, epochSlots: 1 },
  { minValidators: 4, maxValidators: 4 },
  { maxForcedBytes: 63_487, maxForced: 3, maxBlobsPerCheckpoint: 3 },
  { maxForcedBytes: 2 ** 32 - 1, maxForced: 0 },
  { burnBps: 250, capBps: 9_750, maxForced: 4, refundWindowEpochs: 2 },
  { burnBps: 3_000, capBps: 7_000, verifier: VERIFIER, proofWindowEpochs: 1, proverBps: 10_000 },
  { premiumMaxBps: 10_000, premiumBps: 10_000, gasQuotaBatch: 48_000, tipWei: 2n ** 56n - 1n },
];

const describeFields = (config: Partial<RollupConfig>): string =>
  Object.entries(config)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

describe("constructor", () => {
  describe("constants", () => {
    for (const [config, field] of SENSELESS) {
      it(`refuses ${describeFields(config)}`, async () => {
        const connection = await hre.network.create();
        const value = BigInt({ ...TEST_CONFIG, ...config }[field]);
        await reverts(deploy(connection, { config }), "Config__Invalid", { field, value });
      });
    }

    for (const config of SENSIBLE) {
      it(`takes ${describeFields(config)}`, async () => {
        expect((await deploy(await hre.network.create(), { config })).succeeded).to.equal(true);
      });
    }

    it("are shown as they were given", async () => {
      const test = await load();
      const shown = ((await test.rollup.config()) as unknown as { toObject(): Record<string, bigint> }).toObject();
      for (const [name, value] of Object.entries(test.config))
        expect(BigInt(shown[name] ?? -1), name).to.equal(BigInt(value));
      expect(Object.keys(shown)).to.have.members(Object.keys(test.config));
    });
  });

  describe("extension", () => {
    it("is code, made for the same constants", async () => {
      const connection = await hre.network.create();
      const other = await extensionFor(connection, { ...TEST_CONFIG, gasQuota: 48_001 });
      for (const extension of [addressOf(ACCOUNTS.recipient), other]) {
        await reverts(deploy(connection, { extension }), "Rollup__ExtensionDiffers", {
          extension: getAddress(extension) as Hex,
        });
      }
    });

    it("takes no ether at its own address", async () => {
      const test = await load();
      const to = (await test.rollup.extension()) as Hex;
      for (const [name, args] of [
        ["bond", []],
        ["deposit", [to]],
        ["register", test.registration(9, to)],
      ] as const) {
        const data = test.rollup.interface.encodeFunctionData(name as "bond", args as never) as Hex;
        const mined = mine(test.connection, { from: ACCOUNTS.stranger, to, data, valueWei: test.config.bondWei });
        await reverts(mined, "Rollup__NotTheRollup", { rollup: to });
      }
    });
  });

  it("takes no ether that comes without a call", async () => {
    const test = await load();
    const mined = mine(test.connection, { from: ACCOUNTS.stranger, to: test.address, data: "0x", valueWei: 5n });
    await reverts(mined, "Rollup__UnexpectedEther", { amountWei: 5n });
  });

  describe("genesis set", () => {
    it("is at least the minimum", async () => {
      const deployment = deploy(await hre.network.create(), { config: { minValidators: 5 } });
      await reverts(deployment, "Validators__GenesisSetSize", { size: 4n, minimum: 5n, maximum: 256n });
    });

    it("is never empty", async () => {
      const deployment = deploy(await hre.network.create(), { keys: [] });
      await reverts(deployment, "Validators__GenesisSetSize", { size: 0n, minimum: 1n, maximum: 256n });
    });

    it("is at most the maximum", async () => {
      const deployment = deploy(await hre.network.create(), { config: { maxValidators: 3 } });
      await reverts(deployment, "Validators__GenesisSetSize", { size: 4n, minimum: 1n, maximum: 3n });
    });

    it("brings its stakes; what comes besides funds the pool", async () => {
      const expectedWei = TEST_CONFIG.stakeWei * 4n;
      for (const actualWei of [0n, expectedWei - 1n]) {
        const deployment = deploy(await hre.network.create(), { valueWei: actualWei });
        await reverts(deployment, "Validators__WrongStake", { expectedWei, actualWei });
      }
    });

    it("funds the pool with no more than fits 96 bits", async () => {
      const connection = await hre.network.create();
      await connection.networkHelpers.setBalance(ACCOUNTS.stranger.address, MAX_WEI * 2n);
      const stakesWei = TEST_CONFIG.stakeWei * 4n;
      const above = deploy(connection, { valueWei: stakesWei + MAX_WEI + 1n });
      await reverts(above, "Pool__FundedTooMuch", { fundedWei: MAX_WEI + 1n, maximumWei: MAX_WEI });
      expect((await deploy(connection, { valueWei: stakesWei + MAX_WEI })).succeeded).to.equal(true);
    });

    it("has no key twice", async () => {
      const keyHash = keccak256(concat(publicKey(1))) as Hex;
      const deployment = deploy(await hre.network.create(), { keys: [publicKey(0), publicKey(1), publicKey(1)] });
      await reverts(deployment, "Validators__KeyAlreadyUsed", { keyHash });
    });

    it("has no key at infinity", async () => {
      const deployment = deploy(await hre.network.create(), { keys: [publicKey(0), INFINITY] });
      await reverts(deployment, "Bls__KeyIsInfinity", {});
    });

    for (const what of ["a point off the curve", "a padding byte that is not zero"]) {
      it(`has no key that is ${what}`, async () => {
        const bad = malformedKeys(9)[what] as SolidityPublicKey;
        await reverts(deploy(await hre.network.create(), { keys: [publicKey(0), bad] }), "Bls__KeyNotOnCurve", {});
      });
    }

    it("is there from epoch 0 on, with its owners and keys", async () => {
      const test = await load();
      for (const index of range(4)) {
        const { owner, fromEpoch, untilEpoch, publicKey: key } = await test.rollup.validator(index);
        expect([owner.toLowerCase(), fromEpoch, untilEpoch]).to.deep.equal([addressOf(ACCOUNTS.deployer), 0n, 0n]);
        expect([...key]).to.deep.equal(publicKey(index));
      }
      expect((await test.rollup.validator(4)).owner).to.equal(`0x${"00".repeat(20)}`);
    });
  });

  it("starts at genesis: nothing submitted, settled, deposited or emptied", async () => {
    const test = await load();
    expect(test.config.genesisTime).to.equal(GENESIS_TIME);
    expect(await test.rollup.tips()).to.deep.equal([0n, 0n, 0n, 0n]);
    expect(await test.rollup.settledTip()).to.deep.equal([0n, 0n]);
    expect(await test.rollup.inboxTotal()).to.equal(0n);
    expect(await test.rollup.refillSlot()).to.equal(0n);
    expect([await test.rollup.seedOf(0), await test.rollup.seedOf(1)]).to.deep.equal(SEEDS);
  });
});
