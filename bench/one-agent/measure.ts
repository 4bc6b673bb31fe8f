import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MempoolError } from "../../sdk/agent/mempool/interface.ts";
import { BLOB_PAYLOAD_BYTES, payloadBytes } from "../../sdk/blob/layout.ts";
import { configOf } from "../../test/sim/config.ts";
import { EventLoop } from "../../test/sim/loop.ts";
import { type LoneAgent, startAgent } from "./agent.ts";
import { Outside } from "./outside.ts";
import { type Sample, slope, takeSample } from "./samples.ts";
import { GENESIS_SEC, KEEP_SLOTS, L1_START_SEC, SETTING } from "./setting.ts";

/** What one agent takes. Growth is the slope of a line through the second half of the samples, one a slot. */
export interface OneAgentFigures {
  virtualMinutes: number;
  transactions: number;
  /** That the pool refused. */
  refused: number;
  /** Slots whose checkpoint is not on L1; those of the last slots cannot be. */
  slotsNotLanded: number;
  /** Share of its blobs that a checkpoint fills, mean. */
  dataBudgetUsed: number;
  /** Of all threads, collections of garbage for the samples included. */
  cpuSeconds: number;
  /** Of the virtual time, on one core. */
  cpuShare: number;
  /** At the end, as the others without a slope. */
  liveMb: number;
  liveMbPerSlot: number;
  anonymousMb: number;
  anonymousMbPerSlot: number;
  mappedMb: number;
  diskMb: number;
  diskMbPerSlot: number;
}

/** From the agent's start to the start of slot 0, L1's first block in it. */
const WARM_UP_SEC = 6;
/** Slots at the end that are still being built, or on their way to L1. */
const UNFINISHED_SLOTS = 2;

/** Lets one agent do all the work of a rollup for so many slots, under virtual time. Needs `--expose-gc`. */
export async function measureOneAgent(
  slots: number,
  rate: number,
  onSample: (sample: Sample) => void,
): Promise<OneAgentFigures> {
  // In memory, where there is such a directory: how fast the machine's disk is does not count.
  const shared = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const directory = mkdtempSync(join(shared, "baton-one-agent-"));
  const outside = await Outside.start();
  const loop = new EventLoop((GENESIS_SEC - WARM_UP_SEC) * 1000);
  const config = {
    ...configOf(SETTING, 0, directory, L1_START_SEC, outside.addresses),
    history: { keepSlots: KEEP_SLOTS },
  };
  let lone: LoneAgent | undefined;
  loop.at(loop.nowMs(), () => {
    void startAgent(config, outside, loop).then((started) => {
      lone = started;
    });
  });
  try {
    while (lone === undefined) await loop.step(GENESIS_SEC * 1000);
    return await new Measurement(lone, outside, loop, directory, onSample).run(slots, rate);
  } finally {
    await lone?.close();
    outside.end();
    rmSync(directory, { recursive: true, force: true });
  }
}

class Measurement {
  readonly #lone: LoneAgent;
  readonly #outside: Outside;
  readonly #loop: EventLoop;
  readonly #directory: string;
  readonly #onSample: (sample: Sample) => void;
  readonly #samples: Sample[] = [];
  /** Share of its blobs that the checkpoint of each slot fills. */
  readonly #filled = new Map<number, number>();
  #sent = 0;
  #refused = 0;

  constructor(
    lone: LoneAgent,
    outside: Outside,
    loop: EventLoop,
    directory: string,
    onSample: (sample: Sample) => void,
  ) {
    this.#lone = lone;
    this.#outside = outside;
    this.#loop = loop;
    this.#directory = directory;
    this.#onSample = onSample;
  }

  async run(slots: number, rate: number): Promise<OneAgentFigures> {
    const { slotSeconds, l1SlotSeconds } = SETTING.parameters;
    const endSec = GENESIS_SEC + slots * slotSeconds;
    this.#every(l1SlotSeconds, endSec, (nowSec) => this.#outside.mineAt(nowSec));
    this.#every(1, endSec, () => this.#send(rate));
    this.#every(slotSeconds, endSec + 1, () => this.#sample());
    let landed = 0;
    this.#lone.agent.events.on((event) => {
      if (event.type === "submitted") landed++;
    });
    const before = process.cpuUsage();
    while (await this.#loop.step(endSec * 1000 + 1));
    const { user, system } = process.cpuUsage(before);
    const cpuSeconds = (user + system) / 1e6;
    const full = [...this.#filled.values()].slice(1, -UNFINISHED_SLOTS);
    const { liveMb, anonymousMb, mappedMb, diskMb } = this.#samples.at(-1) as Sample;
    return {
      virtualMinutes: (slots * slotSeconds) / 60,
      transactions: this.#sent,
      refused: this.#refused,
      slotsNotLanded: slots - landed,
      dataBudgetUsed: full.reduce((sum, value) => sum + value, 0) / full.length,
      cpuSeconds,
      cpuShare: cpuSeconds / (slots * slotSeconds),
      liveMb,
      liveMbPerSlot: this.#growth("liveMb"),
      anonymousMb,
      anonymousMbPerSlot: this.#growth("anonymousMb"),
      mappedMb,
      diskMb,
      diskMbPerSlot: this.#growth("diskMb"),
    };
  }

  /** From genesis on. */
  #every(seconds: number, endSec: number, task: (nowSec: number) => unknown): void {
    const at = (nowSec: number): void => {
      if (nowSec >= endSec) return;
      this.#loop.at(nowSec * 1000, async () => {
        await task(nowSec);
        at(nowSec + seconds);
      });
    };
    at(GENESIS_SEC);
  }

  async #send(count: number): Promise<void> {
    for (const raw of await this.#outside.transfers(count)) {
      this.#sent++;
      this.#lone.mempool.add(raw).catch((error: unknown) => {
        if (!(error instanceof MempoolError)) throw error;
        this.#refused++;
      });
    }
  }

  #sample(): void {
    const sample = takeSample(this.#directory);
    this.#samples.push(sample);
    this.#onSample(sample);
    const { store, agent } = this.#lone;
    const { slot } = agent.keeper.tips.submitted;
    const bytes = payloadBytes(store.blocksOf(slot).map(({ data }) => data.length));
    if (slot > 0) this.#filled.set(slot, bytes / (SETTING.parameters.maxBlobsPerCheckpoint * BLOB_PAYLOAD_BYTES));
  }

  #growth(key: keyof Sample): number {
    return slope(this.#samples.slice(this.#samples.length >> 1).map((sample) => sample[key]));
  }
}
