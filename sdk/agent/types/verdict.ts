/** Judgement on something that came from outside. `ignore`: not wrong, not useful. `reject`: the sender is at fault. */
export type Verdict =
  | { verdict: "accept" }
  | { verdict: "ignore"; reason: string }
  | { verdict: "reject"; reason: string };

export const ACCEPT: Verdict = { verdict: "accept" };
export const ignore = (reason: string): Verdict => ({ verdict: "ignore", reason });
export const reject = (reason: string): Verdict => ({ verdict: "reject", reason });
