import { Worker } from "node:worker_threads";
import { expect } from "chai";
import type { EngineError } from "../../../sdk/agent/engine/interface.ts";
import { WorkerChannel } from "../../../sdk/agent/engine/worker/channel.ts";
import { rejection } from "./rejection.ts";

/** A worker that does `reaction` to its first message. */
const faulty = (reaction: string): Worker =>
  new Worker(`require("node:worker_threads").parentPort.once("message", () => { ${reaction} })`, { eval: true });

describe("engine: a worker that dies", () => {
  for (const [name, reaction] of [
    ["throws", "throw new Error('broken')"],
    ["exits", "process.exit(3)"],
  ] as const) {
    it(`${name}: every open call is rejected, the owner hears of it once, later calls fail at once`, async () => {
      const crashes: EngineError[] = [];
      const channel = new WorkerChannel(faulty(reaction), (error) => crashes.push(error));
      const open = [channel.call("getBlock", 0), channel.call("getPayload", "id"), channel.call("getReceipts", 1)];
      for (const call of open) expect(await rejection(call)).to.include({ code: "crashed" });
      expect(await rejection(channel.call("getBlock", 0))).to.include({ code: "crashed" });
      expect(crashes).to.have.length(1);
      await channel.close();
    });
  }
});
