// A process of its own that joins the network of `hop.ts` and tells when each message reached its handler.
import { Libp2pNetwork } from "../../sdk/agent/network/libp2p-network.ts";
import { SystemClock } from "../../sdk/agent/time/clock.ts";
import { ACCEPT } from "../../sdk/agent/types/verdict.ts";
import { networkOptions, QUIET, TOPIC } from "./hop-network.ts";

const [index, address] = process.argv.slice(2);
const network = await Libp2pNetwork.create(networkOptions(Number(index), [address as string]), {
  clock: new SystemClock(),
  log: QUIET,
});
network.subscribe(TOPIC, async (data) => {
  process.send?.({ message: Buffer.from(data).readUInt32BE(), atNs: process.hrtime.bigint().toString() });
  return ACCEPT;
});
await network.start();
process.on("disconnect", () => void network.stop().then(() => process.exit(0)));
