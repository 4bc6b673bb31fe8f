import { type FunctionFragment, Interface } from "ethers";
import { ROLLUP_ABI } from "../../abi/generated/rollup.ts";
import { parentDigestOf } from "../../digest/checkpoint.ts";
import type { Hex } from "../../types/hex.ts";
import { L1AnswerError } from "./endpoints/interface.ts";

/** Raw JSON-RPC to an L1 node. */
export interface L1Rpc {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/** What the rollup's own words say at one L1 block. */
export interface ContractState {
  blockHash: Hex;
  /** Number of the submitted tip; 0 before the first landing. */
  tipNumber: number;
  /** Low 160 bits of its digest. */
  tipDigest: Hex;
  /** Messages that were ever put into the inbox. */
  messages: number;
}

/** What the logs up to a block came to. */
export interface LogTotals {
  tip: { number: number; digest: Hex | undefined };
  messages: number;
}

const abi = new Interface(ROLLUP_ABI);
/** What is asked about every block is put together once. */
const viewOf = (name: string): { view: FunctionFragment; data: string } => ({
  view: abi.getFunction(name) as FunctionFragment,
  data: abi.encodeFunctionData(name, []),
});
const TIPS = viewOf("tips");
const INBOX_TOTAL = viewOf("inboxTotal");
const SETTLED_TIP = viewOf("settledTip");

/**
 * Asks by the block's hash. Where the rollup is not deployed yet it has nothing: the deployment's block may be named too
 * early, by the blocks of its other contracts. Rejects with whatever the node answers, also if it has no
 * state for that block.
 */
export async function readContractState(rpc: L1Rpc, rollup: Hex, blockHash: Hex): Promise<ContractState> {
  const call = async ({ view, data }: typeof TIPS): Promise<bigint[]> => {
    const answer = (await rpc.send("eth_call", [{ to: rollup, data }, { blockHash }])) as string;
    return answer === "0x" ? [] : ([...abi.decodeFunctionResult(view, answer)] as bigint[]);
  };
  const [[, number, , digest], [messages]] = await Promise.all([call(TIPS), call(INBOX_TOTAL)]);
  return {
    blockHash,
    tipNumber: Number(number ?? 0n),
    tipDigest: `0x${(digest ?? 0n).toString(16).padStart(40, "0")}`,
    messages: Number(messages ?? 0n),
  };
}

/**
 * Whether the logs are all there. A node that left out one, because its index lags or because it lies, would have to
 * make up a state that fits.
 * @throws L1AnswerError if they come to something else than the contract's words.
 */
export function assertLogsComplete(state: ContractState, { tip, messages }: LogTotals): void {
  const held = `tip ${state.tipNumber} ${tip.digest === undefined ? "" : state.tipDigest}, ${state.messages} messages`;
  const read = `tip ${tip.number} ${tip.digest === undefined ? "" : parentDigestOf(tip.digest)}, ${messages} messages`;
  if (held === read) return;
  throw new L1AnswerError(`at L1 block ${state.blockHash} the rollup has ${held}; its logs come to ${read}`);
}

/**
 * Number up to which was settled at an L1 block; undefined where L1 does not tell: a young chain has no final block,
 * and of old ones many nodes keep no state.
 */
export async function readSettledNumber(rpc: L1Rpc, rollup: Hex, block: string): Promise<number | undefined> {
  const call = { to: rollup, data: SETTLED_TIP.data };
  try {
    const answer = await rpc.send("eth_call", [call, block]);
    return Number(abi.decodeFunctionResult(SETTLED_TIP.view, String(answer))[0]);
  } catch {
    return undefined;
  }
}
