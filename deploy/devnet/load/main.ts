// The devnet's load, a process of its own: real signed L2 transactions, each followed until it is on L1.
import { setTimeout as sleep } from "node:timers/promises";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { LoadCommand, LoadMessage } from "../messages.ts";
import { rpcAny } from "../rpc.ts";
import { follow } from "./follow.ts";
import { Generator } from "./generator.ts";
import { InclusionTracker } from "./tracker.ts";
import { type SignedTransaction, Wallets } from "./wallets.ts";

/** Between looks at the chain; the launcher hears of the result each time. */
const FOLLOW_MS = 500;
/** A transaction in no block for so long is sent again: two slots, so that a rescue is not mistaken for a loss. */
const PATIENCE_MS = 24_000;
/** While the agents do not take the first transaction yet. */
const RETRY_MS = 500;

type Start = Extract<LoadCommand, { type: "start" }>;

const tell = (message: LoadMessage): void => {
  process.send?.(message);
};

let draining = false;

/** Makes the token; resolves when its deployment is in a block. */
async function makeToken(generator: Generator, urls: string[]): Promise<void> {
  let deployment: SignedTransaction | undefined;
  for (;;) {
    try {
      deployment ??= await generator.deployToken();
      // Everything waits for this one: while the agents are still finding each other, each is told.
      await generator.sendAgain([deployment.raw]);
      const receipt = await rpcAny<{ status: Hex } | null>(urls, 0, "eth_getTransactionReceipt", [deployment.hash]);
      if (receipt !== null && receipt.status !== "0x1") throw new Error("the deployment of the token was reverted");
      if (receipt !== null) return;
    } catch (error) {
      console.error(error);
    }
    await sleep(RETRY_MS);
  }
}

/** Keeps the rate by the wall clock: a send that takes long does not lower it. */
function send(generator: Generator, rate: number): void {
  if (rate === 0) return;
  const timer = setInterval(() => {
    if (draining) return clearInterval(timer);
    generator.sendNext().catch((error: unknown) => console.error(error));
  }, 1000 / rate);
}

async function start({ rpcUrls, chainId, accounts, rate }: Start): Promise<void> {
  const tracker = new InclusionTracker();
  const generator = new Generator(new Wallets(accounts, chainId), tracker, rpcUrls);
  void makeToken(generator, rpcUrls).then(() => send(generator, rate));
  // Not from one node alone: it may be behind, or gone.
  for (let turn = 0; ; turn++) {
    await follow(tracker, rpcUrls, turn).catch((error: unknown) => console.error(error));
    await generator.sendAgain(tracker.takeStale(Date.now(), PATIENCE_MS));
    tell({ type: "progress", report: tracker.report() });
    await sleep(FOLLOW_MS);
  }
}

function fail(error: unknown): void {
  tell({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
}

process.on("message", (command: LoadCommand) => {
  if (command.type === "drain") draining = true;
  else start(command).catch(fail);
});
// Without its launcher nobody would ever stop it.
process.on("disconnect", () => process.exit());
