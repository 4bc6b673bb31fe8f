import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "chai";
import { loadAccount } from "../../deploy/devnet/accounts.ts";
import type { LoadCommand, LoadMessage } from "../../deploy/devnet/messages.ts";
import type { LoadReport } from "../../deploy/devnet/report.ts";
import { rpc } from "../../deploy/devnet/rpc.ts";
import { type RunningProcess, startAnvil } from "../support/processes.ts";

const CHAIN_ID = 77_012;
const ACCOUNTS = Array.from({ length: 8 }, (_, index) => loadAccount(index));

/** A port of the loopback on which nobody answers. */
async function silentUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

/** Resolves with the first report that fulfils the condition. */
function reportWhere(load: ChildProcess, condition: (report: LoadReport) => boolean): Promise<LoadReport> {
  return new Promise((resolve, reject) => {
    load.on("message", (message: LoadMessage) => {
      if (message.type === "failed") reject(new Error(message.reason));
      else if (condition(message.report)) resolve(message.report);
    });
  });
}

describe("load generator", () => {
  let node: RunningProcess & { url: string };
  let load: ChildProcess;

  before(async () => {
    // Each block is an epoch of its own, so that the node's safe block follows its head.
    node = await startAnvil(["--chain-id", String(CHAIN_ID), "--block-time", "1", "--slots-in-an-epoch", "1"]);
    for (const { address } of ACCOUNTS) await rpc(node.url, "anvil_setBalance", [address, "0x56bc75e2d63100000"]);
    load = fork("deploy/devnet/load/main.ts", { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  });

  after(async () => {
    load.kill();
    await node.stop();
  });

  it("makes its token, transfers ether and tokens, and follows all of it to a safe block, past a node that is gone", async () => {
    const rpcUrls = [await silentUrl(), node.url];
    const command: LoadCommand = { type: "start", rpcUrls, chainId: CHAIN_ID, accounts: ACCOUNTS, rate: 40 };
    const busy = reportWhere(load, (report) => report.landed > 40);
    load.send(command);
    await busy;
    const done = reportWhere(load, (report) => report.lost === 0 && report.landed === report.sent);
    load.send({ type: "drain" } satisfies LoadCommand);
    const report = await done;
    const nonces = await Promise.all(
      ACCOUNTS.map(({ address }) => rpc<string>(node.url, "eth_getTransactionCount", [address, "safe"])),
    );
    expect(nonces.reduce((total, nonce) => total + Number(nonce), 0)).to.equal(report.landed);
    const logs = await rpc<unknown[]>(node.url, "eth_getLogs", [{ fromBlock: "0x0", toBlock: "latest" }]);
    // One for each holder at the start, then one for each token transfer: about every other transaction.
    expect(logs.length - ACCOUNTS.length).to.be.within(report.landed * 0.3, report.landed * 0.7);
  });
});
