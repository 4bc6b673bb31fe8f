import type { Direction } from "../../deploy/devnet/messages.ts";

/** What this process has been told to do wrong by whoever started it. */
export class Directions {
  readonly #given: Direction[] = [];

  constructor() {
    process.on("message", (direction: Direction) => this.#given.push(direction));
  }

  /** Directions of a type for a slot. */
  of<Type extends Direction["type"]>(type: Type, slot: number): Extract<Direction, { type: Type }> | undefined {
    const isIt = (one: Direction): one is Extract<Direction, { type: Type }> => one.type === type && one.slot === slot;
    return this.#given.find(isIt);
  }
}
