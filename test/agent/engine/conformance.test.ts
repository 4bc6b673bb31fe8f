import { expect } from "chai";
import { WorkerEngine } from "../../../sdk/agent/engine/worker/worker-engine.ts";
import { ForeignClient } from "./api/foreign-client.ts";
import { conformance } from "./conformance.ts";
import { genesis, Workshop } from "./fixture.ts";
import { rejection } from "./rejection.ts";

describe("engines", () => {
  const workshop = new Workshop();
  const client = new ForeignClient();
  after(async () => {
    await workshop.cleanUp();
    await client.cleanUp();
  });

  const throwing = (error: Error): void => {
    throw error;
  };

  conformance(
    "embedded engine",
    async () => workshop.closeLater(await WorkerEngine.open({ path: workshop.path(), genesis }, { onCrash: throwing })),
    { buildsForced: true, exactReceipts: true },
  );

  conformance(
    "Engine API adapter before another execution client",
    async () => {
      await client.start();
      return client.open();
    },
    // This client's receipts give the tip for the price, and the transaction's index for that of its first log.
    {
      buildsForced: false,
      exactReceipts: false,
      restart: async () => {
        await client.kill();
        await client.start();
      },
    },
  );

  describe("a client", () => {
    it("that has another secret is not connected to", async () => {
      const jwtSecret = new Uint8Array(32).fill(7);
      const { code, message } = await rejection(client.open({ jwtSecret }));
      expect(code).to.equal("unauthorized");
      expect(message).to.contain("expected both sides to have one secret");
    });

    it("of another chain is not connected to", async () => {
      const { code, message } = await rejection(client.open({ genesis: { ...genesis, gasLimit: 1_000_000n } }));
      expect(code).to.equal("other-chain");
      expect(message).to.contain("baton genesis");
    });
  });
});
