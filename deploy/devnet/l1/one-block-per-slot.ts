import type { HardhatProvider } from "./hardhat-chain.ts";

/** Several of the network's blocks, shown as one. */
interface Merged {
  first: number;
  last: number;
  /** Hash of the last: that of the whole. */
  hash: string;
  /** Logs before each of its blocks, in their order. */
  logsBefore: number[];
}

/** What of an answer tells where a transaction or a log stands. */
interface Placed {
  blockNumber: string | null;
  blockHash: string | null;
  transactionIndex: string | null;
  logIndex?: string;
}

interface Block {
  number: string;
  hash: string;
  parentHash: string;
  logsBloom: string;
  gasUsed: string;
  blobGasUsed?: string;
  transactions: unknown[];
}

interface Filter {
  blockHash?: string;
  fromBlock?: string;
  toBlock?: string;
}

/** Which parameter of a method is a block. */
const BLOCK_AT: Readonly<Record<string, number>> = {
  eth_getBlockByNumber: 0,
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getStorageAt: 2,
};

/**
 * Shows what the network mined at one time as one block, as an L1 has one block a slot: whoever reads the first of
 * several would take what the second holds for missing. Each of several holds one transaction. Two numbers are kept for
 * each block.
 */
export class OneBlockPerSlot {
  readonly #provider: HardhatProvider;
  /** From this block on. */
  #from = Number.POSITIVE_INFINITY;
  /** Number shown for each of the network's blocks, from `#from` on. */
  #shown: number[] = [];
  /** The last of the network's blocks for each number shown, from `#from` on. */
  #last: number[] = [];
  /** By the number shown. */
  readonly #merged = new Map<number, Merged>();

  constructor(provider: HardhatProvider) {
    this.#provider = provider;
  }

  /** Number shown for the newest block. */
  async head(): Promise<number> {
    return this.#shownOf(await this.#head());
  }

  /** To be called with the newest block shown, before anything that is to be one block is mined. */
  async begin(): Promise<void> {
    if (this.#from === Number.POSITIVE_INFINITY) this.#from = (await this.#head()) + 1;
  }

  /** Whatever was mined since the last call is one block. */
  async end(): Promise<void> {
    const head = await this.#head();
    const first = this.#from + this.#shown.length;
    if (head < first) return;
    const number = this.#from + this.#last.length;
    for (let block = first; block <= head; block++) this.#shown.push(number);
    this.#last.push(head);
    if (head > first) this.#merged.set(number, await this.#merge(first, head));
  }

  /** The network went back: what is above its newest block is forgotten. */
  async rewind(): Promise<void> {
    this.#shown.length = Math.min(this.#shown.length, Math.max(0, (await this.#head()) + 1 - this.#from));
    this.#last.length = this.#shown.length === 0 ? 0 : (this.#shown.at(-1) as number) + 1 - this.#from;
    for (const number of this.#merged.keys()) if (number >= this.#from + this.#last.length) this.#merged.delete(number);
  }

  /** A JSON-RPC call that reads. Rejects with what the network answers. */
  async request(method: string, params: unknown[]): Promise<unknown> {
    switch (method) {
      case "eth_blockNumber":
        return toHex(await this.head());
      case "eth_getBlockByNumber":
        return this.#block((await this.#ask(method, this.#within(method, params))) as Block | null, params[1]);
      case "eth_getBlockByHash":
        return this.#block((await this.#ask(method, params)) as Block | null, params[1]);
      case "eth_getLogs":
        return this.#logs(params[0] as Filter);
      case "eth_getTransactionByHash":
      case "eth_getTransactionReceipt": {
        const found = (await this.#ask(method, params)) as (Placed & { logs?: Placed[] }) | null;
        return (
          found && { ...this.#place(found), ...(found.logs && { logs: found.logs.map((log) => this.#place(log)) }) }
        );
      }
      default:
        return this.#ask(method, this.#within(method, params));
    }
  }

  /** The same parameters with the network's number of the block that they name. */
  #within(method: string, params: unknown[]): unknown[] {
    const at = BLOCK_AT[method];
    return at === undefined ? params : params.map((param, i) => (i === at ? this.#realTag(param, "last") : param));
  }

  #realTag(tag: unknown, end: "first" | "last"): unknown {
    if (typeof tag !== "string" || !/^0x[0-9a-f]{1,15}$/i.test(tag)) return tag;
    const number = Number(tag);
    if (number < this.#from) return tag;
    const beyond = number - this.#from - this.#last.length;
    if (beyond >= 0) return toHex(this.#from + this.#shown.length + beyond);
    const last = this.#last[number - this.#from] as number;
    return toHex(end === "last" ? last : (this.#merged.get(number)?.first ?? last));
  }

  /** A block as it is shown; what is a part of one and not its end is not there. */
  async #block(block: Block | null, full: unknown): Promise<Block | null> {
    if (block === null) return null;
    const number = this.#shownOf(Number(block.number));
    const merged = this.#merged.get(number);
    const place = (transactions: unknown[]): unknown[] =>
      full === true ? transactions.map((one) => this.#place(one as Placed)) : transactions;
    if (merged === undefined) return { ...block, number: toHex(number), transactions: place(block.transactions) };
    if (block.hash !== merged.hash) return null;
    const parts = await this.#parts(merged, full === true);
    const sum = (of: (part: Block) => string | undefined): string =>
      toHex(parts.reduce((total, part) => total + Number(of(part) ?? 0), 0));
    return {
      ...block,
      number: toHex(number),
      parentHash: (parts[0] as Block).parentHash,
      logsBloom: parts.map(({ logsBloom }) => logsBloom).reduce(united),
      gasUsed: sum(({ gasUsed }) => gasUsed),
      blobGasUsed: sum(({ blobGasUsed }) => blobGasUsed),
      transactions: place(parts.flatMap(({ transactions }) => transactions)),
    };
  }

  async #logs(filter: Filter): Promise<Placed[]> {
    const { blockHash, fromBlock, toBlock, ...rest } = filter;
    const merged = [...this.#merged.values()].find(({ hash }) => hash === blockHash);
    let real: object = filter;
    if (merged !== undefined) real = { ...rest, fromBlock: toHex(merged.first), toBlock: toHex(merged.last) };
    else if (blockHash === undefined)
      real = { ...rest, fromBlock: this.#realTag(fromBlock, "first"), toBlock: this.#realTag(toBlock, "last") };
    return ((await this.#ask("eth_getLogs", [real])) as Placed[]).map((log) => this.#place(log));
  }

  /** The same, where it stands in what is shown. */
  #place<T extends Placed>(one: T): T {
    if (one.blockNumber === null) return one;
    const real = Number(one.blockNumber);
    const number = this.#shownOf(real);
    const merged = this.#merged.get(number);
    if (merged === undefined) return number === real ? one : { ...one, blockNumber: toHex(number) };
    const before = merged.logsBefore[real - merged.first] as number;
    return {
      ...one,
      blockNumber: toHex(number),
      blockHash: merged.hash,
      transactionIndex: toHex(real - merged.first),
      ...(one.logIndex !== undefined && { logIndex: toHex(before + Number(one.logIndex)) }),
    };
  }

  async #merge(first: number, last: number): Promise<Merged> {
    const parts = await this.#parts({ first, last }, false);
    const logsBefore: number[] = [];
    let logs = 0;
    for (const { transactions } of parts) {
      logsBefore.push(logs);
      for (const hash of transactions) {
        logs += ((await this.#ask("eth_getTransactionReceipt", [hash])) as { logs: unknown[] }).logs.length;
      }
    }
    return { first, last, hash: (parts.at(-1) as Block).hash, logsBefore };
  }

  #parts({ first, last }: Pick<Merged, "first" | "last">, full: boolean): Promise<Block[]> {
    const numbers = Array.from({ length: last - first + 1 }, (_, i) => toHex(first + i));
    return Promise.all(numbers.map((number) => this.#ask("eth_getBlockByNumber", [number, full]) as Promise<Block>));
  }

  /** What is mined and not ended yet counts to the newest block shown. */
  #shownOf(real: number): number {
    if (real < this.#from) return real;
    return this.#shown[real - this.#from] ?? this.#from + this.#last.length - 1;
  }

  async #head(): Promise<number> {
    return Number(await this.#ask("eth_blockNumber", []));
  }

  #ask(method: string, params: unknown[]): Promise<unknown> {
    return this.#provider.request({ method, params });
  }
}

const toHex = (value: number): string => `0x${value.toString(16)}`;

/** What any of two Bloom filters may hold. */
const united = (one: string, other: string): string =>
  `0x${(BigInt(one) | BigInt(other)).toString(16).padStart(one.length - 2, "0")}`;
