import { Measured } from "./measured.ts";

/** Weight of the newest measurement. */
const WEIGHT = 0.3;
/** A seal is expected to take this long until it was measured. */
const FIRST_SEAL_MS = 50;

/** What the builder knows of the machine it runs on, over all blocks. */
export class Measures {
  /** From the asking to the answer. */
  readonly sealMs = new Measured(WEIGHT, FIRST_SEAL_MS);
  readonly gasPerMs = new Measured(WEIGHT);
  /** How late triggers run. */
  readonly lateMs = new Measured(WEIGHT, 0);

  /** Room for a seal before a trigger, milliseconds. */
  get sealRoomMs(): number {
    return Math.ceil((this.sealMs.value ?? 0) * 1.5);
  }

  /** Room for the last trigger before the block's deadline. */
  get triggerRoomMs(): number {
    return Math.ceil((this.lateMs.value ?? 0) * 1.5);
  }
}
