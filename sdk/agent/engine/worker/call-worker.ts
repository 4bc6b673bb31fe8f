import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { EmbeddedEngineOptions } from "../embedded-engine.ts";
import { ReadOnlyEngine } from "../read-only-engine.ts";
import { PortServer } from "./port-server.ts";

// The thread that runs calls: one that takes seconds must not hold up a block.
await new PortServer(parentPort as MessagePort).serve(async () => {
  const engine = await ReadOnlyEngine.open(workerData as EmbeddedEngineOptions);
  return {
    greeting: { genesisHash: engine.genesisHash },
    target: (method) => (method === "close" ? engine : engine.reader()),
  };
});
