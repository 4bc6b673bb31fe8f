import { join } from "node:path";
import { FetchRequest, JsonRpcProvider, Network, Wallet } from "ethers";
import { createKzg } from "../../blob/kzg.ts";
import { getConfig } from "../../get/config.ts";
import { openJournal } from "../../submit/journal/file.ts";
import { openLedger } from "../../submitter/ledger/file.ts";
import { runSubmitter } from "../../submitter/run.ts";
import { IndependentSubmitter } from "../../submitter/submitter.ts";
import type { Hex } from "../../types/hex.ts";
import { agentSource, getDeployment } from "../../watch/agent.ts";
import { httpRpc } from "../../watch/http.ts";
import { readKey } from "../commands/key.ts";
import { l1Steps } from "../commands/l1-steps.ts";
import { type SubmitCommandOptions, SubmitUsageError } from "../commands/submit.ts";
import { jsonPrinter, textPrinter } from "../commands/submit-report.ts";
import { SystemClock } from "../time/clock.ts";

/** An L1 node that takes longer is taken for one that does not answer. */
const L1_TIMEOUT_MS = 10_000;

/**
 * Runs a submitter until the signal aborts, and prints its books.
 * @throws SubmitUsageError, KeyError, and what the SDK throws when L1 cannot be asked or the journal not be opened.
 */
export async function runSubmit(
  options: SubmitCommandOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (options.bond && options.rollup === undefined) {
    throw new SubmitUsageError(
      "--bond sends money to the rollup: expected --rollup, found only the agent's word for it",
    );
  }
  const key = readKey(options.key);
  const agent = httpRpc(options.agent);
  const chainId = Number(await httpRpc(options.rpc).send("eth_chainId", []));
  const rollup = options.rollup ?? (await rollupOf(options, chainId));
  const network = Network.from(chainId);
  const request = new FetchRequest(options.rpc);
  request.timeout = L1_TIMEOUT_MS;
  const provider = new JsonRpcProvider(request, network, {
    staticNetwork: network,
    batchMaxCount: 1,
    cacheTimeout: -1,
  });
  try {
    const { l1SlotSeconds } = await getConfig({ provider, rollup });
    const signer = new Wallet(key, provider);
    const account = signer.address.toLowerCase() as Hex;
    const journal = openJournal({ path: join(options.data, "journal.jsonl"), chainId, account });
    const submitter = await IndependentSubmitter.open({
      provider,
      signer,
      rollup,
      source: agentSource(agent),
      kzg: createKzg(),
      ...(options.recipient && { recipient: options.recipient }),
      minProfitWei: options.minProfit,
      bond: options.bond,
      journal,
      ledger: openLedger(join(options.data, "ledger.jsonl")),
      policy: { blobWrapperVersion: options.blobProofs },
    });
    const printer = options.json ? jsonPrinter(print) : textPrinter(print);
    if (!options.json) print(`${account} submits to ${rollup} on chain ${chainId}`);
    const nextStep = l1Steps(provider, new SystemClock(), l1SlotSeconds, signal);
    try {
      await runSubmitter(submitter, { nextStep, signal, once: options.once, onReport: printer.report });
    } finally {
      printer.ledger(submitter.rows, submitter.totals);
      await submitter.close();
    }
  } finally {
    provider.destroy();
  }
}

async function rollupOf({ agent, rpc }: SubmitCommandOptions, chainId: number): Promise<Hex> {
  const deployment = await getDeployment(httpRpc(agent));
  if (deployment.chainId === chainId) return deployment.rollup;
  throw new SubmitUsageError(`${rpc}: expected chain ${deployment.chainId}, the agent's L1, found ${chainId}`);
}
