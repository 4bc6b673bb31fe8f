import { expect } from "chai";
import type { Network } from "../../sdk/agent/network/interface.ts";
import { NO_FAULTS } from "./faults/plan.ts";
import { simulate } from "./run.ts";
import { DEVNET_SETTING } from "./setting.ts";

const SLOTS = 5;
const ALL = Array.from({ length: SLOTS }, (_, i) => i + 1);

/** Takes every other message at the second attempt only. */
function unreliable(real: Network): Network {
  const refused = new Set<string>();
  let count = 0;
  return new Proxy(real, {
    get: (target, name) => {
      if (name !== "publish") {
        const value = Reflect.get(target, name, target) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      }
      return (...[topic, data]: Parameters<Network["publish"]>): Promise<void> => {
        const id = `${topic} ${Buffer.from(data).toString("base64")}`;
        if (refused.has(id) || count++ % 2 === 0) return target.publish(topic, data);
        refused.add(id);
        return Promise.reject(new Error("the socket is gone"));
      };
    },
  });
}

describe("simulation of gossip that fails", function () {
  // Real agents, on a busy machine: a slot takes up to seconds.
  this.timeout(120_000);

  it("costs no slot where the network does not take every other message of the agents' own at once", async () => {
    const setting = { ...DEVNET_SETTING, seams: () => ({ network: unreliable }) };
    const { violation, landed } = await simulate({ seed: 1, slots: SLOTS, profile: "fast", faults: [], setting });
    expect(violation, String(violation?.stack)).to.equal(undefined);
    expect(landed.map(({ slot }) => slot)).to.include.members(ALL);
  });

  it("costs no slot where votes are lost in a partition that ends in the slot", async () => {
    const { violation, landed } = await simulate({
      seed: 1,
      slots: SLOTS,
      profile: "fast",
      planOf: (startOf) => ({
        ...NO_FAULTS,
        // As slot 3 is proposed: those who see the proposal are no quorum, the others ask for it when it is over.
        partitions: [{ fromMs: startOf(3) - 300, toMs: startOf(3) + 3_000, apart: ["agent-0", "agent-1"] }],
      }),
    });
    expect(violation, String(violation?.stack)).to.equal(undefined);
    expect(landed.map(({ slot }) => slot)).to.include.members(ALL);
  });
});
