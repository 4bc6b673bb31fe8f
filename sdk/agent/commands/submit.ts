import { type Command, InvalidArgumentError, Option } from "commander";
import { isAddress, parseEther } from "ethers";
import type { BlobWrapperVersion } from "../../blob/kzg.ts";
import type { Hex } from "../../types/hex.ts";

/** What the command line says. */
export interface SubmitCommandOptions {
  rpc: string;
  agent: string;
  key: string;
  rollup?: Hex;
  recipient?: Hex;
  minProfit: bigint;
  bond: boolean;
  once: boolean;
  json: boolean;
  data: string;
  blobProofs: BlobWrapperVersion;
}

/** Called with options that do not fit together, or with an L1 that is not the rollup's. */
export class SubmitUsageError extends Error {
  override name = "SubmitUsageError";
}

const address = (text: string): Hex => {
  if (isAddress(text)) return text.toLowerCase() as Hex;
  throw new InvalidArgumentError("Expected an address: 0x and 40 hex digits.");
};
const ether = (text: string): bigint => {
  if (/^\d+(\.\d{1,18})?$/.test(text)) return parseEther(text);
  throw new InvalidArgumentError("Expected an amount in ether, such as 0.001.");
};
const url = (text: string): string => {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("Expected a URL that starts with http:// or https://.");
};

/** Adds `submit` to the command line. */
export function addSubmitCommand(program: Command, run: (options: SubmitCommandOptions) => Promise<void>): void {
  program
    .command("submit")
    .description("land other people's checkpoints for profit until told to stop (SIGINT or SIGTERM)")
    .requiredOption("--rpc <url>", "an L1 node that honours state overrides", url)
    .requiredOption("--agent <url>", "an agent's JSON-RPC; nothing it says is trusted", url)
    .requiredOption("--key <file|env:NAME>", "private key of the L1 account that signs and pays")
    .option("--rollup <address>", "the rollup contract; default: the agent's, which is trusted in this then", address)
    .option("--recipient <address>", "credited for landings; default: the account, which then also claims", address)
    .addOption(new Option("--min-profit <ether>", "land only from this profit on").argParser(ether).default(0n, "0"))
    .option("--bond", "bond first if the account is not bonded: landing is far cheaper then; needs --rollup", false)
    .option("--once", "end when there is nothing to send and everything sent is final", false)
    .option("--json", "print one JSON object a line", false)
    .option("--data <directory>", "journal and ledger; a restart goes on from them", "baton-submit")
    .addOption(
      new Option("--blob-proofs <version>", "1: cell proofs, for an L1 from Osaka on; 0: one proof per blob")
        .choices(["0", "1"])
        .default("1"),
    )
    .action((given: SubmitCommandOptions) => run({ ...given, blobProofs: Number(given.blobProofs) === 0 ? 0 : 1 }));
}
