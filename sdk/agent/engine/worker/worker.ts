import { type MessagePort, parentPort } from "node:worker_threads";
import { machineNowMs } from "../../time/now.ts";
import { EmbeddedEngine } from "../embedded-engine.ts";
import { EngineError } from "../interface.ts";
import { PortServer } from "./port-server.ts";
import { METHODS } from "./protocol.ts";

// The thread that executes and stores blocks, and answers everything that is a look-up.
const server = new PortServer(parentPort as MessagePort);
await server.serve(async (options) => {
  const engine = await EmbeddedEngine.open(options, {
    nowMs: machineNowMs,
    beforeTransaction: () => server.drain(),
  });
  return {
    greeting: { genesisHash: engine.genesisHash },
    target(method) {
      if (engine.closed) throw new EngineError("closed", "the engine is closed");
      return METHODS[method] === "engine" ? engine : engine.reader;
    },
  };
});
