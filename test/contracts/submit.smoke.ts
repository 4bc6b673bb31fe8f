import assert from "node:assert/strict";
import { HDNodeWallet, hexlify, Mnemonic, Transaction, type TransactionReceipt, type TransactionRequest } from "ethers";
import hre from "hardhat";
import { createKzg, versionedHash } from "../../sdk/blob/kzg.ts";
import { publicKeyOf, type SecretKey, secretKeyFromSeed } from "../../sdk/bls/keys.ts";
import { provePossession } from "../../sdk/bls/possession.ts";
import { sign } from "../../sdk/bls/sign.ts";
import { publicKeyToSolidity, type SoliditySignature, signatureToSolidity } from "../../sdk/bls/solidity.ts";
import { checkpointDigest, parentDigestOf } from "../../sdk/digest/checkpoint.ts";
import { signingMessage } from "../../sdk/digest/signingMessage.ts";
import type { CheckpointHeader } from "../../sdk/types/header.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import type { Rollup } from "../../types/index.ts";

const ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
const PHRASE = "test test test test test test test test test test test junk";
const VALIDATORS = 48;
const SLOT_SECONDS = 72;
const ZERO: Hex = `0x${"0".repeat(64)}`;

const kzg = createKzg();
const wallet = (i: number) => HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(PHRASE), `m/44'/60'/0'/0/${i}`);
const scalar = (key: SecretKey) => BigInt(hexlify(key));
const keys = Array.from({ length: VALIDATORS }, (_, i) => secretKeyFromSeed(new Uint8Array(32).fill(i + 1)));

/** One signature by the sum of the keys is the sum of their signatures. */
function aggregate(message: Hex, signers: number[]): Hex {
  const sum = signers.reduce((total, i) => (total + scalar(keys[i] as SecretKey)) % ORDER, 0n);
  return sign(message, Uint8Array.from(Buffer.from(sum.toString(16).padStart(64, "0"), "hex")));
}

function blobOf(seed: number) {
  const data = new Uint8Array(131072);
  for (let i = 1; i < 32; i++) data[i] = (seed * 31 + i * 7) & 0xff;
  return data;
}

const fill = (seed: number): Hex =>
  `0x${Array.from({ length: 32 }, (_, i) => (((seed * 37 + i * 11) % 255) + 1).toString(16).padStart(2, "0")).join("")}`;

interface Landing {
  slot: number;
  parent: Hex;
  seed: number;
  signers?: number;
  inboxCount?: number;
  inboxHash?: Hex;
  forged?: boolean;
  header?: Partial<CheckpointHeader>;
}

async function deploy(ringSize = 4) {
  const { ethers, networkHelpers } = await hre.network.create();
  const chainId = 31337n;
  const genesisTime = BigInt(Math.ceil(((await networkHelpers.time.latest()) + 100) / 12) * 12);
  const settings = {
    l2ChainId: 777n,
    genesisTime,
    l1SlotSeconds: 12,
    slotSeconds: SLOT_SECONDS,
    epochSlots: 32,
    handoffWindowSeconds: 48,
    successorWindowSeconds: 24,
    challengeWindowEpochs: 1,
    evidenceWindowEpochs: 2,
    ringSize,
    inboxLagSlots: 3,
    maxMessages: 64,
    maxBlobsPerCheckpoint: 3,
    minValidators: 1,
    maxValidators: 256,
    stakeWei: 10n ** 18n,
    bondWei: 10n ** 18n,
    minDepositWei: 10n ** 9n,
    rewardWei: 10n ** 16n,
    gasQuota: 48000,
    gasQuotaBatch: 17000,
    tipWei: 10n ** 9n,
    premiumBps: 1000,
    premiumStepBps: 0,
    premiumMaxBps: 5000,
  };
  const genesis = keys.map((key, i) => ({
    owner: wallet(i % 20).address,
    publicKey: publicKeyToSolidity(publicKeyOf(key)),
  }));
  const rollup = (await ethers.deployContract("Rollup", [settings, genesis, fill(1), fill(2)], {
    value: BigInt(VALIDATORS) * settings.stakeWei,
  })) as unknown as Rollup;
  const address = (await rollup.getAddress()).toLowerCase() as Hex;

  async function build({
    slot,
    parent,
    seed,
    signers = VALIDATORS,
    inboxCount = 0,
    inboxHash = ZERO,
    forged,
    header,
  }: Landing) {
    const blob = blobOf(seed);
    const full: CheckpointHeader = {
      slot,
      lastBlockHash: fill(seed),
      lastBlockNumber: slot * 12,
      inboxCount,
      outboxRoot: fill(seed + 1),
      coinbase: `0x${fill(seed + 2).slice(2, 42)}`,
      onTimeRecipient: `0x${"0".repeat(40)}`,
      onTimeCapBps: 0,
      ...header,
    };
    const blobHashes = [versionedHash(hexlify(kzg.blobToKzgCommitment(blob)) as Hex)];
    const digest = checkpointDigest({
      chainId,
      rollup: address,
      header: full,
      parentDigest: parentDigestOf(parent),
      inboxHash,
      blobHashes,
    });
    const message = signingMessage("attestation", { chainId, rollup: address, slot }, forged ? fill(99) : digest);
    const indices = Array.from({ length: signers }, (_, i) => i);
    const signature: SoliditySignature = signatureToSolidity(aggregate(message, indices));
    return { header: full, digest, blobCount: 1, signers: (1n << BigInt(signers)) - 1n, signature, blob };
  }
  type Built = Awaited<ReturnType<typeof build>>;

  const timeOf = (slot: number, second = 12) => Number(genesisTime) + slot * SLOT_SECONDS + second;

  async function send(from: number, time: number, built: Built[]): Promise<TransactionReceipt> {
    const signer = wallet(from);
    const request: TransactionRequest = {
      type: 3,
      chainId,
      nonce: await ethers.provider.getTransactionCount(signer.address),
      to: address,
      data: rollup.interface.encodeFunctionData("submit", [built, wallet(1).address, time + 50]),
      gasLimit: 1_000_000,
      maxFeePerGas: 10n ** 11n,
      maxPriorityFeePerGas: 10n ** 9n,
      maxFeePerBlobGas: 10n ** 12n,
      kzg,
      blobs: built.map(({ blob }) => blob),
    };
    const raw = await signer.signTransaction(request);
    await networkHelpers.time.setNextBlockTimestamp(time);
    await ethers.provider.send("eth_sendRawTransaction", [raw]).catch(() => undefined);
    const receipt = await ethers.provider.getTransactionReceipt(Transaction.from(raw).hash as string);
    assert(receipt, "mined");
    return receipt as TransactionReceipt;
  }

  return { ethers, networkHelpers, rollup, address, build, send, timeOf, settings, chainId };
}

function report(name: string, receipt: TransactionReceipt) {
  console.log(name.padEnd(24), receipt.status, Number(receipt.gasUsed));
}

function floorOf(data: string): number {
  const bytes = Buffer.from(data.slice(2), "hex");
  const zeros = bytes.filter((byte) => byte === 0).length;
  return 21000 + 10 * zeros + 40 * (bytes.length - zeros);
}

describe("submission, smoke", () => {
  it("lands, late, in batches, verified, and reverts at the floor", async function () {
    this.timeout(120_000);
    const { ethers, networkHelpers, rollup, build, send, timeOf, settings, chainId, address } = await deploy();
    let parent = ZERO;
    // Wrap the ring with verified checkpoints, settled at once.
    for (let slot = 1; slot <= 5; slot++) {
      const built = await build({ slot, parent, seed: slot });
      const receipt = await send(0, timeOf(slot), [built]);
      assert.equal(receipt.status, 1);
      report(`verified48 #${slot}`, receipt);
      const log = rollup.interface.parseLog(receipt.logs.at(-1) as never) as never as {
        args: Rollup["filters"] & Record<string, never>;
      };
      const a = log.args as never as { facts: bigint; submitter: bigint; recipient: bigint; parent: bigint };
      const coder = ethers.AbiCoder.defaultAbiCoder();
      const details = ethers.keccak256(
        coder.encode(
          ["address", "uint256", "bytes32", "uint256", "bytes32[3]", "uint256", "uint256", "uint256"],
          [
            built.header.onTimeRecipient,
            0,
            built.digest,
            built.signers,
            built.signature,
            a.parent,
            a.submitter,
            a.recipient,
          ],
        ),
      );
      const settle = await (
        await rollup.settle([
          { facts: a.facts, coinbase: built.header.coinbase, outboxRoot: built.header.outboxRoot, details },
        ])
      ).wait();
      if (slot === 5) console.log("settle 1", Number(settle?.gasUsed));
      parent = built.digest;
    }
    await (await rollup.connect(await ethers.getSigner(wallet(2).address)).bond({ value: settings.bondWei })).wait();
    const base = await networkHelpers.takeSnapshot();

    const own = await build({ slot: 6, parent, seed: 6 });
    const onTime = await send(2, timeOf(6), [own]);
    report("onTime.bonded", onTime);
    (await import("node:fs")).writeFileSync(
      "/tmp/trace.json",
      JSON.stringify(
        await ethers.provider.send("debug_traceTransaction", [
          onTime.hash,
          { disableMemory: true, disableStorage: true, disableStack: true },
        ]),
      ),
    );
    assert.equal(onTime.status, 1);
    console.log(
      "floor",
      floorOf(rollup.interface.encodeFunctionData("submit", [[own], wallet(1).address, timeOf(6) + 50])),
    );
    const duplicate = await send(3, timeOf(6, 24), [own]);
    report("duplicate", duplicate);
    const next = await build({ slot: 7, parent: own.digest, seed: 7 });
    report("stale", await send(3, timeOf(9, 24), [next]));
    await base.restore();

    report("late.bonded", await send(2, timeOf(7), [own]));
    const skip = await networkHelpers.takeSnapshot();
    report("batch2.skip", await send(2, timeOf(7, 24), [own, next]));
    await skip.restore();
    await base.restore();
    report("batch2", await send(2, timeOf(7, 24), [own, next]));
    await base.restore();
    const v48 = await send(3, timeOf(6), [own]);
    report("verified48", v48);
    await base.restore();
    report("verified33", await send(3, timeOf(6), [await build({ slot: 6, parent, seed: 6, signers: 33 })]));
    await base.restore();
    report("verified32", await send(3, timeOf(6), [await build({ slot: 6, parent, seed: 6, signers: 32 })]));
    await base.restore();
    const forged = await build({ slot: 6, parent, seed: 6, forged: true });
    const refused = await send(3, timeOf(6), [forged]);
    report("forged, unbonded", refused);
    assert.equal(refused.status, 0);

    await base.restore();
    for (let i = 0; i < 8; i++)
      await (await rollup.deposit(wallet(9).address, { value: 10n ** 9n * BigInt(i + 1) })).wait();
    const inboxHash = (await rollup.inboxHash(8)) as Hex;
    const consuming = await build({ slot: 12, parent, seed: 6, inboxCount: 8, inboxHash });
    const consumed = await send(2, timeOf(12), [consuming]);
    report("onTime.inbox", consumed);
    assert.equal(consumed.status, 1);

    await base.restore();
    const landed = await send(2, timeOf(6), [forged]);
    assert.equal(landed.status, 1);
    const event = rollup.interface.parseLog(landed.logs[0] as never)?.args as never as Record<string, bigint>;
    const accused = {
      facts: event.facts as bigint,
      coinbase: forged.header.coinbase,
      outboxRoot: forged.header.outboxRoot,
      details: {
        onTimeRecipient: forged.header.onTimeRecipient,
        onTimeCapBps: 0,
        digest: forged.digest,
        signers: forged.signers,
        signature: forged.signature,
        parent: event.parent as bigint,
        submitter: event.submitter as bigint,
        recipient: event.recipient as bigint,
      },
    };
    const bad = await networkHelpers.takeSnapshot();
    const cured = await (await rollup.cure(accused, { signers: own.signers, signature: own.signature })).wait();
    console.log("cure", Number(cured?.gasUsed));
    await bad.restore();
    const removed = await (await rollup.challenge([accused])).wait();
    console.log("challenge", Number(removed?.gasUsed), await rollup.tips());
    assert.equal((await rollup.tips()).number, 5n);
    const refilled = await send(3, timeOf(7), [own]);
    report("refilled", refilled);
    assert.equal(refilled.status, 1);

    const fresh = secretKeyFromSeed(new Uint8Array(32).fill(200));
    const owner = wallet(4).address;
    const proof = provePossession({ chainId, registry: address, owner: owner.toLowerCase() as Hex }, fresh);
    const joined = await (
      await rollup.register(owner, publicKeyToSolidity(publicKeyOf(fresh)), signatureToSolidity(proof), {
        value: settings.stakeWei,
      })
    ).wait();
    console.log("register", Number(joined?.gasUsed), await rollup.validatorSet(2).then((s) => s.count));
    console.log("proposer", await rollup.proposerOf(7));
  });
});
