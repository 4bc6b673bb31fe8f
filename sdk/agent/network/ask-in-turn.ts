import type { Clock } from "../time/interface.ts";
import type { Reply } from "./request-server.ts";

/** How long requests wait, in milliseconds. */
export interface RequestTimes {
  /** All peers together. */
  timeoutMs: number;
  /** No peer is given less, however many there are: nobody could answer. The last ones are asked first another time. */
  minShareMs: number;
}

/** A request there, its answer back, and half a hop to find it. */
const SHARE_HOPS = 2.5;
const MIN_SHARE_MS = 500;
/** Peers that may keep silent before one answers, and that one. */
const FULL_SHARES = 3;
const MIN_TIMEOUT_MS = 3_000;

/** What follows from the time one gossip hop is assumed to take; hops on a short link leave room for a busy peer. */
export function requestTimes({ hopSeconds }: { hopSeconds: number }): RequestTimes {
  const minShareMs = Math.max(MIN_SHARE_MS, SHARE_HOPS * 1000 * hopSeconds);
  return { timeoutMs: Math.max(MIN_TIMEOUT_MS, FULL_SHARES * minShareMs), minShareMs };
}

/**
 * Asks one peer after the other until one gives an answer that is accepted; undefined if none did within `timeoutMs`.
 * What is left of the time is shared by those not asked yet, so a peer that keeps silent cannot use up the others' part.
 */
export async function askInTurn(
  peers: readonly string[],
  ask: (peer: string, timeoutMs: number) => Promise<Reply>,
  { timeoutMs, minShareMs }: RequestTimes,
  clock: Clock,
  accept: (answer: Uint8Array) => Promise<boolean> = async () => true,
): Promise<Uint8Array | undefined> {
  const endMs = clock.nowMs() + timeoutMs;
  for (const [at, peer] of peers.entries()) {
    const leftMs = endMs - clock.nowMs();
    if (leftMs <= 0) return undefined;
    try {
      const shareMs = Math.max(minShareMs, leftMs / (peers.length - at));
      const reply = await ask(peer, Math.min(leftMs, shareMs));
      if (reply.status === "answer" && (await accept(reply.data))) return reply.data;
    } catch {
      // Gone, slow or out of protocol: the next one may do better.
    }
  }
  return undefined;
}

/** Begins with another peer each time something is asked, so that none is always asked first; each protocol by itself. */
export class Turns {
  readonly #next = new Map<string, number>();

  /** The peers in the order in which to ask them this time. */
  order<T>(protocol: string, peers: readonly T[]): T[] {
    const turn = this.#next.get(protocol) ?? 0;
    this.#next.set(protocol, turn + 1);
    const from = peers.length === 0 ? 0 : turn % peers.length;
    return [...peers.slice(from), ...peers.slice(0, from)];
  }
}
