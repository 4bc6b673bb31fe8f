import type { Clock } from "../time/interface.ts";
import { assertSameNetwork, type Hello } from "./handshake.ts";
import { seededRandom } from "./seeded-random.ts";

/** How links behave. Probabilities are per packet and direction. */
export interface LinkModel {
  minDelayMs: number;
  maxDelayMs: number;
  loss: number;
  duplication: number;
  /** Chance that a packet takes up to ten times the longest delay and may be overtaken; others keep their order. */
  reordering: number;
}

export const PERFECT_LINK: LinkModel = { minDelayMs: 1, maxDelayMs: 1, loss: 0, duplication: 0, reordering: 0 };

/** What the hub needs of a member. */
export interface Member {
  readonly peerId: string;
  readonly hello: Hello;
  onPeer(peer: Member): void;
  onPeerGone(peer: Member): void;
  onRefused(peer: Member, error: Error): void;
}

const REORDERED_DELAY_FACTOR = 10;

/** The wires between members of an in-memory network: seeded, on the given clock, every link alike. */
export class MemoryHub {
  readonly clock: Clock;
  readonly #random: () => number;
  readonly #members = new Map<string, Member>();
  /** When the last packet in order of each direction of a link arrives. */
  readonly #lastMs = new Map<string, number>();
  #link: LinkModel;
  #groupOf = new Map<string, number>();

  constructor(options: { seed: number; link: LinkModel }, dependencies: { clock: Clock }) {
    this.clock = dependencies.clock;
    this.#random = seededRandom(options.seed);
    this.#link = options.link;
  }

  /** Changes how links behave from now on; packets on their way arrive as they would have. */
  setLink(link: LinkModel): void {
    this.#link = link;
  }

  /** Packets pass only within a group; members in no group pass packets among themselves. Connections stay up. */
  partition(...groups: string[][]): void {
    this.#groupOf = new Map(groups.flatMap((group, at) => group.map((peer): [string, number] => [peer, at + 1])));
  }

  heal(): void {
    this.#groupOf = new Map();
  }

  join(member: Member): void {
    const others = [...this.#members.values()];
    this.#members.set(member.peerId, member);
    for (const other of others) this.#connect(member, other);
  }

  leave(member: Member): void {
    if (!this.#members.delete(member.peerId)) return;
    for (const other of this.#members.values()) {
      other.onPeerGone(member);
      member.onPeerGone(other);
    }
  }

  /** Runs `deliver` when a packet from one member reaches another: once, not at all, or twice. */
  send(from: string, to: string, deliver: () => void): void {
    const { loss, duplication } = this.#link;
    const isCut = (this.#groupOf.get(from) ?? 0) !== (this.#groupOf.get(to) ?? 0);
    if (isCut || this.#random() < loss) return;
    const copies = this.#random() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) this.clock.at(this.#arrivalMs(from, to), deliver);
  }

  #arrivalMs(from: string, to: string): number {
    const { minDelayMs, maxDelayMs, reordering } = this.#link;
    const delayMs = minDelayMs + this.#random() * (maxDelayMs - minDelayMs);
    const nowMs = this.clock.nowMs();
    if (this.#random() < reordering) return nowMs + delayMs + this.#random() * REORDERED_DELAY_FACTOR * maxDelayMs;
    const link = `${from}>${to}`;
    const arrivalMs = Math.max(this.#lastMs.get(link) ?? 0, nowMs + delayMs);
    this.#lastMs.set(link, arrivalMs);
    return arrivalMs;
  }

  #connect(member: Member, other: Member): void {
    try {
      assertSameNetwork(member.hello, other.hello, other.peerId);
    } catch (error) {
      member.onRefused(other, error as Error);
      other.onRefused(member, error as Error);
      return;
    }
    member.onPeer(other);
    other.onPeer(member);
  }
}
