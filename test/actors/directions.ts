import type { Direction } from "../../deploy/devnet/messages.ts";

/** What this process has been told to do wrong by whoever started it. */
export class Directions {
  readonly #given: Direction[] = [];

  constructor() {
    process.on("message", (direction: Direction) => this.#given.push(direction));
  }

  /** What was told of a type. */
  all<Type extends Direction["type"]>(type: Type): Extract<Direction, { type: Type }>[] {
    return this.#given.filter((one): one is Extract<Direction, { type: Type }> => one.type === type);
  }

  /** What was told of a type for a slot. */
  of<Type extends Direction["type"]>(type: Type, slot: number): Extract<Direction, { type: Type }> | undefined {
    return this.all(type).find((one) => one.slot === slot);
  }
}
