import { setTimeout as sleep } from "node:timers/promises";
import type { JsonRpcApiProvider } from "ethers";
import type { Direction } from "../../deploy/devnet/messages.ts";
import type { Directions } from "./directions.ts";

const LOOK_MS = 10;
/** A rival that has sent nothing by then does not. */
const PATIENCE_MS = 4_000;

/** The real L1, but for what is sent in a race: that waits until L1 has heard of the rival's, and goes right after it. */
export function directedL1<L1 extends Pick<JsonRpcApiProvider, "broadcastTransaction" | "getTransactionCount">>(
  real: L1,
  directions: Directions,
): L1 {
  const broadcast = real.broadcastTransaction.bind(real);
  return Object.assign(real, {
    async broadcastTransaction(raw: string) {
      const race = directions.all("race-successor").find(isOn);
      while (race !== undefined && isOn(race) && !(await hasSent(real, race.rival))) await sleep(LOOK_MS);
      return broadcast(raw);
    },
  });
}

const isOn = ({ fromMs }: Extract<Direction, { type: "race-successor" }>): boolean =>
  Date.now() >= fromMs && Date.now() < fromMs + PATIENCE_MS;

async function hasSent(l1: Pick<JsonRpcApiProvider, "getTransactionCount">, account: string): Promise<boolean> {
  const [mined, pending] = await Promise.all([
    l1.getTransactionCount(account, "latest"),
    l1.getTransactionCount(account, "pending"),
  ]);
  return pending > mined;
}
