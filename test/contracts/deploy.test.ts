import { expect } from "chai";
import { getCreateAddress } from "ethers";
import hre from "hardhat";
import { GenesisError, genesisParameters } from "../../deploy/genesis.ts";
import { preparedRing } from "../../deploy/modules/prepared-ring.ts";
import RollupModule, { CONFIG_FIELDS } from "../../deploy/modules/rollup.ts";
import { NETWORKS, readParameters } from "../../deploy/readParameters.ts";
import { STORAGE_SLOTS } from "../../sdk/abi/generated/storage.ts";
import { publicKeyOf, secretKeyFromSeed } from "../../sdk/bls/keys.ts";
import { provePossession } from "../../sdk/bls/possession.ts";
import { publicKeyToSolidity } from "../../sdk/bls/solidity.ts";
import type { Hex } from "../../sdk/types/hex.ts";

const SEEDS: [Hex, Hex] = [`0x${"01".repeat(32)}`, `0x${"02".repeat(32)}`];
const TIME = { genesisTime: 2_000_000_004, l1SlotStart: 2_000_000_000, l1SlotSeconds: 2 };

const AMOUNTS = { stakeWei: 1n, poolWei: 0n };

function validatorOf(seed: number, where: { chainId: bigint; rollup: Hex }, owner: Hex) {
  const key = secretKeyFromSeed(new Uint8Array(32).fill(seed));
  const possession = provePossession({ chainId: where.chainId, registry: where.rollup, owner }, key);
  return { owner, publicKey: publicKeyOf(key), possession };
}

async function setUp() {
  const { ethers, ignition } = await hre.network.create();
  const [deployer] = await ethers.getSigners();
  if (!deployer) throw new Error("the network has no accounts");
  const owner = deployer.address.toLowerCase() as Hex;
  // The extension is created before it.
  const nonce = (await deployer.getNonce()) + 1;
  const rollup = getCreateAddress({ from: deployer.address, nonce }).toLowerCase() as Hex;
  const where = { chainId: 31337n, rollup };
  const validators = [1, 2, 3, 4].map((seed) => validatorOf(seed, where, owner));
  return { ethers, ignition, where, owner, validators };
}

describe("deployment", () => {
  for (const network of NETWORKS) {
    it(`deploys with the constants of ${network}, at the address its genesis set was proven for`, async () => {
      const { ethers, ignition, where, validators } = await setUp();
      const constants = readParameters(network);
      const genesis = genesisParameters(where, validators, TIME, SEEDS, {
        stakeWei: constants.stakeWei,
        poolWei: 7n,
      });

      const deployed = await ignition.deploy(RollupModule, {
        parameters: { Rollup: { ...constants, ...genesis } as never },
      });

      const rollup = await ethers.getContractAt("IRollup", await deployed.rollup.getAddress());
      expect((await rollup.getAddress()).toLowerCase()).to.equal(where.rollup);
      const config = await rollup.getFunction("config").staticCall();
      const given: Record<string, unknown> = { ...constants, genesisTime: genesis.genesisTime };
      for (const field of CONFIG_FIELDS) expect(BigInt(config[field]), field).to.equal(BigInt(String(given[field])));
      for (const [i, { publicKey }] of validators.entries()) {
        const validator = await rollup.getFunction("validator").staticCall(i);
        expect([...validator.publicKey]).to.deep.equal(publicKeyToSolidity(publicKey));
      }
      expect(await ethers.provider.getBalance(where.rollup)).to.equal(constants.stakeWei * 4n + 7n);
    });
  }

  it("prepares as many words of the ring as told, in several calls", async () => {
    const { ethers, ignition, where, validators } = await setUp();
    const constants = readParameters("devnet");
    const amounts = { stakeWei: constants.stakeWei, poolWei: 0n };
    const genesis = genesisParameters(where, validators, TIME, SEEDS, amounts);
    await ignition.deploy(preparedRing(300), { parameters: { Rollup: { ...constants, ...genesis } as never } });
    const wordAt = (position: number) =>
      ethers.provider.getStorage(where.rollup, BigInt(STORAGE_SLOTS._ring) + BigInt(position));
    const words = await Promise.all([0, 255, 256, 299, 300, 1_023].map(wordAt));
    expect(words.map(BigInt)).to.deep.equal([1n, 1n, 1n, 1n, 0n, 0n]);
  });

  it("refuses what is no number of words", () => {
    for (const words of [-1, 1.5, Number("many")])
      expect(() => preparedRing(words)).to.throw(RangeError, `got ${words}`);
  });

  it("refuses a genesis set with a key used twice", async () => {
    const { where, validators } = await setUp();
    const [first] = validators;
    if (!first) throw new Error("no validator");
    expect(() => genesisParameters(where, [first, first], TIME, SEEDS, AMOUNTS)).to.throw(GenesisError, "twice");
  });

  it("refuses a proof of possession made for another rollup", async () => {
    const { where, owner } = await setUp();
    const elsewhere = validatorOf(1, { ...where, rollup: owner }, owner);
    expect(() => genesisParameters(where, [elsewhere], TIME, SEEDS, AMOUNTS)).to.throw(GenesisError, "possession");
  });

  it("refuses a genesis time that is not the start of an L1 slot", async () => {
    const { where, validators } = await setUp();
    const time = { ...TIME, genesisTime: TIME.genesisTime + 1 };
    expect(() => genesisParameters(where, validators, time, SEEDS, AMOUNTS)).to.throw(GenesisError, "1 s off");
  });
});
