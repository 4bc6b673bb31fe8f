import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import { getCreateAddress, keccak256 } from "ethers";
import { POSSESSION_DST } from "../../../sdk/bls/domains.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import { decodePublicKey, encodePublicKey } from "../../../sdk/bls/points.ts";
import { possessionMessage, provePossession } from "../../../sdk/bls/possession.ts";
import { sign } from "../../../sdk/bls/sign.ts";
import {
  publicKeyToEip2537,
  publicKeyToSolidity,
  type SolidityPublicKey,
  type SoliditySignature,
  signatureToSolidity,
} from "../../../sdk/bls/solidity.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, type TestRollup } from "../fixture.ts";
import { publicKey, secretKey } from "../support/keys.ts";
import { addressOf } from "../support/l1.ts";
import { malformedKeys, malformedSignatures } from "../support/points.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ validators: 3, config: { maxValidators: 4 } });

const { deployer, stranger, unbonded } = ACCOUNTS;
const OWNER = addressOf(stranger);
const NEW = 100;
const ZERO: Hex = `0x${"00".repeat(32)}`;
const INFINITY: SolidityPublicKey = [ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO];

const context = ({ chainId, address }: TestRollup) => ({ chainId, registry: address, owner: OWNER });

describe("register", () => {
  it("takes the lowest free index, whoever sends it, for the owner the proof names", async () => {
    const test = await load();
    const valueWei = test.config.stakeWei;
    const { provider } = test.connection.ethers;
    const held = await provider.getBalance(test.address);
    const mined = await test.call(unbonded, "register", test.registration(NEW, OWNER), { valueWei });
    const [joined] = eventsOf(mined);
    expect(joined).to.include({ type: "validator-joined", index: 3, owner: OWNER, fromEpoch: 2 });
    expect((await test.rollup.validator(3)).owner).to.equal(stranger.address);
    expect(await provider.getBalance(test.address)).to.equal(held + valueWei);
  });

  describe("stake", () => {
    for (const difference of [-1n, 1n]) {
      it(`refuses the stake ${difference < 0n ? "less" : "and"} 1 wei`, async () => {
        const test = await load();
        const { stakeWei } = test.config;
        const valueWei = stakeWei + difference;
        const attempt = test.attempt(stranger, "register", test.registration(NEW, OWNER), { valueWei });
        await reverts(attempt, "Validators__WrongStake", { expectedWei: stakeWei, actualWei: valueWei });
      });
    }
  });

  describe("possession", () => {
    const notProven = { owner: OWNER };

    for (const [what, change] of [
      ["owner", { owner: addressOf(deployer) }],
      ["registry", { registry: addressOf(deployer) }],
      ["chain", { chainId: 1n }],
    ] as const) {
      it(`refuses a proof for another ${what}`, async () => {
        const test = await load();
        const proof = provePossession({ ...context(test), ...change }, secretKey(NEW));
        const args = [OWNER, publicKey(NEW), signatureToSolidity(proof)];
        const attempt = test.attempt(stranger, "register", args, { valueWei: test.config.stakeWei });
        await reverts(attempt, "Validators__PossessionNotProven", notProven);
      });
    }

    it("refuses a proof of another key", async () => {
      const test = await load();
      const [, , proof] = test.registration(NEW + 1, OWNER);
      const attempt = test.attempt(stranger, "register", [OWNER, publicKey(NEW), proof], {
        valueWei: test.config.stakeWei,
      });
      await reverts(attempt, "Validators__PossessionNotProven", notProven);
    });

    it("refuses the same message signed under the tag of attestations", async () => {
      const test = await load();
      const message = possessionMessage(context(test), publicKeyOf(secretKey(NEW)));
      const args = [OWNER, publicKey(NEW), signatureToSolidity(sign(message, secretKey(NEW)))];
      const attempt = test.attempt(stranger, "register", args, { valueWei: test.config.stakeWei });
      await reverts(attempt, "Validators__PossessionNotProven", notProven);
    });

    it("refuses a rogue key: one chosen to cancel the others out, which nobody can prove", async () => {
      const test = await load();
      // rogue = own - sum of the others: with it the attacker alone would sign for the whole set.
      const own = decodePublicKey(publicKeyOf(secretKey(NEW)));
      const others = [0, 1, 2].map((seed) => decodePublicKey(publicKeyOf(secretKey(seed))));
      const rogue = encodePublicKey(others.reduce((sum, key) => sum.subtract(key), own));
      const message = possessionMessage(context(test), rogue);
      for (const key of [NEW, 0, 1, 2]) {
        const args = [
          OWNER,
          publicKeyToSolidity(rogue),
          signatureToSolidity(sign(message, secretKey(key), POSSESSION_DST)),
        ];
        const attempt = test.attempt(stranger, "register", args, { valueWei: test.config.stakeWei });
        await reverts(attempt, "Validators__PossessionNotProven", notProven);
      }
    });

    it("refuses the point at infinity, with the proof that would fit it", async () => {
      const test = await load();
      for (const proof of [[ZERO, ZERO, ZERO], test.registration(NEW, OWNER)[2]]) {
        const attempt = test.attempt(stranger, "register", [OWNER, INFINITY, proof], {
          valueWei: test.config.stakeWei,
        });
        await reverts(attempt, "Validators__PossessionNotProven", notProven);
      }
    });

    for (const [what, key] of Object.entries(malformedKeys(NEW))) {
      it(`refuses a key that is ${what}`, async () => {
        const test = await load();
        const [, , proof] = test.registration(NEW, OWNER);
        const attempt = test.attempt(stranger, "register", [OWNER, key, proof], { valueWei: test.config.stakeWei });
        await reverts(attempt, "Validators__PossessionNotProven", notProven);
      });
    }

    for (const [what, proof] of Object.entries(malformedSignatures()) as [string, SoliditySignature][]) {
      it(`refuses a proof that is ${what}`, async () => {
        const test = await load();
        const attempt = test.attempt(stranger, "register", [OWNER, publicKey(NEW), proof], {
          valueWei: test.config.stakeWei,
        });
        await reverts(attempt, "Validators__PossessionNotProven", notProven);
      });
    }
  });

  describe("keys", () => {
    it("refuses a key that is registered, for another owner too", async () => {
      const test = await load();
      for (const [seed, owner] of [
        [0, deployer],
        [0, stranger],
      ] as const) {
        const args = test.registration(seed, addressOf(owner));
        const attempt = test.attempt(stranger, "register", args, { valueWei: test.config.stakeWei });
        const keyHash = keccak256(publicKeyToEip2537(publicKeyOf(secretKey(seed)))) as Hex;
        await reverts(attempt, "Validators__KeyAlreadyUsed", { keyHash });
      }
    });

    it("refuses a key whose validator is leaving", async () => {
      const test = await load();
      await test.call(deployer, "exit", [2]);
      const keyHash = keccak256(publicKeyToEip2537(publicKeyOf(secretKey(2)))) as Hex;
      const attempt = test.attempt(stranger, "register", test.registration(2, OWNER), {
        valueWei: test.config.stakeWei,
      });
      await reverts(attempt, "Validators__KeyAlreadyUsed", { keyHash });
    });

    it("takes the negated key of another validator, if somebody proves it", async () => {
      const test = await load();
      const order = bls12_381.fields.Fr.ORDER;
      const scalar = order - BigInt(`0x${Buffer.from(secretKey(0)).toString("hex")}`);
      const negated = Uint8Array.from(Buffer.from(scalar.toString(16).padStart(64, "0"), "hex"));
      const proof = signatureToSolidity(provePossession(context(test), negated));
      const args = [OWNER, publicKeyToSolidity(publicKeyOf(negated)), proof];
      await test.call(stranger, "register", args, { valueWei: test.config.stakeWei });
      expect((await test.rollup.validatorSet(2)).count).to.equal(4n);
    });
  });

  it("refuses more than the maximum", async () => {
    const test = await load();
    await test.register(NEW);
    const attempt = test.attempt(stranger, "register", test.registration(NEW + 1, OWNER), {
      valueWei: test.config.stakeWei,
    });
    await reverts(attempt, "Validators__SetFull", { size: 4n, maximum: 4n });
  });

  it("registers wholly or not at all, whatever the gas", async function () {
    this.timeout(60_000);
    const test = await load();
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const seen = new Set<string>();
    const attempt = async (gasLimit: number) => {
      await snapshot.restore();
      const args = test.registration(NEW, OWNER);
      const mined = await test.attempt(stranger, "register", args, { valueWei: test.config.stakeWei, gasLimit });
      expect((await test.rollup.validatorSet(2)).count).to.equal(mined.succeeded ? 4n : 3n);
      if (mined.error?.name === "KeyCode__NotStored") {
        // The creation of the key or of the new aggregate ran out of its share of the gas.
        const { nonce, expected, actual } = mined.error.args;
        expect(expected).to.equal(getCreateAddress({ from: test.address, nonce }).toLowerCase());
        expect(actual).to.equal(`0x${"00".repeat(20)}`);
      }
      seen.add(mined.succeeded ? "registered" : (mined.error?.name ?? "out of gas"));
    };
    for (let gasLimit = 150_000; gasLimit < 480_000; gasLimit += 3_000) await attempt(gasLimit);

    expect([...seen]).to.include.members(["registered", "KeyCode__NotStored", "out of gas"]);
  });
});
