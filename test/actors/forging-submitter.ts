import { buildCalldata } from "../../sdk/build/calldata.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import type { Deviations, Parent, TestCheckpoint } from "../sdk/world/checkpoints.ts";
import { makeCheckpoint } from "../sdk/world/checkpoints.ts";
import { type Mined, mineCall } from "../sdk/world/transact.ts";
import type { World } from "../sdk/world/world.ts";

/** A digest that validators did sign, for something else. */
const OTHER: Hex = `0x${"0f".repeat(32)}`;

/** A bonded submitter that lands what nobody signed, and true checkpoints with signatures of something else. */
export class ForgingSubmitter {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Lands a checkpoint of its own making, and returns it. */
  async landForgery(
    slot: number,
    parent: Parent,
    timeSec: number,
    deviations: Deviations = {},
  ): Promise<TestCheckpoint> {
    const forged = await makeCheckpoint(this.#world, slot, parent, {
      salt: "forged",
      ...deviations,
      signedDigest: OTHER,
    });
    await this.#land(forged, timeSec);
    return forged;
  }

  /** Lands a checkpoint that a quorum signed, with a signature that is not theirs. */
  async landSpoilt({ submission, blobs }: TestCheckpoint, parent: Parent, timeSec: number): Promise<void> {
    const { slot } = submission.header;
    const { attestation } = (await makeCheckpoint(this.#world, slot, parent, { signedDigest: OTHER })).submission;
    await this.#land({ submission: { ...submission, attestation }, blobs }, timeSec);
  }

  async #land({ submission, blobs }: TestCheckpoint, timeSec: number): Promise<Mined> {
    const { bonded } = this.#world.senders;
    const recipient = bonded.address.toLowerCase() as Hex;
    const data = buildCalldata({ submissions: [submission], recipient, deadlineSec: timeSec });
    const mined = await mineCall(this.#world, { from: bonded, data, blobs, timeSec });
    if (mined.error) throw new Error(mined.error.message);
    return mined;
  }
}
