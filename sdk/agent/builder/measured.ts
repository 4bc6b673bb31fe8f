/** A quantity that is measured again and again, as it is lately. */
export class Measured {
  readonly #weight: number;
  #value: number | undefined;

  /** @param weight Of the newest measurement, 0 to 1. */
  constructor(weight: number, expected?: number) {
    this.#weight = weight;
    this.#value = expected;
  }

  /** Undefined while nothing was measured or expected. */
  get value(): number | undefined {
    return this.#value;
  }

  add(measured: number): void {
    this.#value = this.#value === undefined ? measured : this.#value + this.#weight * (measured - this.#value);
  }
}
