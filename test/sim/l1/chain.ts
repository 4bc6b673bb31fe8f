import { loadBlobSetup } from "../../../deploy/devnet/l1/blob-setup.ts";
import { HardhatChain, type HardhatProvider } from "../../../deploy/devnet/l1/hardhat-chain.ts";
import type { Deployment } from "../../../sdk/agent/config/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { deployForSimulation } from "../deployment.ts";
import type { Setting } from "../setting.ts";
import { createProvider } from "./hardhat.ts";

/** L1 slots whose state is kept to go back to. */
const KEPT_SLOTS = 16;
/** Fees move by at most this part of themselves from block to block. */
const FEE_STEP = 8n;

/** Before an L1 slot's blocks: what there is to go back to. */
interface Before {
  timestamp: number;
  snapshot: unknown;
  /** Number of the block that was the newest. */
  blockNumber: Hex;
}

/** Calls that change nothing: while L1 stands still, their answers do too. */
const READS = /^eth_(get|call|blockNumber|chainId|estimateGas|maxPriorityFeePerGas|blobBaseFee)/;

/** A Hardhat network in this process whose blocks come when the simulation says so, and may go again. */
export class SimulatedL1 {
  readonly deployment: Deployment;
  readonly #provider: HardhatProvider;
  readonly #chain: HardhatChain;
  readonly #answers = new Map<string, Promise<unknown>>();
  #before: Before[] = [];
  /** What was sent since the oldest state that can be gone back to, by hash. */
  readonly #sent = new Map<Hex, { raw: Hex; timestamp: number }>();
  #lastTimestamp: number;
  /** The next block is being built: what is sent now comes too late for it. */
  #isClosed = false;
  #tooLate = new Set<string>();
  /** Accounts whose transactions no builder takes, as if they had not been passed on to any. Lower case. */
  readonly ignored = new Set<string>();

  private constructor(provider: HardhatProvider, deployment: Deployment, timestamp: number) {
    this.#provider = provider;
    this.#chain = new HardhatChain(provider);
    this.#chain.holdTransactions();
    this.deployment = deployment;
    this.#lastTimestamp = timestamp;
  }

  /** @param startSec Time of the first L1 block, Unix seconds. */
  static async create(setting: Setting, startSec: number, genesisTime: number): Promise<SimulatedL1> {
    const provider = await createProvider(startSec);
    // Each block says its own time: the machine's would make every run another one.
    let timestamp = startSec;
    const timed: HardhatProvider = {
      async request(call) {
        if (call.method.startsWith("eth_send")) {
          await provider.request({ method: "evm_setNextBlockTimestamp", params: [++timestamp] });
        }
        return provider.request(call);
      },
    };
    const deployment = await deployForSimulation(timed, setting, genesisTime);
    await loadBlobSetup((method, params) => timed.request({ method, params }));
    return new SimulatedL1(provider, deployment, timestamp);
  }

  /** A client's call. Rejects with what the node answers. */
  request(method: string, params: unknown[]): Promise<unknown> {
    if (!READS.test(method)) return this.#send(method, params);
    const key = `${method}${JSON.stringify(params)}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    // What cannot be gone back to any more is final: the network's own answer would be its newest block.
    const final = this.#before[0]?.blockNumber ?? "0x0";
    const answer = this.#chain.request(
      method,
      params.map((param) => (param === "finalized" ? final : param)),
    );
    this.#answers.set(key, answer);
    return answer;
  }

  /** Makes the blocks of the L1 slot that starts at `timestamp`; `feesRise`: with the highest base fee that is lawful. */
  async mineAt(timestamp: number, feesRise: boolean): Promise<void> {
    const blockNumber = (await this.#raw("eth_blockNumber", [])) as Hex;
    this.#before.push({ timestamp, snapshot: await this.#raw("evm_snapshot", []), blockNumber });
    if (this.#before.length > KEPT_SLOTS) this.#before.shift();
    for (const [hash, sent] of this.#sent) {
      if (sent.timestamp < (this.#before[0] as Before).timestamp) this.#sent.delete(hash);
    }
    if (feesRise) await this.#raiseFees();
    await this.#chain.mineAt(timestamp, ({ hash, from }) => !this.#tooLate.has(hash) && !this.ignored.has(from));
    this.#isClosed = false;
    // Otherwise what has no block of its own, such as an estimate, would see the machine's time.
    await this.#raw("evm_setNextBlockTimestamp", [timestamp]);
    this.#lastTimestamp = timestamp;
    this.#answers.clear();
  }

  /** From now on what is sent is not in the next block, but in the one after it. */
  closeBlock(): void {
    this.#isClosed = true;
    this.#tooLate = new Set();
  }

  /**
   * The blocks of the last `depth` L1 slots go and others come: the first of them stays empty, so that a time differs;
   * `keeps` says what of their transactions comes again. Answers how many slots went.
   */
  async reorganize(depth: number, keeps: (hash: Hex) => boolean): Promise<number> {
    const gone = this.#before.slice(-depth);
    const first = gone[0];
    if (first === undefined) return 0;
    await this.#raw("evm_revert", [first.snapshot]);
    this.#before = this.#before.slice(0, -gone.length);
    this.#answers.clear();
    for (const [hash, { raw }] of [...this.#sent]) {
      if ((await this.#raw("eth_getTransactionReceipt", [hash])) !== null) continue;
      if (!keeps(hash)) this.#sent.delete(hash);
      else await this.#chain.request("eth_sendRawTransaction", [raw]).catch(() => undefined);
    }
    for (const { timestamp } of gone.slice(1)) await this.mineAt(timestamp, false);
    return gone.length;
  }

  /** What a client of this process reads without delay and without being counted. */
  read<T>(method: string, params: unknown[]): Promise<T> {
    return this.request(method, params) as Promise<T>;
  }

  /** Number and hash of the newest block. */
  async describeHead(): Promise<string> {
    const { number, hash } = await this.read<{ number: Hex; hash: Hex }>("eth_getBlockByNumber", ["latest", false]);
    return `${Number(number)} ${hash.slice(0, 10)}`;
  }

  async #send(method: string, params: unknown[]): Promise<unknown> {
    this.#answers.clear();
    const answer = await this.#chain.request(method, params);
    if (method === "eth_sendRawTransaction") {
      const raw = params[0] as Hex;
      this.#sent.set(String(answer) as Hex, { raw, timestamp: this.#lastTimestamp });
      if (this.#isClosed) this.#tooLate.add(String(answer));
    }
    return answer;
  }

  async #raiseFees(): Promise<void> {
    const { baseFeePerGas } = (await this.#raw("eth_getBlockByNumber", ["latest", false])) as { baseFeePerGas: Hex };
    const raised = BigInt(baseFeePerGas) + BigInt(baseFeePerGas) / FEE_STEP;
    await this.#raw("hardhat_setNextBlockBaseFeePerGas", [`0x${raised.toString(16)}`]);
  }

  #raw(method: string, params: unknown[]): Promise<unknown> {
    return this.#provider.request({ method, params });
  }
}
