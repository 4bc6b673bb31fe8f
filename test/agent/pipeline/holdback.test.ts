import { expect } from "chai";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { Holdback } from "../../../sdk/agent/pipeline/holdback.ts";
import { chainOf, genesis } from "../chain/support.ts";

function setUp(state: ChainState) {
  const sent: string[] = [];
  const chain = { state };
  const holdback = new Holdback(() => chain.state);
  const show = (slot: number, name: string): Promise<void> =>
    holdback.show(slot, () => Promise.resolve(void sent.push(name)));
  return { sent, chain, holdback, show };
}

describe("a silent proposer", () => {
  it("shows at once what stands on L1, or on a certified predecessor", async () => {
    const onL1 = setUp(chainOf("building"));
    await onL1.show(1, "1.0");
    expect(onL1.sent).to.deep.equal(["1.0"]);
    const onCertified = setUp(chainOf("certified", "building"));
    await onCertified.show(2, "2.0");
    expect(onCertified.sent).to.deep.equal(["2.0"]);
  });

  it("keeps all back until its predecessor's certificate is seen, then shows it in its order", async () => {
    const { sent, chain, holdback, show } = setUp(chainOf("proposed", "building"));
    for (const name of ["2.0", "2.1", "proposal 2"]) await show(2, name);
    await holdback.look();
    expect([sent, holdback.isHeld(2), holdback.isHeld(1)]).to.deep.equal([[], true, false]);
    chain.state = chainOf("certified", "complete");
    await Promise.all([holdback.look(), holdback.look()]);
    expect(sent).to.deep.equal(["2.0", "2.1", "proposal 2"]);
    await holdback.look();
    expect([sent.length, holdback.isHeld(2)]).to.deep.equal([3, false]);
  });

  it("never shows what was discarded meanwhile", async () => {
    const { sent, chain, holdback, show } = setUp(chainOf("proposed", "building"));
    await show(2, "2.0");
    chain.state = genesis();
    await holdback.look();
    chain.state = chainOf("certified", "complete");
    await holdback.look();
    expect(sent).to.deep.equal([]);
  });
});
