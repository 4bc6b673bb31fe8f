import { expect } from "chai";
import { timetableLines } from "../../../sdk/agent/commands/timetable-report.ts";
import { loadConfig } from "../../../sdk/agent/config/load.ts";
import { parametersOf } from "../../../sdk/agent/config/parameters.ts";
import { DEVNET_PARAMETERS, MAINNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import { hardhatServerL1 } from "../../sdk/submit/l1.ts";
import { createWorld } from "../../sdk/world/world.ts";
import { temporaryDirectory } from "../store/fixtures.ts";
import { run, writeConfig } from "./support.ts";

describe("baton timetable", function () {
  // Each run starts a Node of its own, one of them beside an L1.
  this.timeout(120_000);

  it("states every window, in the order of time", () => {
    expect(timetableLines(MAINNET_PARAMETERS).filter((line) => !line.includes("L2 block "))).to.deep.equal([
      "  -72 s  its proposer builds: 12 L2 blocks",
      "  -48 s  a proposer that showed no block by now is taken to be silent",
      "-11.5 s  a transaction sent from now on is in no L1 block before the slot",
      "    0 s  on time: 6 L1 blocks",
      "   +3 s  a checkpoint proposal is no longer accepted",
      "  +48 s  attestations must be there",
      "  +60 s  last L1 block on time",
      "  +72 s  late, credit to the successor: 2 L1 blocks",
      "  +96 s  late, credit to whoever lands it: 2 L1 blocks",
      " +108 s  last L1 block that accepts it",
      " +120 s  dead: it and what stands on it is discarded",
    ]);
    const devnet = timetableLines(DEVNET_PARAMETERS);
    expect(devnet).to.include(" -12 s  L2 block 0 is begun, sealed by -11 s");
    expect(devnet).to.include("  -1 s  L2 block 11, the last, is begun, sealed by -0.4 s");
    expect(devnet.at(-1)).to.equal(" +20 s  dead: it and what stands on it is discarded");
  });

  it("moves with every parameter it depends on", () => {
    const changes = {
      l1SlotSeconds: 6,
      slotSeconds: 96,
      blockSeconds: 8,
      minBlockSeconds: 5,
      hopSeconds: 1,
      proposalWindowSeconds: 4,
      handoffWindowSeconds: 60,
      successorWindowSeconds: 12,
      clockDisparityMs: 250,
    };
    const plain = timetableLines(MAINNET_PARAMETERS);
    for (const [name, value] of Object.entries(changes))
      expect(timetableLines({ ...MAINNET_PARAMETERS, [name]: value }), name).to.not.deep.equal(plain);
  });

  it("starts from a named set and takes single durations from flags", async () => {
    const { code, output } = await run(["timetable", "--parameters", "devnet", "--successor-window-seconds", "8"]);
    expect(code, output).to.equal(0);
    expect(output.trimEnd().split("\n")).to.deep.equal(
      timetableLines({ ...DEVNET_PARAMETERS, successorWindowSeconds: 8 }),
    );
  });

  const misuses: [string, string[], RegExp][] = [
    ["a set it does not know", ["--parameters", "moon"], /Allowed choices are mainnet, devnet/],
    ["two sources", ["--parameters", "devnet", "--config", "x"], /cannot be used with/],
    ["a duration that is none", ["--block-seconds", "0"], /Expected a number above 0/],
    ["a slot of broken L1 blocks", ["--slot-seconds", "71"], /slotSeconds: expected a multiple of 12 s, got 71 s/],
    ["a handoff as long as a slot", ["--handoff-window-seconds", "72"], /handoffWindowSeconds: expected .* below 72 s/],
    ["a successor's window beyond it", ["--successor-window-seconds", "60"], /successorWindowSeconds: .* up to 48 s/],
    ["more blocks than there can be", ["--block-seconds", "0.01"], /blockSeconds: expected at most 1000 blocks/],
    ["a slot without room for a block", ["--hop-seconds", "36"], /minBlockSeconds: expected no more than/],
  ];
  for (const [what, args, message] of misuses) {
    it(`refuses ${what}`, async () => {
      const { code, output } = await run(["timetable", ...args]);
      expect(code, output).to.equal(2);
      expect(output).to.match(message);
    });
  }

  it("takes an agent's parameters from its configuration and its rollup on L1", async () => {
    const l1 = await hardhatServerL1();
    const directory = temporaryDirectory();
    try {
      const world = await createWorld(l1);
      const configFile = writeConfig(directory.path, {}, { rpcUrl: l1.url, rollup: world.rollup }).file;
      const { code, output } = await run(["timetable", "--config", configFile]);
      expect(code, output).to.equal(0);
      const { timing } = await loadConfig(configFile);
      expect(output.trimEnd().split("\n")).to.deep.equal(timetableLines(parametersOf(world.config, timing)));
    } finally {
      directory.remove();
      await l1.close();
    }
  });
});
