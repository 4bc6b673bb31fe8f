import type { ChainHead, Condition, Standing } from "./interface.ts";

/** What is remembered of one endpoint. */
export interface EndpointState {
  condition: Condition;
  /** Why it is not sound, for operators; empty if it is. */
  reason: string;
  standing: Standing;
  head: ChainHead | undefined;
  /** Left alone until then: at all, or as long as there is another, as its condition says. */
  notBeforeMs: number;
  /** How long it was left alone the last time. */
  backOffMs: number;
  /** Comparisons in a row that found it sound and level. */
  steadyLooks: number;
  /** Calls without a usable answer. */
  failures: number;
}

/** What happened to one endpoint. */
export type EndpointEvent =
  | { type: "answered" }
  | { type: "failed"; reason: string }
  | { type: "limited"; reason: string; retryAfterMs: number | undefined }
  /** It answered, and its answers contradict each other. */
  | { type: "contradicted"; reason: string }
  | { type: "other-chain"; reason: string }
  /** Beside the others: `head` is undefined if it did not tell. */
  | { type: "compared"; head: ChainHead | undefined; standing: Standing };

/** How long an endpoint is left alone after a first failure; each time in a row twice as long, up to the longest. */
export const FIRST_BACK_OFF_MS = 1_000;
export const LONGEST_BACK_OFF_MS = 60_000;

export const NEW_ENDPOINT: EndpointState = {
  condition: "sound",
  reason: "",
  standing: "level",
  head: undefined,
  notBeforeMs: 0,
  backOffMs: 0,
  steadyLooks: 0,
  failures: 0,
};

const CONDITION_AFTER = {
  failed: "failing",
  limited: "limited",
  contradicted: "inconsistent",
  "other-chain": "wrong-chain",
} as const;

/** Pure: what is remembered of an endpoint after one more event. */
export function afterEvent(state: EndpointState, event: EndpointEvent, nowMs: number): EndpointState {
  switch (event.type) {
    case "answered":
      // An answer on its way since before does not undo that it is to be left alone.
      return state.condition !== "failing" && nowMs < state.notBeforeMs
        ? state
        : { ...state, condition: "sound", reason: "" };
    case "compared": {
      const { head = state.head, standing } = event;
      const isSteady = state.condition === "sound" && standing === "level";
      return { ...state, head, standing, steadyLooks: isSteady ? state.steadyLooks + 1 : 0 };
    }
    default: {
      const failures = state.failures + 1;
      const condition = CONDITION_AFTER[event.type];
      const failed = { ...state, condition, reason: event.reason, failures, steadyLooks: 0 };
      // Calls that were made together fail together: that is one failure.
      if (nowMs < state.notBeforeMs) return failed;
      const backOffMs = Math.min(
        LONGEST_BACK_OFF_MS,
        Math.max(backOffAfter(state, nowMs), event.type === "limited" ? (event.retryAfterMs ?? 0) : 0),
      );
      return { ...failed, backOffMs, notBeforeMs: nowMs + backOffMs };
    }
  }
}

/** Twice the last one, unless it was well since for as long as it had been left alone. */
function backOffAfter({ notBeforeMs, backOffMs }: EndpointState, nowMs: number): number {
  return nowMs - notBeforeMs > backOffMs ? FIRST_BACK_OFF_MS : backOffMs * 2;
}

/** True if it is not to be asked at all now. One that merely fails is asked when there is nobody else. */
export const isLeftAlone = ({ condition, notBeforeMs }: EndpointState, nowMs: number): boolean =>
  condition !== "sound" && condition !== "failing" && nowMs < notBeforeMs;

/** Comparisons in a row after which an endpoint that stands earlier in the configuration is used again. */
export const STEADY_LOOKS = 8;

/** Whom to ask, or until when to wait; undefined if everybody was asked. */
export type Choice = { use: number } | { waitUntilMs: number } | undefined;

/**
 * Pure: the endpoint to ask, among those not tried for this call. Sound before not, on the others' chain before on
 * another, up with them before behind. Among equals it stays what it is, so that L1 is not seen to go back for nothing,
 * until one that the operator named earlier has proven steady.
 */
export function choose(
  states: readonly EndpointState[],
  current: number,
  nowMs: number,
  tried: ReadonlySet<number> = new Set(),
): Choice {
  const left = states.map((state, at) => ({ state, at })).filter(({ at }) => !tried.has(at));
  const free = left.filter(({ state }) => !isLeftAlone(state, nowMs));
  if (free.length === 0) {
    return left.length === 0 ? undefined : { waitUntilMs: Math.min(...left.map(({ state }) => state.notBeforeMs)) };
  }
  const least = Math.min(...free.map(({ state }) => badness(state)));
  const best = free.filter(({ state }) => badness(state) === least);
  const stays = best.find(({ at }) => at === current);
  const better = best.find(({ at, state }) => at < current && state.steadyLooks >= STEADY_LOOKS);
  return { use: (better ?? stays ?? (best[0] as { at: number })).at };
}

const BEHIND = 1;
const FORKED = 2;
const UNSOUND = 4;

function badness({ condition, standing }: EndpointState): number {
  const placed = standing === "forked" ? FORKED : standing === "behind" ? BEHIND : 0;
  return placed + (condition === "sound" ? 0 : UNSOUND);
}
