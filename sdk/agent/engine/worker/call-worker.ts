import { type MessagePort, parentPort } from "node:worker_threads";
import { ReadOnlyEngine } from "../read-only-engine.ts";
import { PortServer } from "./port-server.ts";

// The thread that runs calls: one that takes seconds must not hold up a block.
await new PortServer(parentPort as MessagePort).serve(async (options) => {
  const engine = await ReadOnlyEngine.open(options);
  return {
    greeting: { genesisHash: engine.genesisHash },
    target: (method) => (method === "close" ? engine : engine.reader()),
  };
});
