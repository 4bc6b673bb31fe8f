import { fork } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Libp2pNetwork } from "../../sdk/agent/network/libp2p-network.ts";
import { SystemClock } from "../../sdk/agent/time/clock.ts";
import { networkOptions, QUIET, TOPIC } from "./hop-network.ts";

const RECEIVERS = 3;
const MESSAGES = 100;
/** A twelfth of what three blobs hold: a block of a full checkpoint. */
const MESSAGE_BYTES = 31_744;
const APART_MS = 40;
const JOIN_TIMEOUT_MS = 20_000;

interface Arrival {
  message: number;
  atNs: string;
}

/** From publishing a block to its handler in another process, over TCP, Noise, Yamux and gossipsub: milliseconds. */
export async function measureHops(): Promise<number[]> {
  const network = await Libp2pNetwork.create(networkOptions(0, []), { clock: new SystemClock(), log: QUIET });
  await network.start();
  const [address] = network.addresses;
  const sentNs = new Map<number, bigint>();
  const hopsMs: number[] = [];
  const children = Array.from({ length: RECEIVERS }, (_, i) =>
    fork(new URL("./receiver.ts", import.meta.url), [String(i + 1), String(address)]),
  );
  try {
    for (const child of children) {
      child.on("message", ({ message, atNs }: Arrival) => {
        const from = sentNs.get(message);
        if (from !== undefined) hopsMs.push(Number(BigInt(atNs) - from) / 1e6);
      });
    }
    await joined(network);
    for (let message = 0; message < MESSAGES; message++) {
      const data = randomFillSync(Buffer.alloc(MESSAGE_BYTES));
      data.writeUInt32BE(message);
      // One clock for all processes of a machine.
      sentNs.set(message, process.hrtime.bigint());
      await network.publish(TOPIC, data);
      await sleep(APART_MS);
    }
    await sleep(10 * APART_MS);
    return hopsMs;
  } finally {
    for (const child of children) child.disconnect();
    await network.stop();
  }
}

async function joined(network: Libp2pNetwork): Promise<void> {
  const untilMs = performance.now() + JOIN_TIMEOUT_MS;
  while (network.subscriberCount(TOPIC) < RECEIVERS) {
    if (performance.now() > untilMs) throw new Error(`expected ${RECEIVERS} peers, got ${network.peerCount()}`);
    await sleep(APART_MS);
  }
}
