import { checkpointDataCodec } from "../../../sdk/agent/messages/checkpoint-data.ts";
import type { CheckpointData } from "../../../sdk/agent/types/messages.ts";
import type { Scheme } from "./interface.ts";
import type { Villain } from "./villain.ts";

/** Longer than any peer waits. */
const LONG_MS = 10_000;

/** A checkpoint that lacks something. */
export function halfPresent(villain: Villain): Scheme {
  const halve = (data: CheckpointData): CheckpointData =>
    villain.chance.pick<() => CheckpointData>([
      () => ({ ...data, blocks: data.blocks.slice(0, -1) }),
      () => ({ ...data, blocks: data.blocks.slice(1) }),
      () => ({ ...data, blocks: [] }),
      () => ({ ...data, certificate: undefined }),
    ])();
  return {
    async answer(truth) {
      const data = truth && checkpointDataCodec.decode(truth);
      if (!data?.ok) return truth;
      villain.note(`serves half of slot ${data.value.proposal.header.slot}`);
      return checkpointDataCodec.encode(halve(data.value));
    },
  };
}

/** Another checkpoint than the one asked for, what is none, or nothing for a long time. */
export function falseAnswers(villain: Villain): Scheme {
  const { loop } = villain.haunts;
  let held: Uint8Array | undefined;
  return {
    async answer(truth) {
      const other = held;
      held = truth ?? held;
      const way = villain.chance.whole(0, 2);
      villain.note(`answers falsely, way ${way}`);
      if (way === 0) return Uint8Array.from({ length: 300 }, () => villain.chance.whole(0, 255));
      if (way === 1) await loop.sleepUntil(loop.nowMs() + LONG_MS);
      return other;
    },
  };
}
