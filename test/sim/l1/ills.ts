import { keccak256 } from "ethers";
import { L1TransportError } from "../../../sdk/agent/l1/endpoints/interface.ts";
import type { Chance } from "../chance.ts";
import type { L1Request } from "./provider.ts";

/** What an L1 node that answers can be ill with. */
export const ILLS = [
  /** It takes longer than anybody waits. */
  "stalls",
  /** It has too many callers. */
  "limits",
  /** It knows L1 only up to some blocks ago. */
  "lags",
  /** Its last blocks are others, and empty. */
  "forks",
  /** It finds no logs. */
  "hides-logs",
  /** It cannot look for logs. */
  "refuses-logs",
  /** It does not know what an account has sent. */
  "miscounts",
] as const;
export type Ill = (typeof ILLS)[number];

/** What a node is ill with. */
export interface Illness {
  ill: Ill;
  /** How far it lags, or since when its blocks are others. */
  blocks: number;
}

/** Longer than any agent waits for an answer. */
export const STALL_MS = 60_000;
/** Of calls to a node that has too many. */
const LIMITED_PROBABILITY = 0.6;
/** JSON-RPC: the node cannot do now what it was asked. */
const LIMIT_EXCEEDED = -32_005;

/** An error as a node answers it. */
class NodeError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The same node while it is ill. One that stalls only answers late, which is its caller's to see to. */
export function illNode(real: L1Request, { ill, blocks }: Illness, chance: Chance): L1Request {
  switch (ill) {
    case "stalls":
      return real;
    case "limits":
      return async (method, params) => {
        if (!chance.hits(LIMITED_PROBABILITY)) return real(method, params);
        throw new L1TransportError("rate-limited", "429 Too Many Requests");
      };
    case "lags":
      return (method, params) => lagging(real, blocks, method, params);
    case "forks":
      return forked(real, blocks);
    case "hides-logs":
      return async (method, params) => (method === "eth_getLogs" ? [] : real(method, params));
    case "refuses-logs":
      return async (method, params) => {
        if (method === "eth_getLogs") throw new NodeError(LIMIT_EXCEEDED, "query timeout exceeded");
        return real(method, params);
      };
    case "miscounts":
      return async (method, params) => {
        const answer = await real(method, params);
        return method === "eth_getTransactionCount" ? miscounted(String(answer), chance) : answer;
      };
  }
}

const toHex = (value: number): string => `0x${value.toString(16)}`;

const miscounted = (count: string, chance: Chance): string =>
  toHex(Math.max(0, Number(count) + chance.pick([-1, 1, 2])));

const headOf = async (real: L1Request): Promise<number> => Number(await real("eth_blockNumber", []));

async function lagging(real: L1Request, blocks: number, method: string, params: unknown[]): Promise<unknown> {
  return upTo(real, Math.max(1, (await headOf(real)) - blocks), method, params);
}

/** Answers of a node whose newest block is `head`. */
async function upTo(real: L1Request, head: number, method: string, params: unknown[]): Promise<unknown> {
  const at = (tag: unknown): unknown =>
    tag === "latest" || tag === "pending" || tag === undefined ? toHex(head) : tag;
  const isUnknown = (number: unknown): boolean => typeof number === "string" && Number(number) > head;
  switch (method) {
    case "eth_blockNumber":
      return toHex(head);
    case "eth_getBlockByNumber":
      return isUnknown(params[0]) ? null : real(method, [at(params[0]), params[1]]);
    case "eth_getTransactionReceipt": {
      const receipt = (await real(method, params)) as { blockNumber: string } | null;
      return isUnknown(receipt?.blockNumber) ? null : receipt;
    }
    case "eth_getLogs": {
      const logs = (await real(method, params)) as { blockNumber: string }[];
      return logs.filter(({ blockNumber }) => !isUnknown(blockNumber));
    }
    case "eth_call":
    case "eth_getTransactionCount":
    case "eth_getBalance":
      return real(method, [params[0], at(params[1]), ...params.slice(2)]);
    default:
      return real(method, params);
  }
}

interface Block {
  number: string;
  hash: string;
  parentHash: string;
  logsBloom: string;
  transactions: unknown[];
}

const otherHash = (hash: string): string => keccak256(hash);

/** A node that went its own way some blocks before it was first asked, and follows a chain on which nothing happens. */
function forked(real: L1Request, blocks: number): L1Request {
  let base: number | undefined;
  return async (method, params) => {
    const head = await headOf(real);
    base ??= Math.max(1, head - blocks);
    const [tag] = params;
    if (method === "eth_blockNumber") return toHex(head);
    if (method !== "eth_getBlockByNumber" || tag === "finalized" || tag === "safe") {
      return upTo(real, base, method, params);
    }
    const block = (await real(method, params)) as Block | null;
    const number = Number(block?.number ?? 0);
    if (block === null || number <= base) return block;
    return {
      ...block,
      hash: otherHash(block.hash),
      parentHash: number === base + 1 ? block.parentHash : otherHash(block.parentHash),
      logsBloom: `0x${"00".repeat(256)}`,
      transactions: [],
    };
  };
}
