import { Interface, type Result, Transaction, Wallet } from "ethers";
import { SUBMITTER } from "../../../deploy/devnet/accounts.ts";
import { readTransaction } from "../../../deploy/devnet/l1/pool.ts";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { joinSignature } from "../../../sdk/bls/solidity.ts";
import { buildCalldata } from "../../../sdk/build/calldata.ts";
import { checkpointDigest } from "../../../sdk/digest/checkpoint.ts";
import { digestInboxHash, EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import { getInboxHash, getRefundsHash } from "../../../sdk/get/inbox.ts";
import { getTips } from "../../../sdk/get/tips.ts";
import { signTransaction } from "../../../sdk/submit/transaction.ts";
import type { CheckpointHeader } from "../../../sdk/types/header.ts";
import { type Hex, hexToBytes } from "../../../sdk/types/hex.ts";
import { SimulatedL1Provider } from "../l1/provider.ts";
import type { Act } from "./acts.ts";
import type { Villain } from "./villain.ts";

const GWEI = 10n ** 9n;
/** Outbids every agent. */
const FEES = { maxFeePerGasWei: 900n * GWEI, maxPriorityFeePerGasWei: 300n * GWEI, maxFeePerBlobGasWei: 900n * GWEI };
const GAS_LIMIT = 1_000_000n;
const FORGE_PROBABILITY = 0.35;
const COPY_PROBABILITY = 0.5;

const rollupAbi = new Interface(ROLLUP_ABI);

/** A bonded submitter that sees what others send to L1 before it is mined, and makes the worst of it. */
export class Crook {
  readonly #villain: Villain;
  readonly #acts: readonly Act[];
  readonly #wallet = new Wallet(SUBMITTER.key);
  readonly #provider: SimulatedL1Provider;

  constructor(villain: Villain, acts: readonly Act[]) {
    const { l1 } = villain.haunts;
    this.#villain = villain;
    this.#acts = acts;
    this.#provider = new SimulatedL1Provider(l1.deployment.chainId, (method, params) => l1.request(method, params));
  }

  /** Starts to listen. */
  watch(): void {
    const { l1, loop } = this.#villain.haunts;
    l1.onSent((raw) => {
      const { type, from } = readTransaction(raw);
      if (!this.#villain.isActive || type !== 3 || from === SUBMITTER.address) return;
      const nowMs = loop.nowMs();
      if (this.#does("forges", FORGE_PROBABILITY)) loop.at(nowMs + 1, () => this.#forge(Transaction.from(raw)));
      if (this.#does("copies", COPY_PROBABILITY)) {
        const { slotSeconds } = this.#villain.haunts.setting.parameters;
        loop.at(nowMs + this.#villain.chance.pick([1, 4_000, slotSeconds * 1000]), () =>
          this.#copy(Transaction.from(raw)),
        );
      }
    });
  }

  #does(act: Act, probability: number): boolean {
    return this.#villain.chance.hits(probability) && this.#acts.includes(act);
  }

  /** The same call with the same blobs, for a higher price. */
  async #copy(sent: Transaction): Promise<void> {
    this.#villain.note(`copies ${sent.hash?.slice(0, 10)}`);
    await this.#send(sent.data as Hex, sent);
  }

  /** In the place of a checkpoint another one that nobody signed, with signatures of the first. */
  async #forge(sent: Transaction): Promise<void> {
    const { chainId, rollup } = this.#villain.haunts.l1.deployment;
    const ref = { provider: this.#provider, rollup };
    const call = rollupAbi.parseTransaction({ data: sent.data });
    if (call?.name !== "submit") return;
    if (!(await this.#isBonded())) return this.#bond();
    const [original] = call.args.getValue("submissions") as Result[];
    if (original === undefined) return;
    const tips = await getTips(ref);
    const header: CheckpointHeader = {
      ...headerOf(original.getValue("header")),
      lastBlockHash: `0x${"f0".repeat(32)}`,
      coinbase: SUBMITTER.address,
    };
    const { epochSlots } = this.#villain.haunts.setting.parameters;
    const inboxHash =
      header.inboxCount === tips.inboxCount
        ? EMPTY_INBOX_HASH
        : digestInboxHash(
            await getInboxHash(ref, header.inboxCount),
            await getRefundsHash(ref, Math.floor(header.slot / epochSlots)),
          );
    const blobCount = Number(original.getValue("blobCount"));
    const blobHashes = (sent.blobVersionedHashes ?? []).slice(0, blobCount) as Hex[];
    const content = { chainId: BigInt(chainId), rollup, header, parentDigest: tips.digest, inboxHash, blobHashes };
    const attestation = {
      signers: original.getValue("signers") as bigint,
      signature: joinSignature((original.getValue("signature") as Result).toArray() as never),
    };
    const submission = { header, digest: checkpointDigest(content), blobCount, attestation };
    this.#villain.note(`forges slot ${header.slot}`);
    const deadlineSec = Math.floor(this.#villain.haunts.loop.nowMs() / 1000) + 10;
    await this.#send(
      buildCalldata({ submissions: [submission], recipient: SUBMITTER.address, deadlineSec }),
      sent,
      blobCount,
    );
  }

  async #isBonded(): Promise<boolean> {
    const { rollup } = this.#villain.haunts.l1.deployment;
    const data = rollupAbi.encodeFunctionData("bondOf", [SUBMITTER.address]);
    const answer = await this.#provider.call({ to: rollup, data });
    return Boolean(rollupAbi.decodeFunctionResult("bondOf", answer).getValue("active"));
  }

  async #bond(): Promise<void> {
    const { bondWei } = this.#villain.haunts.setting.rollup;
    await this.#send(rollupAbi.encodeFunctionData("bond") as Hex, undefined, 0, bondWei);
  }

  async #send(data: Hex, with_: Transaction | undefined, blobCount?: number, valueWei = 0n): Promise<void> {
    const { chainId, rollup } = this.#villain.haunts.l1.deployment;
    const nonce = await this.#provider.getTransactionCount(SUBMITTER.address, "pending");
    const blobs = (with_?.blobs ?? []).slice(0, blobCount).map(({ data: bytes, commitment, proof }) => ({
      data: hexToBytes(bytes as Hex),
      commitment: commitment as Hex,
      proof: proof as Hex,
    }));
    const unsigned = { chainId, nonce, to: rollup, data, valueWei, gasLimit: GAS_LIMIT, fees: FEES, blobs };
    const { raw } = await signTransaction(this.#wallet, { ...unsigned, blobWrapperVersion: 0 });
    await this.#provider.send("eth_sendRawTransaction", [raw]).catch((error: unknown) => {
      this.#villain.note(`is refused: ${String(error).slice(0, 80)}`);
    });
  }
}

function headerOf(value: Result): CheckpointHeader {
  const found = value.toObject();
  return {
    slot: Number(found.slot),
    lastBlockHash: found.lastBlockHash,
    lastBlockNumber: Number(found.lastBlockNumber),
    inboxCount: Number(found.inboxCount),
    outboxRoot: found.outboxRoot,
    coinbase: found.coinbase,
    onTimeRecipient: found.onTimeRecipient,
    onTimeCapBps: Number(found.onTimeCapBps),
  };
}
