import { type L1Transport, L1TransportError, type RpcAnswer } from "../../../../sdk/agent/l1/endpoints/interface.ts";

export const CHAIN_ID = 31_337;
const quantity = (value: number): string => `0x${value.toString(16)}`;

/** An L1 node of a few methods, which does with a call what a test says. */
export class ScriptedNode implements L1Transport {
  readonly name: string;
  chainId = CHAIN_ID;
  /** Names of its blocks, by number. */
  blocks: string[] = Array.from({ length: 10 }, (_, number) => `a${number}`);
  /** What it answers, if not what it should; "stall" for nothing at all. */
  fault: (method: string) => RpcAnswer | Error | "stall" | undefined = () => undefined;
  readonly calls: string[] = [];
  /** Calls that nobody waits for any more. */
  aborted = 0;

  constructor(name: string) {
    this.name = name;
  }

  grow(...blocks: string[]): void {
    this.blocks = [...this.blocks, ...blocks];
  }

  async send(method: string, params: unknown[], signal: AbortSignal): Promise<RpcAnswer> {
    this.calls.push(method);
    const fault = this.fault(method);
    if (fault === "stall") {
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          this.aborted++;
          reject(signal.reason);
        });
      });
    }
    if (fault instanceof Error) throw fault;
    return fault ?? { result: this.#answer(method, params) };
  }

  #answer(method: string, [first]: unknown[]): unknown {
    switch (method) {
      case "eth_chainId":
        return quantity(this.chainId);
      case "eth_blockNumber":
        return quantity(this.blocks.length - 1);
      case "eth_getBlockByNumber": {
        const number = first === "latest" ? this.blocks.length - 1 : Number(first);
        const hash = this.blocks[number];
        return hash === undefined ? null : { number: quantity(number), hash };
      }
      case "eth_sendRawTransaction":
        return "0xhash";
      default:
        return this.name;
    }
  }
}

export const away = new L1TransportError("unreachable", "connect ECONNREFUSED");
export const limited = new L1TransportError("rate-limited", "too many requests (429)", 3_000);
