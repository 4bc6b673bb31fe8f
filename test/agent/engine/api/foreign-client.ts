import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ApiEngine, type ApiEngineOptions } from "../../../../sdk/agent/engine/api/api-engine.ts";
import { clientGenesis } from "../../../../sdk/agent/engine/api/client-genesis.ts";
import type { GenesisConfig } from "../../../../sdk/agent/engine/genesis.ts";
import { SystemClock } from "../../../../sdk/agent/time/clock.ts";
import { type RunningProcess, start } from "../../../support/processes.ts";
import { genesis } from "../fixture.ts";

const COMMAND = fileURLToPath(import.meta.resolve("@ethereumjs/client"));

/** An execution client by others, `@ethereumjs/client`, in a process and a directory of its own. */
export class ForeignClient {
  readonly lost: Error[] = [];
  readonly #directory = mkdtempSync(join(tmpdir(), "baton-client-test-"));
  readonly #genesis: GenesisConfig;
  readonly #secret = randomBytes(32);
  readonly #engines: ApiEngine[] = [];
  #ports: number[] = [];
  #process: RunningProcess | undefined;
  #runs = 0;

  constructor(config = genesis) {
    this.#genesis = config;
    writeFileSync(this.#file("jwt.hex"), this.#secret.toString("hex"));
    writeFileSync(this.#file("genesis.json"), JSON.stringify(clientGenesis(config)));
  }

  /** Starts it; a second start is one with an empty database. */
  async start(): Promise<void> {
    if (this.#ports.length === 0) this.#ports = await freePorts(3);
    const [engine, rpc, p2p] = this.#ports;
    const data = this.#file(`data-${this.#runs++}`);
    mkdirSync(data);
    this.#process = await start(
      "node",
      [
        ...["--import", new URL("./preload.ts", import.meta.url).href, COMMAND],
        ...["--gethGenesis", this.#file("genesis.json"), "--dataDir", data, "--saveReceipts"],
        ...["--rpcEngine", "--rpcEngineAddr", "127.0.0.1", "--rpcEnginePort", `${engine}`],
        ...["--jwtSecret", this.#file("jwt.hex"), "--rpc", "--rpcAddr", "127.0.0.1", "--rpcPort", `${rpc}`],
        ...["--port", `${p2p}`, "--discDns=false", "--discV4=false", "--maxPeers", "0", "--isSingleNode"],
      ],
      { ready: /Client started successfully/ },
    );
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    await this.#process?.stop("SIGKILL");
  }

  async open(change: Partial<ApiEngineOptions> = {}): Promise<ApiEngine> {
    const options = {
      engineUrl: `http://127.0.0.1:${this.#ports[0]}`,
      rpcUrl: `http://127.0.0.1:${this.#ports[1]}`,
      jwtSecret: this.#secret,
      genesis: this.#genesis,
      buildMs: 0, // this client takes what its pool holds when it is asked for the block
      timeoutMs: 20_000,
      ...change,
    };
    const engine = await ApiEngine.open(options, {
      clock: new SystemClock(),
      onLost: (error) => this.lost.push(error),
    });
    this.#engines.push(engine);
    return engine;
  }

  async cleanUp(): Promise<void> {
    for (const engine of this.#engines) await engine.close();
    await this.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }
}

/** Ports that nothing listens on, all held until the last is found. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
