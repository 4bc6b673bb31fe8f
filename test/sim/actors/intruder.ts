import { checkpointRequestCodec } from "../../../sdk/agent/messages/checkpoint-data.ts";
import { MAX_MESSAGE_BYTES } from "../../../sdk/agent/messages/limits.ts";
import { TOPICS, type Topic } from "../../../sdk/agent/network/interface.ts";
import { MemoryNetwork } from "../../../sdk/agent/network/memory-network.ts";
import { ignore } from "../../../sdk/agent/types/verdict.ts";
import type { Villain } from "./villain.ts";

/** Messages kept to be said again: elsewhere, or altered. */
const MAX_HEARD = 128;
const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const REQUEST_TIMEOUT_MS = 1_000;

/** A peer without a validator that says everything but the truth, until `untilMs`. */
export async function letIntruderIn(villain: Villain, untilMs: number): Promise<void> {
  const { hub, loop, l1, setting } = villain.haunts;
  const { chance } = villain;
  const identity = { ...l1.deployment, parameters: setting.parameters };
  const network = new MemoryNetwork({ peerId: "intruder", identity }, { hub, log: QUIET });
  const heard: { topic: Topic; bytes: Uint8Array }[] = [];
  for (const topic of TOPICS) {
    network.subscribe(topic, async (bytes) => {
      heard.push({ topic, bytes });
      if (heard.length > MAX_HEARD) heard.shift();
      return ignore("an intruder passes nothing on");
    });
  }
  const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => chance.whole(0, 255));
  const say = (): { topic: Topic; bytes: Uint8Array } => {
    const topic = chance.pick(TOPICS);
    const way = chance.whole(0, 3);
    if (way === 0 || heard.length === 0) return { topic, bytes: noise(chance.whole(0, 200)) };
    if (way === 1) return { topic, bytes: new Uint8Array(MAX_MESSAGE_BYTES[topic]).fill(chance.whole(0, 255)) };
    const old = chance.pick(heard);
    // What belongs elsewhere, as much of it as there is room for.
    if (way === 2) return { topic, bytes: old.bytes.slice(0, MAX_MESSAGE_BYTES[topic]) };
    const bytes = old.bytes.slice();
    bytes[chance.whole(0, bytes.length - 1)] = chance.whole(0, 255);
    return { topic: old.topic, bytes };
  };
  const ask = (): void => {
    const request = chance.hits(0.5)
      ? noise(30)
      : checkpointRequestCodec.encode({ slot: chance.whole(0, 64), digest: undefined });
    network.request("checkpoint", request, REQUEST_TIMEOUT_MS).catch(() => undefined);
  };
  const next = async (): Promise<void> => {
    if (loop.nowMs() >= untilMs) return network.stop();
    const { topic, bytes } = say();
    await network.publish(topic, bytes);
    if (chance.hits(0.3)) ask();
    loop.at(loop.nowMs() + chance.between(20, 200), next);
  };
  await network.start();
  villain.note("lets an intruder in");
  await next();
}
