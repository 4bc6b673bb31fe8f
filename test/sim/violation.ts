/** Something happened that must never happen. */
export class Violation extends Error {
  readonly rule: string;

  constructor(rule: string, what: string) {
    super(`${rule}: ${what}`);
    this.name = "Violation";
    this.rule = rule;
  }
}
