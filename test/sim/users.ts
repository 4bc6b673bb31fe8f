import { Interface, keccak256 } from "ethers";
import { L2_OUTBOX_ABI } from "../../sdk/abi/generated/l2Outbox.ts";
import { MempoolError } from "../../sdk/agent/mempool/interface.ts";
import { L2_OUTBOX_ADDRESS } from "../../sdk/outbox/predeploy.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import { FastSigner } from "../support/fast-signer.ts";
import type { SimulatedAgent } from "./agent.ts";
import type { Chance } from "./chance.ts";
import type { ShownTransactions } from "./invariants/transactions.ts";
import type { EventLoop } from "./loop.ts";
import type { Trace } from "./trace.ts";

const GWEI = 10n ** 9n;
const TRANSFER_GAS = 21_000;
const WITHDRAW_GAS = 200_000;
/** Share of the transactions that go back to L1. */
const WITHDRAW_PROBABILITY = 0.1;
const outbox = new Interface(L2_OUTBOX_ABI);

/** A wallet sends again what it does not see in a block for so long. */
const PATIENCE_MS = 3_000;

interface Sent {
  raw: Hex;
  hash: Hex;
  atMs: number;
}

interface User {
  signer: FastSigner;
  nonce: number;
  /** Not seen in a block yet, oldest first. */
  waiting: Sent[];
}

/** Where they live. */
export interface Town {
  loop: EventLoop;
  trace: Trace;
  agents: readonly SimulatedAgent[];
  shown: ShownTransactions;
}

/** People with wallets: each sends small transfers and withdrawals, now and then, to whichever agent answers, and follows them. */
export class Users {
  readonly #users: User[];
  readonly #chainId: number;
  readonly #chance: Chance;

  /** @param chainId of L2. */
  constructor(count: number, chainId: number, chance: Chance) {
    this.#chainId = chainId;
    this.#users = Array.from({ length: count }, (_, i) => ({
      signer: new FastSigner(`simulated user ${i}`),
      nonce: 0,
      waiting: [],
    }));
    this.#chance = chance;
  }

  get addresses(): Hex[] {
    return this.#users.map(({ signer }) => signer.address);
  }

  /** Now and then one of them sends, until `untilMs`. */
  send({ loop, trace, agents, shown }: Town, untilMs: number): void {
    const again = (): void => {
      const atMs = loop.nowMs() + this.#chance.between(100, 900);
      if (atMs < untilMs) loop.at(atMs, next);
    };
    const next = (): void => {
      const up = agents.filter(({ running }) => running !== undefined);
      if (up.length > 0) this.#sendOne(loop, trace, shown, this.#chance.pick(up));
      again();
    };
    again();
  }

  #sendOne(loop: EventLoop, trace: Trace, shown: ShownTransactions, agent: SimulatedAgent): void {
    const user = this.#chance.pick(this.#users);
    user.waiting = user.waiting.filter(({ hash }) => !shown.has(hash));
    const oldest = user.waiting[0];
    const isLate = oldest !== undefined && oldest.atMs + PATIENCE_MS < loop.nowMs();
    const sent = isLate ? oldest : this.#next(user, loop.nowMs());
    sent.atMs = loop.nowMs();
    const name = sent.hash.slice(0, 10);
    trace.add(loop.nowMs(), "user", `sends ${name} to ${agent.name}${isLate ? " again" : ""}`);
    agent.take(sent.raw).catch((error: unknown) => {
      if (!(error instanceof MempoolError)) throw error;
      trace.add(loop.nowMs(), "user", `${name} is refused: ${error.code}`);
    });
  }

  #next(user: User, nowMs: number): Sent {
    const { address } = this.#chance.pick(this.#users).signer;
    const raw = user.signer.sign({
      chainId: this.#chainId,
      nonce: user.nonce++,
      valueWei: 1n,
      ...(this.#chance.hits(WITHDRAW_PROBABILITY)
        ? { to: L2_OUTBOX_ADDRESS, gasLimit: WITHDRAW_GAS, data: encodeWithdrawal(address) }
        : { to: address, gasLimit: TRANSFER_GAS }),
      maxFeePerGas: 100n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
    const sent = { raw, hash: keccak256(raw) as Hex, atMs: nowMs };
    user.waiting.push(sent);
    return sent;
  }
}

const encodeWithdrawal = (recipient: Hex): Hex => outbox.encodeFunctionData("withdraw", [recipient]) as Hex;
