import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { rpc } from "../rpc.ts";
import { loadBlobSetup } from "./blob-setup.ts";
import { type L1Node, L1StartError } from "./interface.ts";

const HOST = "127.0.0.1";
const CHAIN_ID = 31_337;
const START_TIMEOUT_MS = 20_000;
const LOOK_MS = 50;
/** L1 blocks after which a block is safe, and twice that finalized; the devnet should show finality within minutes. */
const EPOCH_BLOCKS = 8;
/** A machine that is busy for so long is too small: the chain would not be worth looking at. */
const BUSY_TIMEOUT_MS = 60_000;

/**
 * Starts anvil in the caller's process group. `onEnd` is called if it ends by itself.
 */
export async function startAnvil(port: number, cachePath: string, onEnd: (error: Error) => void): Promise<L1Node> {
  const args = ["--host", HOST, "--port", String(port), "--chain-id", String(CHAIN_ID), "--hardfork", "prague"];
  // The best paying transaction first; six blobs in hexadecimal are larger than its usual limit of a request.
  args.push("--order", "fees", "--no-request-size-limit", "--slots-in-an-epoch", String(EPOCH_BLOCKS));
  args.push("--cache-path", cachePath, "--quiet");
  const node = spawn("anvil", args, { stdio: ["ignore", "inherit", "inherit"] });
  let ended: Error | undefined;
  const end = (how: string): void => {
    ended = new L1StartError(how);
    onEnd(ended);
  };
  node.once("error", (error) => end(error.message));
  node.once("exit", (code, signal) => end(`ended with ${signal ?? `exit code ${code}`}`));
  const url = `http://${HOST}:${port}`;
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += LOOK_MS) {
    if (ended !== undefined) throw ended;
    if (await answers(url)) {
      await loadBlobSetup((method, params) => rpc(url, method, params, BUSY_TIMEOUT_MS));
      return anvilNode(url);
    }
    await sleep(LOOK_MS);
  }
  throw new L1StartError(`no answer at ${url} within ${START_TIMEOUT_MS} ms`);
}

/** A running anvil as the devnet uses it. */
export const anvilNode = (url: string): L1Node => ({
  url,
  async holdTransactions() {
    await rpc(url, "evm_setAutomine", [false]);
  },
  async mineAt(timestamp) {
    await rpc(url, "evm_setNextBlockTimestamp", [timestamp], BUSY_TIMEOUT_MS);
    await rpc(url, "evm_mine", [], BUSY_TIMEOUT_MS);
  },
  async mark() {
    const blockNumber = Number(await rpc<string>(url, "eth_blockNumber", []));
    return { blockNumber, id: blockNumber };
  },
  async goBack({ blockNumber }) {
    const latest = Number(await rpc<string>(url, "eth_blockNumber", []));
    const raws: string[] = [];
    for (let number = blockNumber + 1; number <= latest; number++) {
      const params = [`0x${number.toString(16)}`, false];
      const { transactions } = await rpc<{ transactions: string[] }>(url, "eth_getBlockByNumber", params);
      for (const hash of transactions) raws.push(await rpc<string>(url, "eth_getRawTransactionByHash", [hash]));
    }
    // Not `anvil_reorg`, which makes the new blocks itself: all at one time, and off the slots' boundaries.
    await rpc(url, "anvil_rollback", [latest - blockNumber], BUSY_TIMEOUT_MS);
    return raws;
  },
  async take(raw) {
    await rpc(url, "eth_sendRawTransaction", [raw]);
  },
});

function answers(url: string): Promise<boolean> {
  return rpc(url, "eth_chainId", []).then(
    () => true,
    () => false,
  );
}
