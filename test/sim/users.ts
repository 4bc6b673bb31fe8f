import { keccak256 } from "ethers";
import { L2_CHAIN_ID } from "../../deploy/devnet/agents.ts";
import { MempoolError } from "../../sdk/agent/mempool/interface.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import { FastSigner } from "../support/fast-signer.ts";
import type { SimulatedAgent } from "./agent.ts";
import type { Chance } from "./chance.ts";
import type { EventLoop } from "./loop.ts";
import type { Trace } from "./trace.ts";

const GWEI = 10n ** 9n;
const TRANSFER_GAS = 21_000;

interface User {
  signer: FastSigner;
  nonce: number;
}

/** People with wallets: each sends small transfers, now and then, to whichever agent answers. */
export class Users {
  readonly #users: User[];
  readonly #chance: Chance;

  constructor(count: number, chance: Chance) {
    this.#users = Array.from({ length: count }, (_, i) => ({
      signer: new FastSigner(`simulated user ${i}`),
      nonce: 0,
    }));
    this.#chance = chance;
  }

  get addresses(): Hex[] {
    return this.#users.map(({ signer }) => signer.address);
  }

  /** One after the other sends, every `minMs` to `maxMs`, until `untilMs`. */
  send(loop: EventLoop, trace: Trace, agents: readonly SimulatedAgent[], untilMs: number): void {
    const again = (): void => {
      const atMs = loop.nowMs() + this.#chance.between(100, 900);
      if (atMs < untilMs) loop.at(atMs, next);
    };
    const next = (): void => {
      const up = agents.filter(({ running }) => running !== undefined);
      if (up.length > 0) this.#sendOne(loop, trace, this.#chance.pick(up));
      again();
    };
    again();
  }

  #sendOne(loop: EventLoop, trace: Trace, agent: SimulatedAgent): void {
    const user = this.#chance.pick(this.#users);
    const raw = user.signer.sign({
      chainId: L2_CHAIN_ID,
      nonce: user.nonce,
      to: this.#chance.pick(this.#users).signer.address,
      valueWei: 1n,
      gasLimit: TRANSFER_GAS,
      maxFeePerGas: 100n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
    user.nonce++;
    const hash = keccak256(raw).slice(0, 10);
    trace.add(loop.nowMs(), "user", `sends ${hash} to ${agent.name}`);
    agent.take(raw).catch((error: unknown) => {
      if (!(error instanceof MempoolError)) throw error;
      trace.add(loop.nowMs(), "user", `${hash} is refused: ${error.code}`);
    });
  }
}
