import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { WebSocket } from "ws";
import { DevChain, post, rpc, transfer } from "./support/devchain.ts";

describe("JSON-RPC server", () => {
  let dev: DevChain;
  beforeEach(async () => {
    dev = await DevChain.start();
  });
  afterEach(() => dev.stop());

  it("says which port is in use and what to do", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as AddressInfo;
    const error = await dev.serve({ port }).catch((reason: Error) => reason);
    expect(error).to.include({
      name: "RpcServerError",
      code: "port-in-use",
      message: `JSON-RPC cannot listen on 127.0.0.1:${port}: the port is in use; stop what uses it or choose another rpc port`,
    });
    blocker.close();
    expect(await dev.serve({ port })).to.equal(`http://127.0.0.1:${port}`);
  });

  it("says that the machine has no such address", async () => {
    const error = await dev.serve({ host: "203.0.113.1" }).catch((reason: Error) => reason);
    expect(error).to.include({ code: "no-such-address" });
  });

  it("listens on the loopback only unless told otherwise", async () => {
    expect(new URL(dev.url).hostname).to.equal("127.0.0.1");
  });

  it("stops while a caller waits, a connection idles and a request trickles", async () => {
    const raw = await transfer(dev.wallets[0] as Wallet, 0);
    const waiting = rpc(dev.url, "eth_sendRawTransactionSync", [raw, 6_000]);
    const idle = new WebSocket(dev.url.replace("http", "ws"));
    await once(idle, "open");
    const closed = once(idle, "close");
    const trickle = connect(Number(new URL(dev.url).port), "127.0.0.1");
    const cut = new Promise((resolve) =>
      trickle
        .on("error", () => undefined)
        .on("close", resolve)
        .resume(),
    );
    await once(trickle, "connect");
    trickle.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
    while (dev.pool.size === 0) await new Promise((resolve) => setImmediate(resolve));
    await dev.stop();
    expect((await waiting).error?.code).to.equal(4);
    expect((await closed)[0]).to.equal(1001);
    await cut;
    dev = await DevChain.start();
  });

  it("answers 503 beyond its limit of requests in work", async () => {
    const url = await dev.serve({ maxConcurrentRequests: 1 });
    const raw = await transfer(dev.wallets[0] as Wallet, 0);
    const waiting = rpc(url, "eth_sendRawTransactionSync", [raw, 6_000]);
    while (dev.pool.size === 0) await new Promise((resolve) => setImmediate(resolve));
    const { status, answer } = await post(url, '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}');
    expect([status, answer.error?.code]).to.deep.equal([503, -32005]);
    await dev.mine();
    expect((await waiting).result).to.include({ status: "0x1" });
    expect((await rpc(url, "eth_chainId")).result).to.equal("0x1e15");
  });
});
