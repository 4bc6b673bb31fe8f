import type { Topic } from "../../../sdk/agent/network/interface.ts";
import type { BlockProposal, Certificate, CheckpointProposal, Vote } from "../../../sdk/agent/types/messages.ts";

/** What an agent gossips, read; transactions pass unread. */
export type Message =
  | { topic: "blocks"; said: BlockProposal }
  | { topic: "checkpoints"; said: CheckpointProposal }
  | { topic: "votes"; said: Vote }
  | { topic: "certificates"; said: Certificate };

/** A message on its way out, or bytes that are none. */
export interface Delivery {
  message: Message | { topic: Topic; bytes: Uint8Array };
  /** Names of the agents that get it first hand; left out: everybody. */
  to?: readonly string[];
  /** When it leaves, in the loop's time; left out: now. */
  atMs?: number;
}

/** One act of a villain, as what its agent's ports do instead of what they should. What is left out they do rightly. */
export interface Scheme {
  /** What goes out instead of what the agent says; undefined: just that. */
  say?(message: Message): Promise<readonly Delivery[] | undefined>;
  /** Whether the agent gets to know what others say. */
  hears?(message: Message): boolean;
  /** What a peer is answered that asked for the checkpoint of a slot, instead of the truth. */
  answer?(truth: Uint8Array | undefined): Promise<Uint8Array | undefined>;
  /** Whether the agent looks after its landings. */
  publishes?(): boolean;
  /** When a transaction reaches L1, in the loop's time, once for each time; left out: now, once. */
  sends?(): readonly number[];
}
