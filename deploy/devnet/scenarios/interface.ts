import type { RollupEvent } from "../../../sdk/get/events.ts";
import type { Direction } from "../messages.ts";
import type { LoadReport, SlotReport } from "../report.ts";
import type { SentTransaction } from "../sends.ts";

/** Who takes part besides, or in the place of, the four agents as anybody runs them. */
export interface Cast {
  /** The agents do wrong what they are told to, and are otherwise what they always are. */
  directed?: boolean;
  /** Somebody else with an account on L1: an independent submitter, or one that lands what nobody signed. */
  outsider?: "submitter" | "forger";
  /** The agents are connected over links that can be cut. */
  links?: boolean;
}

/** A checkpoint on L1 as it stands at the moment of asking. */
export interface Landing {
  digest: string;
  transactionHash: string;
  blockNumber: number;
  blockHash: string;
}

/** What a scenario acts with. */
export interface Stage {
  /** Name of the agent that proposes for a slot. */
  proposerOf(slot: number): Promise<string>;
  /** Unix ms; fractions of a slot are allowed. */
  slotStartMs(slot: number): number;
  /** Ends an agent as a power cut would. */
  kill(name: string): Promise<void>;
  /** Ends these agents at once as a power cut would, and starts them again on what they left on disk. */
  restart(names: string[]): Promise<void>;
  direct(name: string, direction: Direction): void;
  /** Tells the outsider that lands what nobody signed for which slot to do so. */
  forge(slot: number): void;
  /** Agents that are apart do not reach each other from now on; the others do. */
  separate(areApart: (one: string, other: string) => boolean): void;
  /** All agents reach each other again. */
  heal(): void;
  /** Replaces the blocks of the last `depth` L1 slots; resolves with how many slots that were. */
  reorganizeL1(depth: number, keeps: boolean): Promise<number>;
  /** The checkpoint of a slot on L1, if it is there now, and the L1 slots from its block to the head, both included. */
  landingOf(slot: number): Promise<{ landing: Landing; depth: number } | undefined>;
  /** Puts a line into the timeline. */
  say(what: string): void;
}

/** Something done at a time, Unix ms. */
export interface Act {
  atMs: number;
  act(): Promise<void> | void;
}

/** What must become of a slot's checkpoint. */
export type Due = "landed" | "lost" | "either";

/** One line of the verdict. */
export interface Check {
  what: string;
  ok: boolean;
  /** What there was, in words. */
  found: string;
}

/** What is known when a run is over, read anew from L1, the load and the agents. */
export interface Evidence {
  rows: SlotReport[];
  load: LoadReport;
  /** What the rollup told, in the canonical L1 chain, in its order. */
  events: RollupEvent[];
  /** Every L1 transaction that was to land a checkpoint. */
  sends: SentTransaction[];
  /** The agents that answer, and whether their chain holds the last block that is on L1. */
  agents: { name: string; agrees: boolean }[];
  /** Time of an L1 block that holds an event, Unix seconds. */
  timeOf(l1Block: number): number;
  /** Whose an L1 account is; the account itself if nobody's here. */
  nameOf(account: string): string;
}

/** A scenario once the schedule is known. */
export interface Plan {
  acts: Act[];
  /** Left out: every checkpoint must land. */
  due?(row: SlotReport): Due;
  /** Whose bond may be slashed; left out: nobody's. */
  forger?: string;
  /** Somebody sends at the last moment, or against another: a transaction too many may be mined, for its gas. */
  races?: boolean;
  /** What this scenario was to show. */
  judge(evidence: Evidence): Check[];
}

export interface Scenario {
  /** One line: what is done, and what to expect. */
  expectation: string;
  /** Slots a run has unless it is told otherwise, and at least. */
  slots: number;
  cast: Cast;
  /** Called once, shortly before genesis. */
  plan(stage: Stage): Promise<Plan>;
}
