import type { Common } from "@ethereumjs/common";
import type { AccessListEntry, AccessListResult, CallOverrides } from "../../types/calls.ts";
import type { KnownBlock } from "../chain/block.ts";
import {
  type CallRequest,
  type CallResult,
  EngineError,
  type SimulatedBlock,
  type SimulationStep,
} from "../interface.ts";
import { Serial } from "../serial.ts";
import { StateLayer } from "../state/state-layer.ts";
import type { StateSource } from "../state/state-reader.ts";
import { mergeLists } from "./access-list.ts";
import { CallMachine, type Execution } from "./call-machine.ts";
import { checkRequest, gasCap } from "./call-request.ts";
import { overrideHeader, overrideState } from "./overrides.ts";
import { Simulation } from "./simulation.ts";

/** Calls waiting or running at once; more are refused, because each may take as long as a block. */
export const MAX_WAITING_CALLS = 64;
/** An estimate is at most this much, in parts of 10,000, above what the transaction needs. */
const ESTIMATE_TOLERANCE = 150n;
const TRANSFER_GAS = 21_000n;
/** A call that takes another way for what it is told about its way is not followed for ever. */
const MAX_LIST_ROUNDS = 8;

/** Where a call runs. */
interface Place {
  block: KnownBlock;
  overrides: CallOverrides;
}

/** Runs transactions that are never kept, each on a state of its own. Has its own EVM, so blocks do not wait for it. */
export class CallRunner {
  readonly #rules: Common;
  readonly #source: StateSource;
  readonly #machine: CallMachine;
  readonly #serial = new Serial();
  #waiting = 0;

  private constructor(rules: Common, source: StateSource, machine: CallMachine) {
    this.#rules = rules;
    this.#source = source;
    this.#machine = machine;
  }

  static async create(rules: Common, source: StateSource): Promise<CallRunner> {
    return new CallRunner(rules, source, await CallMachine.create(rules));
  }

  /** Executes on top of `block`, in its context, with at most its gas limit. */
  call(request: CallRequest, block: KnownBlock, overrides: CallOverrides = {}): Promise<CallResult> {
    checkRequest(request);
    const place = { block, overrides };
    return this.#queue(async () => withoutSlots(await this.#execute(request, place, cap(request, place))));
  }

  /** The smallest gas limit (within 1.5 %) at which the transaction succeeds; the failure itself if it never does. */
  estimateGas(request: CallRequest, block: KnownBlock, overrides: CallOverrides = {}): Promise<CallResult> {
    checkRequest(request);
    return this.#queue(async () => withoutSlots(await this.#estimate(request, { block, overrides })));
  }

  /** All that the transaction touches but did not have to declare, found by running it until it touches no more. */
  createAccessList(request: CallRequest, block: KnownBlock, overrides: CallOverrides = {}): Promise<AccessListResult> {
    checkRequest(request);
    const place = { block, overrides };
    return this.#queue(async () => {
      let accessList: AccessListEntry[] = mergeLists(request.accessList ?? [], []);
      for (let round = 1; ; round++) {
        const execution = await this.#execute({ ...request, accessList }, place, cap(request, place));
        const { gasUsed, touched } = execution;
        if (touched.length === 0 || round === MAX_LIST_ROUNDS) {
          return { accessList, gasUsed, ...(execution.ok ? {} : { error: execution.reason }) };
        }
        accessList = mergeLists(accessList, touched);
      }
    });
  }

  /** Blocks of calls, one upon the other, on top of `block`. */
  simulate(steps: readonly SimulationStep[], block: KnownBlock): Promise<SimulatedBlock[]> {
    for (const { calls } of steps) for (const call of calls) checkRequest(call);
    return this.#queue(() => new Simulation(this.#rules, this.#machine, this.#source, block).run(steps));
  }

  /** Resolves when no call is running. */
  idle(): Promise<void> {
    return this.#serial.idle();
  }

  async #estimate(request: CallRequest, place: Place): Promise<Execution> {
    const most = cap(request, place);
    const isPlain = (request.data ?? "0x") === "0x" && request.to !== undefined;
    if (isPlain && request.accessList === undefined && request.authorizations === undefined) {
      const transfer = await this.#execute(request, place, TRANSFER_GAS);
      if (transfer.ok) return { ...transfer, gasUsed: TRANSFER_GAS };
    }
    const generous = await this.#execute(request, place, most);
    if (!generous.ok) return generous;
    // What was used is a lower bound; one part in 64 stays behind at each call, so a little more nearly always suffices.
    let low = generous.gasUsed - 1n;
    let high = most;
    let probe = (generous.gasUsed * 65n) / 64n + 2_300n;
    while (high - low > (high * ESTIMATE_TOLERANCE) / 10_000n) {
      if (probe <= low || probe >= high) probe = (low + high) / 2n;
      if ((await this.#execute(request, place, probe)).ok) high = probe;
      else low = probe;
      probe = (low + high) / 2n;
    }
    return { ...generous, gasUsed: high };
  }

  #execute(request: CallRequest, { block, overrides }: Place, gasLimit: bigint): Promise<Execution> {
    const layer = new StateLayer(this.#source, block.header.stateRoot);
    overrideState(layer, overrides.state ?? {});
    return this.#machine.run(request, layer, overrideHeader(block.header, overrides.block ?? {}), gasLimit);
  }

  async #queue<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING_CALLS) {
      throw new EngineError("overloaded", `${MAX_WAITING_CALLS} calls are waiting already, try again later`);
    }
    this.#waiting++;
    try {
      return await this.#serial.run(task);
    } finally {
      this.#waiting--;
    }
  }
}

function cap(request: CallRequest, { block, overrides }: Place): bigint {
  return gasCap(request, { gasLimit: overrides.block?.gasLimit ?? block.header.gasLimit });
}

const withoutSlots = ({ touched: _, ...result }: Execution): CallResult => result;
