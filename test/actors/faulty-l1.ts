import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of a call: never answered, cut off, done and cut off, told to come later, or answered with something else. */
export type CallFault = "stall" | "cut" | "lose" | "limit" | { result: (real: unknown) => unknown };

/** An HTTP front of a real L1 node that goes wrong where a test says so. */
export class FaultyL1 {
  readonly url: string;
  fault: (method: string, params: unknown[]) => CallFault | undefined = () => undefined;
  /** Methods it was asked, in order. */
  readonly calls: string[] = [];
  readonly #close: () => void;

  private constructor(url: string, close: () => void) {
    this.url = url;
    this.#close = close;
  }

  /** @param target URL of the real node. */
  static async before(target: string): Promise<FaultyL1> {
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => void front.#answer(target, body, response));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const front: FaultyL1 = new FaultyL1(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
      server.close();
      server.closeAllConnections();
    });
    return front;
  }

  close(): void {
    this.#close();
  }

  async #answer(target: string, body: string, response: ServerResponse): Promise<void> {
    const { method, params } = JSON.parse(body) as { method: string; params: unknown[] };
    this.calls.push(method);
    const fault = this.fault(method, params);
    if (fault === "stall") return;
    if (fault === "cut") return void response.destroy();
    if (fault === "limit") return void response.writeHead(429, { "retry-after": "30" }).end("slow down");
    const real = await fetch(target, { method: "POST", headers: { "content-type": "application/json" }, body });
    const answer = (await real.json()) as { result?: unknown };
    if (fault === "lose") return void response.destroy();
    if (fault !== undefined) answer.result = fault.result(answer.result);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  }
}
