import { once } from "node:events";
import { expect } from "chai";
import { ContractFactory, Interface, type Wallet } from "ethers";
import { WebSocket } from "ws";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { compileSolidity } from "../../support/solidity.ts";
import { type Answer, CHAIN_ID, DevChain, transfer } from "./support/devchain.ts";

interface Notification {
  subscription: string;
  result: { number?: string; hash?: string; removed?: boolean; blockHash?: string; topics?: string[] };
}

/** A client that keeps what it is told, in order. */
class Client {
  readonly socket: WebSocket;
  readonly notifications: Notification[] = [];
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #waiting: (() => void)[] = [];
  #id = 0;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url.replace("http", "ws"), { headers });
    this.socket.on("message", (text) => {
      const message = JSON.parse(String(text)) as Answer & { params?: Notification };
      if (message.params !== undefined) this.notifications.push(message.params);
      else this.#answers.get(message.id as number)?.(message);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  static async open(url: string): Promise<Client> {
    const client = new Client(url);
    await once(client.socket, "open");
    return client;
  }

  async call(method: string, params: unknown[] = []): Promise<Answer> {
    const id = ++this.#id;
    const answer = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    this.socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return answer;
  }

  /** The code it is closed with, or undefined once it answers. */
  async firstWord(): Promise<number | undefined> {
    const closed = once(this.socket, "close").then(([code]) => code as number);
    return Promise.race([closed, this.call("eth_chainId").then(() => undefined)]);
  }

  async until(count: number): Promise<Notification[]> {
    while (this.notifications.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.notifications;
  }
}

describe("JSON-RPC over WebSocket", () => {
  let dev: DevChain;
  let a: Wallet;
  let b: Wallet;

  beforeEach(async () => {
    dev = await DevChain.start({ maxSubscriptionsPerWebSocket: 3, maxWebSockets: 2, maxBodyBytes: 10_000 });
    [a, b] = dev.wallets as [Wallet, Wallet];
  });
  afterEach(() => dev.stop());

  it("answers requests and batches like HTTP does", async () => {
    const client = await Client.open(dev.url);
    expect((await client.call("eth_chainId")).result).to.equal("0x1e15");
    expect((await client.call("nothing")).error?.code).to.equal(-32601);
    const batch = once(client.socket, "message");
    client.socket.send('[{"jsonrpc":"2.0","id":"x","method":"net_version"},1]');
    const answers = JSON.parse(String((await batch)[0])) as Answer[];
    expect(answers.map((answer) => answer.error?.code)).to.deep.equal([undefined, -32600]);
    const garbage = once(client.socket, "message");
    client.socket.send("garbage");
    expect(JSON.parse(String((await garbage)[0])).error.code).to.equal(-32700);
  });

  it("announces every new head once, in order, and the new branch after a discard", async () => {
    const client = await Client.open(dev.url);
    const id = (await client.call("eth_subscribe", ["newHeads"])).result;
    const first = await dev.mine();
    const second = await dev.mine();
    await client.until(2);
    await dev.pool.add(await transfer(a, 0));
    const other = await dev.mine(first.parentHash);
    const top = await dev.mine();
    const seen = await client.until(4);
    expect(seen.map((one) => one.result.hash)).to.deep.equal(
      [first, second, other, top].map((block) => block.blockHash),
    );
    expect(new Set(seen.map((one) => one.subscription))).to.deep.equal(new Set([id]));
  });

  it("fills in blocks whose head it was not told of", async () => {
    const client = await Client.open(dev.url);
    await client.call("eth_subscribe", ["newHeads"]);
    const setHead = dev.setHead.bind(dev);
    dev.setHead = async () => undefined;
    const skipped = await dev.mine();
    dev.setHead = setHead;
    const told = await dev.mine();
    const seen = await client.until(2);
    expect(seen.map((one) => one.result.hash)).to.deep.equal([skipped.blockHash, told.blockHash]);
  });

  it("sends matching logs, and takes them back with removed when their block is discarded", async () => {
    const compiled = compileSolidity(new URL("./support/Board.sol", import.meta.url), "Board");
    const board = new Interface(compiled.abi as never);
    const fees = {
      type: 2,
      chainId: CHAIN_ID,
      gasLimit: 1_000_000n,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 1n,
    };
    const deploy = await new ContractFactory(compiled.abi, compiled.bytecode).getDeployTransaction();
    await dev.pool.add((await a.signTransaction({ ...fees, data: deploy.data, nonce: 0 })) as Hex);
    const deployed = await dev.mine();
    const [receipt] = await dev.chain.getReceipts(deployed.blockHash);
    const client = await Client.open(dev.url);
    const topic = board.getEvent("Posted")?.topicHash;
    await client.call("eth_subscribe", ["logs", { address: receipt?.contractAddress, topics: [topic] }]);
    await client.call("eth_subscribe", ["logs", { topics: [null, `0x${"11".repeat(32)}`] }]);
    const data = board.encodeFunctionData("post", ["hi"]);
    await dev.pool.add((await a.signTransaction({ ...fees, to: receipt?.contractAddress, data, nonce: 1 })) as Hex);
    const posted = await dev.mine();
    await dev.pool.add(await transfer(b, 0));
    await dev.setHead(deployed.blockHash);
    const seen = await client.until(2);
    expect(seen.map((one) => [one.result.removed, one.result.blockHash])).to.deep.equal([
      [false, posted.blockHash],
      [true, posted.blockHash],
    ]);
  });

  it("announces transactions as they enter the mempool, by hash or whole", async () => {
    const client = await Client.open(dev.url);
    const hashes = (await client.call("eth_subscribe", ["newPendingTransactions"])).result;
    await client.call("eth_subscribe", ["newPendingTransactions", true]);
    const { hash } = await dev.pool.add(await transfer(a, 0));
    const seen = await client.until(2);
    expect(seen.find((one) => one.subscription === hashes)?.result).to.equal(hash);
    expect(seen.find((one) => one.subscription !== hashes)?.result).to.deep.include({ hash, blockHash: null });
  });

  it("ends a subscription on request, and only its own", async () => {
    const client = await Client.open(dev.url);
    const other = await Client.open(dev.url);
    const id = (await client.call("eth_subscribe", ["newHeads"])).result;
    expect((await other.call("eth_unsubscribe", [id])).result).to.equal(false);
    expect((await client.call("eth_unsubscribe", [id])).result).to.equal(true);
    expect((await client.call("eth_unsubscribe", [id])).result).to.equal(false);
    await dev.mine();
    await client.call("eth_chainId");
    expect(client.notifications).to.deep.equal([]);
  });

  it("bounds subscriptions of a connection and names what can be subscribed to", async () => {
    const client = await Client.open(dev.url);
    for (let i = 0; i < 3; i++) await client.call("eth_subscribe", ["newHeads"]);
    expect((await client.call("eth_subscribe", ["newHeads"])).error?.code).to.equal(-32005);
    for (const params of [[], ["syncing"], ["logs", 5], ["newHeads", {}]]) {
      const { error } = await client.call("eth_subscribe", params);
      expect(error?.code).to.equal(-32602);
      expect(error?.message).to.include("newPendingTransactions");
    }
  });

  it("refuses connections beyond its bound with 1013", async () => {
    await Client.open(dev.url);
    const leaving = await Client.open(dev.url);
    const refused = new Client(dev.url);
    expect((await once(refused.socket, "close"))[0]).to.equal(1013);
    leaving.socket.close();
    await once(leaving.socket, "close");
    // The server learns of the closing a moment after the client does.
    let next = await Client.open(dev.url);
    while ((await next.firstWord()) === 1013) next = await Client.open(dev.url);
    expect((await next.call("eth_chainId")).result).to.equal("0x1e15");
  });

  it("closes a subscriber that does not read, with a code, and goes on serving the others", async () => {
    const options = { maxSubscriberBacklogBytes: 20_000, maxSubscriptionsPerWebSocket: 300 };
    // Time stands still: however long the client sleeps, its close frame is not overtaken by the cut.
    const still = await DevChain.start(options, new ManualClock(0));
    const slow = await Client.open(still.url);
    const quick = await Client.open(still.url);
    for (let i = 0; i < 300; i++) await slow.call("eth_subscribe", ["newHeads"]);
    await quick.call("eth_subscribe", ["newHeads"]);
    slow.socket.pause();
    // 40 blocks of 300 notifications of 2 KB: more than the kernel buffers for a reader that sleeps.
    for (let i = 0; i < 40; i++) await still.mine();
    expect(await quick.until(40)).to.have.length(40);
    const closed = once(slow.socket, "close");
    slow.socket.resume();
    expect((await closed)[0]).to.equal(4008);
    expect(slow.notifications.length).to.be.below(40 * 300);
    await still.stop();
  });

  it("closes on binary frames and on frames over the limit", async () => {
    const binary = await Client.open(dev.url);
    binary.socket.send(Buffer.from("{}"), { binary: true });
    expect((await once(binary.socket, "close"))[0]).to.equal(1003);
    const large = await Client.open(dev.url);
    large.socket.send("x".repeat(10_001));
    expect((await once(large.socket, "close"))[0]).to.equal(1009);
  });

  it("refuses web pages of other origins", async () => {
    const page = new Client(dev.url, { origin: "https://evil.example" });
    const [error] = (await once(page.socket, "error").catch((reason) => [reason])) as [Error];
    expect(error.message).to.include("403");
  });

  it("cuts a connection that no longer answers pings", async () => {
    const clock = new ManualClock(0);
    const quiet = await DevChain.start({ pingIntervalMs: 1_000 }, clock);
    const live = await Client.open(quiet.url);
    const ping = once(live.socket, "ping");
    await clock.advanceTo(1_000);
    await ping;
    await live.call("eth_chainId");
    const dead = await Client.open(quiet.url);
    dead.socket.pong = () => undefined;
    (dead.socket as unknown as { _autoPong: boolean })._autoPong = false;
    const pinged = Promise.all([once(live.socket, "ping"), once(dead.socket, "ping")]);
    await clock.advanceTo(2_000);
    await pinged;
    await live.call("eth_chainId");
    const closed = once(dead.socket, "close");
    await clock.advanceTo(3_000);
    expect((await closed)[0]).to.equal(1006);
    expect((await live.call("eth_chainId")).result).to.equal("0x1e15");
    await quiet.stop();
  });
});
