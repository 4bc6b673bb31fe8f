import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Libp2pNetwork } from "../../../sdk/agent/network/libp2p-network.ts";
import { SystemClock } from "../../../sdk/agent/time/clock.ts";
import { describeNetwork } from "./conformance.ts";

/** A loopback address that nobody listens on and none of `taken` will. */
async function freeAddress(taken: string[]): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const address = `/ip4/127.0.0.1/tcp/${port}`;
  return taken.includes(address) ? freeAddress(taken) : address;
}

describeNetwork("Libp2pNetwork", async () => {
  const networks: Libp2pNetwork[] = [];
  const addresses: string[] = [];
  return {
    async add({ identity, log }) {
      const keySeed = new Uint8Array(32).fill(networks.length + 1);
      const address = await freeAddress(addresses);
      const options = { identity, keySeed, listen: [address], bootstrap: [...addresses] };
      const network = await Libp2pNetwork.create(options, { clock: new SystemClock(), log });
      networks.push(network);
      addresses.push(address);
      return network;
    },
    async stop() {
      await Promise.all(networks.map((network) => network.stop()));
    },
  };
});
