import { MemoryHub, PERFECT_LINK } from "../../../sdk/agent/network/memory-hub.ts";
import { MemoryNetwork } from "../../../sdk/agent/network/memory-network.ts";
import { SystemClock } from "../../../sdk/agent/time/clock.ts";
import { describeNetwork } from "./conformance.ts";

describeNetwork("MemoryNetwork", async () => {
  const hub = new MemoryHub({ seed: 1, link: PERFECT_LINK }, { clock: new SystemClock() });
  const networks: MemoryNetwork[] = [];
  return {
    async add({ identity, log }) {
      const network = new MemoryNetwork({ peerId: `peer-${networks.length}`, identity }, { hub, log });
      networks.push(network);
      return network;
    },
    async stop() {
      await Promise.all(networks.map((network) => network.stop()));
    },
  };
});
