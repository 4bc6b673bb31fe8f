import { once } from "node:events";
import { connect, createServer } from "node:net";
import { expect } from "chai";
import { Libp2pNetwork } from "../../../sdk/agent/network/libp2p-network.ts";
import { NetworkError } from "../../../sdk/agent/network/options.ts";
import { SystemClock } from "../../../sdk/agent/time/clock.ts";
import { ACCEPT } from "../../../sdk/agent/types/verdict.ts";
import { addressOf, freePort } from "./addresses.ts";
import { describeNetwork } from "./conformance.ts";
import { Collector, IDENTITY, KeptLog, untilPeers } from "./fixtures.ts";

describeNetwork("Libp2pNetwork", async () => {
  const networks: Libp2pNetwork[] = [];
  const ports: number[] = [];
  return {
    async add({ identity, log }) {
      const keySeed = new Uint8Array(32).fill(networks.length + 1);
      const port = await freePort(ports);
      const options = { identity, keySeed, listen: [addressOf(port)], bootstrap: ports.map(addressOf) };
      const network = await Libp2pNetwork.create(options, { clock: new SystemClock(), log });
      networks.push(network);
      ports.push(port);
      return network;
    },
    async stop() {
      await Promise.all(networks.map((network) => network.stop()));
    },
  };
});

describe("Libp2pNetwork on real sockets", function () {
  this.timeout(20_000);
  const networks: Libp2pNetwork[] = [];

  afterEach(() => Promise.all(networks.splice(0).map((network) => network.stop())));

  async function create(
    seed: number,
    port: number,
    bootstrap: string[] = [],
    log = new KeptLog(),
  ): Promise<Libp2pNetwork> {
    const options = {
      identity: IDENTITY,
      keySeed: new Uint8Array(32).fill(seed),
      listen: [addressOf(port)],
      bootstrap,
    };
    const network = await Libp2pNetwork.create(options, { clock: new SystemClock(), log });
    networks.push(network);
    return network;
  }

  it("keepsItsPeerIdForTheSameSeedAndHasAnotherForAnother", async () => {
    const ids = [(await create(1, 0)).peerId, (await create(1, 0)).peerId, (await create(2, 0)).peerId];
    expect(ids[1]).to.equal(ids[0]);
    expect(ids[2]).to.not.equal(ids[0]);
  });

  it("connectsWhenAStaticPeerComesUpLaterAndAgainAfterItRestarted", async () => {
    const [portA, portB] = [await freePort(), await freePort()];
    const a = await create(1, portA, [addressOf(portA), addressOf(portB)]);
    await a.start();
    for (let life = 0; life < 2; life++) {
      const b = await create(2, portB);
      await b.start();
      await untilPeers(a, () => a.peerCount() === 1);
      await b.stop();
      await untilPeers(a, () => a.peerCount() === 0);
    }
  });

  it("doesNotCountItselfAsAPeerWhenItsOwnAddressIsListed", async () => {
    const [portA, portB] = [await freePort(), await freePort()];
    const a = await create(1, portA, [addressOf(portA), addressOf(portB)]);
    const b = await create(2, portB, [addressOf(portB)]);
    await a.start();
    await b.start();
    await untilPeers(a, () => a.peerCount() >= 1);
    await untilPeers(b, () => b.peerCount() >= 1);
    expect([a.peerCount(), b.peerCount()]).to.deep.equal([1, 1]);
  });

  it("saysWhichAddressIsTakenAndStartsOnceItIsFree", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as { port: number };
    const network = await create(1, port);
    const error: unknown = await network.start().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(NetworkError);
    expect((error as NetworkError).code).to.equal("listen-failed");
    expect((error as NetworkError).message).to.contain(addressOf(port));
    holder.close();
    await once(holder, "close");
    await network.start();
    expect(network.addresses[0]).to.contain(addressOf(port));
  });

  it("refusesAnAddressThatIsNone", async () => {
    const error: unknown = await create(1, 0, ["localhost:9000"]).catch((thrown: unknown) => thrown);
    expect((error as NetworkError).code).to.equal("bad-address");
    expect((error as NetworkError).message).to.contain("localhost:9000");
  });

  it("survivesSocketsThatSendGarbageOrNothingAndStillTakesPeers", async () => {
    const port = await freePort();
    const a = await create(1, port);
    a.subscribe("votes", async () => ACCEPT);
    await a.start();
    const silent = connect(port, "127.0.0.1").on("error", () => undefined);
    const garbage = Array.from({ length: 8 }, (_, at) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(Buffer.alloc(5000, at * 31));
      return new Promise((resolve) => socket.on("close", resolve));
    });
    await Promise.all(garbage);
    const b = await create(2, await freePort(), [addressOf(port)]);
    const heard = new Collector<string>();
    b.subscribe("votes", async (data) => {
      heard.add(Buffer.from(data).toString());
      return ACCEPT;
    });
    await b.start();
    const both = [a, b].map((network) => untilPeers(network, () => network.subscriberCount("votes") === 1));
    await Promise.all(both);
    await a.publish("votes", Buffer.from("fine"));
    expect(await heard.until(1)).to.deep.equal(["fine"]);
    silent.destroy();
  });
});
