import type { Clock } from "../time/interface.ts";
import type { Reply } from "./request-server.ts";

/** No peer is given less, however many there are: nobody could answer. The last ones are asked first another time. */
const MIN_SHARE_MS = 500;

/**
 * Asks one peer after the other until one gives an answer that is accepted; undefined if none did within `timeoutMs`.
 * What is left of the time is shared by those not asked yet, so a peer that keeps silent cannot use up the others' part.
 */
export async function askInTurn(
  peers: readonly string[],
  ask: (peer: string, timeoutMs: number) => Promise<Reply>,
  timeoutMs: number,
  clock: Clock,
  accept: (answer: Uint8Array) => Promise<boolean> = async () => true,
): Promise<Uint8Array | undefined> {
  const endMs = clock.nowMs() + timeoutMs;
  for (const [at, peer] of peers.entries()) {
    const leftMs = endMs - clock.nowMs();
    if (leftMs <= 0) return undefined;
    try {
      const shareMs = Math.max(MIN_SHARE_MS, leftMs / (peers.length - at));
      const reply = await ask(peer, Math.min(leftMs, shareMs));
      if (reply.status === "answer" && (await accept(reply.data))) return reply.data;
    } catch {
      // Gone, slow or out of protocol: the next one may do better.
    }
  }
  return undefined;
}

/** The list begun at another place each time, so that no peer is always asked first. */
export function rotated<T>(items: readonly T[], turn: number): T[] {
  const from = items.length === 0 ? 0 : turn % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}
