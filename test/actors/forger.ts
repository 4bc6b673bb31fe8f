// A bonded submitter, a process of its own, that lands a checkpoint which nobody signed when it is told to.
import { Contract, Interface, JsonRpcProvider, Wallet } from "ethers";
import type { ForgerCommand } from "../../deploy/devnet/messages.ts";
import { ROLLUP_ABI } from "../../sdk/abi/generated/rollup.ts";
import { versionedHash } from "../../sdk/blob/kzg.ts";
import { secretKeyFromSeed } from "../../sdk/bls/keys.ts";
import { sign } from "../../sdk/bls/sign.ts";
import { buildSubmitTransaction } from "../../sdk/build/transaction.ts";
import { checkpointDigest } from "../../sdk/digest/checkpoint.ts";
import { EMPTY_INBOX_HASH } from "../../sdk/digest/inbox.ts";
import { getConfig, slotStart } from "../../sdk/get/config.ts";
import { getTips } from "../../sdk/get/tips.ts";
import { signTransaction, zeroBlob } from "../../sdk/submit/transaction.ts";
import type { Hex } from "../../sdk/types/hex.ts";

const GWEI = 10n ** 9n;
/** It wants to be first in its L1 block. */
const FEES = { maxFeePerGasWei: 300n * GWEI, maxPriorityFeePerGasWei: 50n * GWEI, maxFeePerBlobGasWei: 50n * GWEI };
const GAS_LIMIT = 400_000n;
/** What L1's node of the devnet takes. */
const BLOB_PROOFS = 0;
/** Three of four, so that the number of signers is a quorum's. */
const SIGNERS = 0b0111n;
const word = (byte: string): Hex => `0x${byte.repeat(32)}`;

const [url, rollup] = process.argv.slice(2) as [string, Hex];
const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
const wallet = new Wallet(process.env.FORGER_KEY as string, provider);
const ref = { provider, rollup };
const config = await getConfig(ref);
const { chainId } = await provider.getNetwork();

/** Sends a checkpoint of its own making on L1's tip, with a signature of nobody's. */
async function forge(slot: number): Promise<void> {
  const parent = await getTips(ref);
  const account = wallet.address.toLowerCase() as Hex;
  const blob = zeroBlob(BLOB_PROOFS);
  const blobHashes = [versionedHash(blob.commitment)];
  const header = {
    slot,
    lastBlockHash: word("f0"),
    lastBlockNumber: slot * 12,
    inboxCount: parent.inboxCount,
    outboxRoot: word("0f"),
    coinbase: account,
    onTimeRecipient: `0x${"00".repeat(20)}` as Hex,
    onTimeCapBps: 0,
  };
  const digest = checkpointDigest({
    chainId,
    rollup,
    header,
    parentDigest: parent.digest,
    inboxHash: EMPTY_INBOX_HASH,
    blobHashes,
  });
  const signature = sign(digest, secretKeyFromSeed(new Uint8Array(32).fill(7)));
  const submission = { header, digest, blobCount: 1, attestation: { signers: SIGNERS, signature } };
  const { to, data, valueWei, blobs } = buildSubmitTransaction(rollup, [{ submission, blobs: [blob], blobHashes }], {
    recipient: account,
    deadlineSec: slotStart(config, slot + 1) - 1,
  });
  const nonce = await provider.getTransactionCount(wallet.address, "pending");
  const unsigned = { to, data, valueWei, blobs, nonce, chainId: Number(chainId), gasLimit: GAS_LIMIT, fees: FEES };
  const { raw } = await signTransaction(wallet, { ...unsigned, blobWrapperVersion: BLOB_PROOFS });
  await provider.send("eth_sendRawTransaction", [raw]);
}

process.on("disconnect", () => process.exit());
process.on("message", ({ slot }: ForgerCommand) => {
  forge(slot).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
await new Contract(rollup, new Interface(ROLLUP_ABI), wallet).getFunction("bond")({ value: config.bondWei });
