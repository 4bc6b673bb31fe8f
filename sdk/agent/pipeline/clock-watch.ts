import { type ClockSample, clockFault, MIN_CLOCK_SAMPLES } from "../chain/clock.ts";
import { GuardError, type ValidatorSigner } from "../guard/interface.ts";
import type { Network } from "../network/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";

/** Name of the request/response protocol that tells the time. */
const CLOCK_PROTOCOL = "clock";
/** Milliseconds since the Unix epoch, as a 64-bit number. */
const TIME_BYTES = 8;
/** Peers asked each time, at most. */
const MAX_SAMPLES = 8;

export interface ClockWatchParts {
  network: Pick<Network, "request" | "serve">;
  clock: Clock;
  timetable: Timetable;
  /** Time of L1's newest block here, Unix seconds. */
  l1Seconds: () => number;
  /** For all peers of one look together. */
  timeoutMs: number;
  log: Logger;
}

/**
 * Holds this machine's clock against L1's and the peers', and tells them the time. While it is off by more than clocks
 * may differ nothing is signed: what an agent signs at a wrong time others refuse, or worse, take for what it is not.
 */
export class ClockWatch {
  readonly #parts: ClockWatchParts;
  #samples: readonly ClockSample[] = [];
  #isAsking = false;
  #askAtMs = 0;
  #said = false;

  constructor(parts: ClockWatchParts) {
    this.#parts = parts;
    const { network, clock } = parts;
    network.serve(CLOCK_PROTOCOL, () => Promise.resolve(encodeTime(clock.nowMs())));
  }

  /** Looks at what is known, and asks the peers when it is time: once a slot, oftener while too few have answered. */
  tick({ nowMs }: Moment): void {
    this.#look();
    if (this.#isAsking || nowMs < this.#askAtMs) return;
    this.#isAsking = true;
    const { slotSeconds, l1SlotSeconds } = this.#parts.timetable.parameters;
    this.#ask()
      .catch((error: unknown) => {
        this.#samples = [];
        this.#parts.log.debug({ error: String(error) }, "asking peers for the time failed");
      })
      .finally(() => {
        const isEnough = this.#samples.length >= MIN_CLOCK_SAMPLES;
        this.#askAtMs = this.#parts.clock.nowMs() + 1000 * (isEnough ? slotSeconds : l1SlotSeconds);
        this.#isAsking = false;
      });
  }

  /** The same signer, which signs nothing while the clock is off. Rejects with GuardError "clock" then. */
  gate(signer: ValidatorSigner): ValidatorSigner {
    return {
      publicKey: signer.publicKey,
      sign: async (kind, slot, digest, sequence) => {
        const fault = this.#fault();
        if (fault !== undefined) throw new GuardError("clock", fault);
        return signer.sign(kind, slot, digest, sequence);
      },
    };
  }

  #fault(): string | undefined {
    const { clock, timetable, l1Seconds } = this.#parts;
    return clockFault(clock.nowMs(), l1Seconds() * 1000, this.#samples, timetable.parameters.clockDisparityMs);
  }

  /** Said once when it is off, and once when it is right again. */
  #look(): void {
    const fault = this.#fault();
    if ((fault !== undefined) === this.#said) return;
    this.#said = fault !== undefined;
    const { log } = this.#parts;
    if (fault !== undefined) log.error({ reason: fault }, "the clock is off: nothing is signed. Set it by NTP");
    else log.info({}, "the clock is right again");
  }

  async #ask(): Promise<void> {
    const { network, clock, timeoutMs } = this.#parts;
    const samples: ClockSample[] = [];
    // Peers are asked one after the other: each since the one before answered, at the earliest.
    let sinceMs = clock.nowMs();
    await network.request(CLOCK_PROTOCOL, new Uint8Array([0]), timeoutMs, async (answer) => {
      const nowMs = clock.nowMs();
      const theirMs = decodeTime(answer);
      if (theirMs !== undefined) {
        samples.push({ aheadMs: theirMs - (sinceMs + nowMs) / 2, errorMs: (nowMs - sinceMs) / 2 });
      }
      sinceMs = nowMs;
      return samples.length >= MAX_SAMPLES;
    });
    this.#samples = samples;
  }
}

function encodeTime(timeMs: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(TIME_BYTES));
  bytes.setBigUint64(0, BigInt(Math.floor(timeMs)));
  return new Uint8Array(bytes.buffer);
}

/** Undefined for what tells no time. */
function decodeTime(answer: Uint8Array): number | undefined {
  if (answer.length !== TIME_BYTES) return undefined;
  const timeMs = Number(new DataView(answer.buffer, answer.byteOffset, TIME_BYTES).getBigUint64(0));
  return Number.isSafeInteger(timeMs) ? timeMs : undefined;
}
