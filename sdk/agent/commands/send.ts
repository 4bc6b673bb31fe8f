import { type Command, InvalidArgumentError, Option } from "commander";
import { isAddress, isHexString, parseEther } from "ethers";
import type { Hex } from "../../types/hex.ts";
import { MILESTONES, type Milestone } from "./send-report.ts";

/** What the command line says. */
export interface SendCommandOptions {
  agent: string;
  key: string;
  /** Undefined: the sender itself. */
  to?: Hex;
  value: bigint;
  data: Hex;
  until: Milestone;
  /** Seconds. */
  timeout: number;
}

/** The agent refused, or does not answer. */
export class SendError extends Error {
  override name = "SendError";
}

const address = (text: string): Hex => {
  if (isAddress(text)) return text.toLowerCase() as Hex;
  throw new InvalidArgumentError("Expected an address: 0x and 40 hex digits.");
};
const ether = (text: string): bigint => {
  if (/^\d+(\.\d{1,18})?$/.test(text)) return parseEther(text);
  throw new InvalidArgumentError("Expected an amount in ether, such as 0.001.");
};
const bytes = (text: string): Hex => {
  if (isHexString(text) && text.length % 2 === 0) return text as Hex;
  throw new InvalidArgumentError("Expected bytes: 0x and an even number of hex digits.");
};
const url = (text: string): string => {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("Expected a URL that starts with http:// or https://.");
};
const seconds = (text: string): number => {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError("Expected a whole number of seconds above 0.");
};

/** Adds `send` to the command line. */
export function addSendCommand(program: Command, run: (options: SendCommandOptions) => Promise<void>): void {
  program
    .command("send")
    .description("send one L2 transaction and print after how long it was accepted, included, attested, on L1, settled")
    .requiredOption("--agent <url>", "an agent's JSON-RPC", url)
    .requiredOption("--key <file|env:NAME>", "private key of the L2 account that signs and pays")
    .option("--to <address>", "whom it goes to; default: the sender itself", address)
    .addOption(new Option("--value <ether>", "what it carries").argParser(ether).default(0n, "0"))
    .addOption(new Option("--data <hex>", "what it calls the receiver with").argParser(bytes).default("0x"))
    .addOption(new Option("--until <status>", "end when it has come so far").choices(MILESTONES).default("submitted"))
    .addOption(new Option("--timeout <seconds>", "give up after so long").argParser(seconds).default(180))
    .action(run);
}
