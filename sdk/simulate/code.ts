import { concat, Interface, type Provider } from "ethers";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import { ROLLUP_SIMULATOR_ABI, ROLLUP_SIMULATOR_BYTECODE } from "../abi/generated/rollupSimulator.ts";
import { decodeContractError } from "../errors/decode.ts";
import type { RollupConfig } from "../get/config.ts";
import type { RollupRef } from "../get/view.ts";
import type { Hex } from "../types/hex.ts";
import { SimulateError } from "./error.ts";
import { tipOverride } from "./parent.ts";

/** An ethers provider that passes JSON-RPC calls on, as all that speak to a node do: `call` knows no overrides. */
export type OverrideProvider = Provider & {
  /** The `result` of a JSON-RPC call; rejects with what the node answers instead. */
  send(method: string, params: unknown[]): Promise<unknown>;
};

type Ref = RollupRef & { provider: OverrideProvider };

const rollupAbi = new Interface(ROLLUP_ABI);
const simulatorAbi = new Interface(ROLLUP_SIMULATOR_ABI);

/**
 * Runtime code of the simulator with this rollup's constants in it: what the node answers to a creation that is called,
 * not sent.
 * @throws SimulateError "creation-failed".
 */
export async function simulatorCode({ provider, rollup }: Ref): Promise<Hex> {
  const config = await provider.call({ to: rollup, data: rollupAbi.encodeFunctionData("config") });
  let code: unknown;
  try {
    code = await provider.send("eth_call", [{ data: concat([ROLLUP_SIMULATOR_BYTECODE, config]) }, "latest"]);
  } catch (cause) {
    throw new SimulateError("creation-failed", `the L1 node did not create the simulator: ${String(cause)}`, { cause });
  }
  if (typeof code !== "string" || code.length <= 2) {
    throw new SimulateError("creation-failed", "the L1 node answered a creation with no code");
  }
  return code as Hex;
}

/** A slot no checkpoint is ever assumed in. */
const PROBE_SLOT = 4_000_000_000;

/**
 * Asks for an answer that depends on the overridden code and on the overridden tip, so that a node which drops either
 * is found out before it is believed.
 * @throws SimulateError "no-overrides".
 */
export async function requireOverrides({ provider, rollup }: Ref, code: Hex, config: RollupConfig): Promise<void> {
  const { genesisTime } = config;
  const zeroWord = `0x${"00".repeat(32)}`;
  const zeroAddress = `0x${"00".repeat(20)}`;
  const header = {
    slot: 0,
    lastBlockHash: zeroWord,
    lastBlockNumber: 0,
    inboxCount: 0,
    outboxRoot: zeroWord,
    coinbase: zeroAddress,
    onTimeRecipient: zeroAddress,
    onTimeCapBps: 0,
  };
  const submission = { header, digest: zeroWord, blobCount: 1, signers: 0, signature: [zeroWord, zeroWord, zeroWord] };
  const data = simulatorAbi.encodeFunctionData("simulate", [
    [submission],
    zeroAddress,
    genesisTime,
    { time: genesisTime, baseFee: 0, blobBaseFee: 0, blobHashes: [] },
  ]);
  const tip = { slot: PROBE_SLOT, number: 1, inboxCount: 0, digest: `0x${"11".repeat(20)}` as Hex };
  const answer = await provider
    .send("eth_call", [{ to: rollup, data }, "latest", { [rollup]: { code, stateDiff: tipOverride(tip) } }])
    .catch((thrown: unknown) => decodeContractError(thrown) ?? thrown);
  const seen = (answer as { args?: { lastSubmittedSlot?: bigint } }).args?.lastSubmittedSlot;
  if (seen === BigInt(PROBE_SLOT)) return;
  throw new SimulateError(
    "no-overrides",
    "the L1 node does not honour state overrides in eth_call; use one that does, such as geth, reth, anvil or Hardhat",
    { cause: answer },
  );
}
