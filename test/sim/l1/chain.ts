import { loadBlobSetup } from "../../../deploy/devnet/l1/blob-setup.ts";
import { HardhatChain, type HardhatProvider } from "../../../deploy/devnet/l1/hardhat-chain.ts";
import { ReorganizingL1 } from "../../../deploy/devnet/l1/reorgs.ts";
import type { Deployment } from "../../../sdk/agent/config/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { deployForSimulation } from "../deployment.ts";
import type { Setting } from "../setting.ts";
import { Answers } from "./answers.ts";
import { createProvider } from "./hardhat.ts";

/** Fees move by at most this part of themselves from block to block. */
const FEE_STEP = 8n;

/** A Hardhat network in this process whose blocks come when the simulation says so, and may go again. */
export class SimulatedL1 {
  readonly deployment: Deployment;
  readonly #provider: HardhatProvider;
  readonly #chain: HardhatChain;
  readonly #answers: Answers;
  readonly #blocks: ReorganizingL1;
  #feesRise = false;
  #isEmpty = false;
  /** The next block is being built: what is sent now comes too late for it. */
  #isClosed = false;
  #tooLate = new Set<string>();
  /** Accounts whose transactions no builder takes, as if they had not been passed on to any. Lower case. */
  readonly ignored = new Set<string>();
  readonly #listeners: ((raw: Hex) => void)[] = [];

  private constructor(provider: HardhatProvider, chain: HardhatChain, deployment: Deployment) {
    this.#provider = provider;
    this.#chain = chain;
    this.#answers = new Answers((method, params) => this.#read(method, params));
    this.#blocks = new ReorganizingL1({
      mark: () => chain.mark(),
      goBack: (mark) => chain.goBack(mark),
      mineAt: (timestamp) => this.#mine(timestamp),
      take: async (raw) => void (await chain.request("eth_sendRawTransaction", [raw])),
    });
    this.deployment = deployment;
  }

  /**
   * @param startSec Time of the first L1 block, Unix seconds.
   * @param bonded Accounts that may land without verification; left out: one of each agent.
   */
  static async create(
    setting: Setting,
    startSec: number,
    genesisTime: number,
    bonded?: readonly Hex[],
  ): Promise<SimulatedL1> {
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
    const deployment = await deployForSimulation(timed, setting, genesisTime, bonded);
    await loadBlobSetup((method, params) => timed.request({ method, params }));
    const chain = new HardhatChain(provider);
    await chain.holdTransactions();
    return new SimulatedL1(provider, chain, deployment);
  }

  /** A client's call. Rejects with what the node answers. */
  request(method: string, params: unknown[]): Promise<unknown> {
    return this.#answers.isRead(method) ? this.#answers.read(method, params) : this.#send(method, params);
  }

  /**
   * Makes the block of the L1 slot that starts at `timestamp`; `feesRise`: with the highest base fee that is lawful;
   * `isEmpty`: with nobody's transaction.
   */
  async mineAt(timestamp: number, { feesRise, isEmpty }: { feesRise: boolean; isEmpty: boolean }): Promise<void> {
    this.#feesRise = feesRise;
    this.#isEmpty = isEmpty;
    await this.#blocks.mineAt(timestamp);
  }

  /** From now on what is sent is not in the next block, but in the one after it. */
  closeBlock(): void {
    this.#isClosed = true;
    this.#tooLate = new Set();
  }

  /** As the devnet's L1 does; `keeps` is asked for each transaction that went. Answers how many slots went. */
  async reorganize(depth: number, keeps: () => boolean): Promise<number> {
    this.#feesRise = false;
    this.#isEmpty = false;
    const gone = await this.#blocks.reorganize(depth, keeps);
    this.#answers.reorganized();
    return gone;
  }

  /** Tells of each transaction that arrives, before it is mined: an L1's pool is public. */
  onSent(listener: (raw: Hex) => void): void {
    this.#listeners.push(listener);
  }

  async setBalance(address: Hex, balanceWei: bigint): Promise<void> {
    await this.#raw("hardhat_setBalance", [address, `0x${balanceWei.toString(16)}`]);
    this.#answers.reorganized();
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

  #read(method: string, params: unknown[]): Promise<unknown> {
    // What cannot be gone back to any more is final: the network's own answer would be its newest block.
    const final = `0x${(this.#blocks.finalBlock ?? 0).toString(16)}`;
    return this.#chain.request(
      method,
      params.map((param) => (param === "finalized" ? final : param)),
    );
  }

  async #send(method: string, params: unknown[]): Promise<unknown> {
    this.#answers.sent();
    const answer = await this.#chain.request(method, params);
    if (method === "eth_sendRawTransaction") {
      if (this.#isClosed) this.#tooLate.add(String(answer));
      for (const listener of this.#listeners) listener(params[0] as Hex);
    }
    return answer;
  }

  async #mine(timestamp: number): Promise<void> {
    if (this.#feesRise) await this.#raiseFees();
    const isTaken = (hash: string, from: string): boolean => !this.#tooLate.has(hash) && !this.ignored.has(from);
    await this.#chain.mineAt(timestamp, ({ hash, from }) => !this.#isEmpty && isTaken(hash, from));
    this.#isClosed = false;
    // Otherwise what has no block of its own, such as an estimate, would see the machine's time.
    await this.#raw("evm_setNextBlockTimestamp", [timestamp]);
    this.#answers.mined();
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
