import { expect } from "chai";
import { Timetable } from "../../../sdk/agent/time/timetable.ts";
import { DEVNET_PARAMETERS, MAINNET_PARAMETERS } from "../../../sdk/types/parameters.ts";

describe("the timetable", () => {
  const mainnet = new Timetable(MAINNET_PARAMETERS, 1_200);
  const devnet = new Timetable(DEVNET_PARAMETERS, 1_200);

  it("takes slot, build slot and submission slot from one reading of the clock", () => {
    for (let nowMs = 1_199_000; nowMs < 1_500_000; nowMs += 333) {
      const moment = mainnet.moment(nowMs);
      expect(moment.buildSlot).to.equal(moment.submissionSlot + 1);
      expect(nowMs).to.be.within(
        mainnet.startMs(moment.submissionSlot),
        mainnet.startMs(moment.submissionSlot + 1) - 1,
      );
    }
  });

  it("is negative before genesis, so that nothing is built", () => {
    expect(mainnet.moment(1_199_999).submissionSlot).to.equal(-1);
  });

  it("fills the build slot with blocks up to the dead zone, the last one cut", () => {
    const { blocks, startMs, buildStartMs } = mainnet.of(5);
    expect(blocks).to.have.length(12);
    expect(blocks[0]?.startMs).to.equal(buildStartMs);
    expect(blocks.at(-1)).to.include({ last: true, deadlineMs: startMs - 4_000 });
    expect(blocks.filter((block) => block.last)).to.have.length(1);
    expect(devnet.of(5).blocks).to.have.length(12);
  });

  it("leaves out a last block that is shorter than the minimum", () => {
    const short = new Timetable({ ...MAINNET_PARAMETERS, hopSeconds: 2.5 }, 1_200);
    expect(short.of(5).blocks).to.have.length(11);
  });

  it("gives consecutive checkpoints strictly growing timestamps inside their build slots", () => {
    const stamps = [1, 2, 3].flatMap((slot) => devnet.of(slot).blocks.map((block) => block.timestamp));
    expect(stamps).to.deep.equal([...new Set(stamps)].sort((a, b) => a - b));
    expect(stamps[0]).to.equal(1_200);
  });

  it("states every deadline in the frame of its own slot", () => {
    for (const table of [mainnet, devnet]) {
      const times = table.of(9);
      expect(times.buildStartMs).to.be.below(times.startMs);
      expect(times.firstSendMs).to.be.below(times.startMs);
      expect(times.proposalDeadlineMs).to.be.below(times.attestationDeadlineMs);
      expect(times.attestationDeadlineMs).to.be.below(times.lastOnTimeBlockMs);
      expect(times.lastOnTimeBlockMs).to.be.below(times.handoffMs);
      expect(times.handoffMs).to.be.below(times.openMs);
      expect(times.openMs).to.be.at.most(times.lastLateBlockMs);
      expect(times.lastLateBlockMs).to.be.below(times.closesMs);
    }
  });
});
