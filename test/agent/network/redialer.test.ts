import { expect } from "chai";
import { Redialer } from "../../../sdk/agent/network/redialer.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";

/** A redialer for one address whose dials succeed when told to, and the times of its dials. */
function rig() {
  const clock = new ManualClock();
  const dials: number[] = [];
  const world = { reachable: false };
  const redialer = new Redialer(
    { addresses: ["/a"], spread: 0 },
    {
      clock,
      dial: async () => {
        dials.push(clock.nowMs());
        if (!world.reachable) throw new Error("unreachable");
        return "peer";
      },
    },
  );
  return { clock, dials, world, redialer };
}

describe("Redialer", () => {
  it("waitsTwiceAsLongAfterEachFailureUpToItsBound", async () => {
    const { clock, dials, redialer } = rig();
    redialer.start();
    await clock.advanceTo(0);
    await clock.advanceTo(60_000);
    const waits = dials.slice(1).map((at, index) => at - (dials[index] as number));
    expect(waits.slice(0, 8)).to.deep.equal([100, 200, 400, 800, 1600, 3200, 6400, 10_000]);
    expect(waits.slice(8).every((wait) => wait === 10_000)).to.equal(true);
    redialer.stop();
  });

  it("dialsAgainSoonWhenALongConnectionFallsAndLaterWhenAShortOneDoes", async () => {
    const { clock, dials, world, redialer } = rig();
    world.reachable = true;
    redialer.start();
    await clock.advanceTo(6_000);
    redialer.onDisconnect("peer");
    await clock.advanceTo(6_500);
    redialer.onDisconnect("peer");
    await clock.advanceTo(7_000);
    expect(dials).to.deep.equal([0, 6_100, 6_700]);
    redialer.stop();
  });

  it("dialsNeitherPeersItDidNotDialNorAnyoneAfterStop", async () => {
    const { clock, dials, redialer, world } = rig();
    redialer.start();
    await clock.advanceTo(0);
    world.reachable = true;
    await clock.advanceTo(150);
    redialer.onDisconnect("somebody else");
    await clock.advanceTo(20_000);
    expect(dials).to.deep.equal([0, 100]);
    redialer.onDisconnect("peer");
    redialer.stop();
    await clock.advanceTo(60_000);
    expect(dials).to.deep.equal([0, 100]);
  });
});
