import type { SendOptions } from "../../fixture.ts";
import type { Mined } from "../../support/l1.ts";
import type { Action } from "../actions.ts";
import type { Model } from "../model/model.ts";
import type { Party, Reading, World } from "../world.ts";

/** Where actions take place. */
export interface Scene {
  world: World;
  model: Model;
}

/** A call of the rollup, and what the rules say will become of it. */
export interface Call {
  party: Party;
  name: string;
  args: readonly unknown[];
  valueWei?: bigint;
  blobs?: SendOptions["blobs"];
  /** Sends it, where it is no call of the rollup by its party. */
  send?(options: SendOptions): Promise<Mined>;
  /** Name of the error that the rules foresee. */
  refusal: string | undefined;
  /** Takes what it did over into the model. */
  apply(mined: Mined): void;
  /** What has to hold of the state after it, besides the invariants. */
  check?(reading: Reading): void;
}

/** Decides on the call of an action; undefined when there is nothing to call at this time. */
export type Plan = (scene: Scene, action: Action) => Call | undefined | Promise<Call | undefined>;

/** One of some things by number; undefined of none. */
export const oneOf = <T>(things: readonly T[], number: number): T | undefined => things[number % things.length];

export function partyOf({ world }: Scene, number: number): Party {
  const { parties } = world;
  return parties[number % parties.length] as Party;
}
