import { Violation } from "../violation.ts";
import type { Sent, Witness } from "../witness.ts";
import { landingOf } from "./calls.ts";

/** One agent's transactions that some L1 node took, by account and nonce: the slots of what was sent there. */
type Places = Map<string, Map<number, Set<number>>>;

/** A checkpoint is in one transaction of an agent at a time, whatever else L1 may still take of it. */
export class CarryingRules implements Witness {
  readonly #taken = new Map<number, Places>();

  onSend(sent: Sent): void {
    for (const slot of landingOf(sent.data).slots) {
      const place = this.otherPlaceOf(sent, slot);
      if (place === undefined) continue;
      const what = `agent-${sent.agent} sends slot ${slot} at ${sent.from}/${sent.nonce}, with ${place} on its way`;
      throw new Violation("no checkpoint is on its way twice", what);
    }
  }

  onTaken({ agent, from, nonce, data }: Sent): void {
    const places = this.#taken.get(agent) ?? new Map();
    const nonces = places.get(from) ?? new Map<number, Set<number>>();
    this.#taken.set(agent, places.set(from, nonces));
    nonces.set(nonce, new Set([...(nonces.get(nonce) ?? []), ...landingOf(data).slots]));
  }

  /** Account and nonce of another transaction of the agent's that L1 may still take, and that carries a slot. */
  otherPlaceOf({ agent, from, nonce, latestNonces }: Sent, slot: number): string | undefined {
    for (const [account, nonces] of this.#taken.get(agent) ?? []) {
      for (const [other, slots] of nonces) {
        const isSame = account === from && other === nonce;
        if (!isSame && other >= (latestNonces.get(account) ?? 0) && slots.has(slot)) return `${account}/${other}`;
      }
    }
    return undefined;
  }
}
