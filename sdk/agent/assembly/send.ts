import { Wallet } from "ethers";
import type { Hex } from "../../types/hex.ts";
import type { AgentRpc } from "../../watch/agent.ts";
import { WatchError } from "../../watch/error.ts";
import { httpRpc } from "../../watch/http.ts";
import { readKey } from "../commands/key.ts";
import { type SendCommandOptions, SendError } from "../commands/send.ts";
import { milestoneLine, type StatusAnswer, TransactionProgress } from "../commands/send-report.ts";
import { SystemClock } from "../time/clock.ts";

/** How often the agent is asked; a status counts from the answer that tells it first. */
const POLL_MS = 20;
/** The base fee may double in six blocks; this leaves room for that. */
const BASE_FEE_ROOM = 2n;

/**
 * Sends one transaction and prints after how long it came how far, counted from the moment of sending. False if it was
 * dropped, or did not come far enough in time.
 * @throws KeyError, SendError.
 */
export async function runSend(
  options: SendCommandOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const clock = new SystemClock();
  const rpc = answering(options.agent);
  const { raw, from } = await signed(rpc, options);
  const startMs = clock.nowMs();
  const hash = (await rpc.send("eth_sendRawTransaction", [raw])) as Hex;
  const after = (): number => clock.nowMs() - startMs;
  print(`${hash} from ${from}`);
  const progress = new TransactionProgress();
  // The agent has it: that it may be in a block by the next answer does not make it later.
  for (const milestone of progress.take({ status: "runnable" }).reached) print(milestoneLine(milestone, after()));
  while (!progress.has(options.until)) {
    if (after() > options.timeout * 1000) {
      print(`not ${options.until} within ${options.timeout} s`);
      return false;
    }
    await clock.sleepUntil(clock.nowMs() + POLL_MS, signal);
    const answer = (await rpc.send("baton_getTransactionStatus", [hash])) as StatusAnswer;
    const { reached, isDiscarded, dropped } = progress.take(answer);
    if (isDiscarded) print(milestoneLine("discarded", after()));
    for (const milestone of reached) print(milestoneLine(milestone, after()));
    if (dropped !== undefined) {
      print(`dropped, ${dropped}`);
      return false;
    }
  }
  return true;
}

/** The agent's JSON-RPC, whose failures say whose they are. */
function answering(url: string): AgentRpc {
  const rpc = httpRpc(url);
  return {
    async send(method, params) {
      try {
        return await rpc.send(method, params);
      } catch (error) {
        const { message } = error as Error;
        throw new SendError(error instanceof WatchError ? message : `${url} does not answer ${method}: ${message}`);
      }
    },
  };
}

async function signed(
  rpc: AgentRpc,
  { key, to, value, data }: SendCommandOptions,
): Promise<{ raw: string; from: string }> {
  const wallet = new Wallet(readKey(key));
  const from = wallet.address;
  const call = { from, to: to ?? from, value: `0x${value.toString(16)}`, data };
  const ask = async (method: string, params: unknown[]): Promise<bigint> =>
    BigInt((await rpc.send(method, params)) as string);
  const [chainId, nonce, tip, price, gasLimit] = await Promise.all([
    ask("eth_chainId", []),
    ask("eth_getTransactionCount", [from, "pending"]),
    ask("eth_maxPriorityFeePerGas", []),
    ask("eth_gasPrice", []),
    ask("eth_estimateGas", [call]),
  ]);
  const raw = await wallet.signTransaction({
    type: 2,
    chainId,
    nonce: Number(nonce),
    to: call.to,
    value,
    data,
    gasLimit,
    maxPriorityFeePerGas: tip,
    maxFeePerGas: BASE_FEE_ROOM * price,
  });
  return { raw, from };
}
