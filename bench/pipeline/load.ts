import { keccak256 } from "ethers";
import { MempoolError } from "../../sdk/agent/mempool/interface.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import type { SimulatedAgent } from "../../test/sim/agent.ts";
import { Chance } from "../../test/sim/chance.ts";
import type { World } from "../../test/sim/world.ts";
import { FastSigner } from "../../test/support/fast-signer.ts";

const GWEI = 10n ** 9n;
const TRANSFER_GAS = 21_000;

/** A transaction of the load, and the agent whose JSON-RPC it was given to. */
export interface Sent {
  hash: Hex;
  atMs: number;
  agent: number;
}

/** Accounts of the load: so many that one's next nonce rarely has to wait for its last. */
const SIGNERS = Array.from({ length: 64 }, (_, index) => new FastSigner(`pipeline load ${index}`));

export const LOAD_ADDRESSES: readonly Hex[] = SIGNERS.map(({ address }) => address);

/**
 * Open-loop load: transfers come at random times whose mean does not depend on what became of those before. Each
 * account has an agent it sends to, and takes the next one while that is down.
 */
export class Load {
  readonly sent: Sent[] = [];
  readonly #world: World;
  readonly #meanMs: number;
  readonly #chance: Chance;
  readonly #nonces = SIGNERS.map(() => 0);

  constructor(world: World, perSecond: number, seed: number) {
    this.#world = world;
    this.#meanMs = 1000 / perSecond;
    this.#chance = new Chance(seed, "load");
  }

  /** Sends from now until `untilMs`. */
  send(untilMs: number): void {
    const { loop } = this.#world;
    const next = (): void => {
      const atMs = loop.nowMs() - this.#meanMs * Math.log(1 - this.#chance.next());
      if (atMs >= untilMs) return;
      loop.at(atMs, () => {
        this.#sendOne();
        next();
      });
    };
    next();
  }

  #sendOne(): void {
    const { loop, setting } = this.#world;
    const from = this.#chance.whole(0, SIGNERS.length - 1);
    const agent = this.#agentOf(from);
    if (agent === undefined) return;
    const nonce = this.#nonces[from] as number;
    this.#nonces[from] = nonce + 1;
    const raw = (SIGNERS[from] as FastSigner).sign({
      chainId: setting.rollup.l2ChainId,
      nonce,
      to: (SIGNERS[(from + 1) % SIGNERS.length] as FastSigner).address,
      valueWei: 1n,
      gasLimit: TRANSFER_GAS,
      maxFeePerGas: 100n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
    this.sent.push({ hash: keccak256(raw) as Hex, atMs: loop.nowMs(), agent: agent.index });
    agent.take(raw).catch((error: unknown) => {
      // Refused, it is in no block, and counts as such.
      if (!(error instanceof MempoolError)) throw error;
    });
  }

  #agentOf(account: number): SimulatedAgent | undefined {
    const { agents } = this.#world;
    const from = account % agents.length;
    return [...agents.slice(from), ...agents.slice(0, from)].find(({ running }) => running !== undefined);
  }
}
