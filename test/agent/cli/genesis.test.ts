import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { genesisOf, printGenesis } from "../../../sdk/agent/assembly/genesis.ts";
import { loadConfig } from "../../../sdk/agent/config/load.ts";
import { clientGenesis } from "../../../sdk/agent/engine/api/client-genesis.ts";
import { L2_OUTBOX_ADDRESS } from "../../../sdk/outbox/predeploy.ts";

const RICH = `0x${"ee".repeat(20)}`;

describe("baton genesis", () => {
  const directory = mkdtempSync(join(tmpdir(), "baton-genesis-"));
  const config = join(directory, "agent.json");
  const deploymentFile = join(directory, "deployment.json");
  const rollup = `0x${"ab".repeat(20)}` as const;
  before(() => {
    writeFileSync(
      config,
      JSON.stringify({
        name: "agent",
        dataDir: directory,
        l1: { rpcUrl: "http://127.0.0.1:9", deploymentFile },
        l2: {
          chainId: 77,
          genesisTimestamp: 5,
          gasLimit: "30000000",
          baseFeePerGasWei: "7",
          alloc: { [RICH]: "1000" },
        },
        timing: {
          blockSeconds: 1,
          minBlockSeconds: 0.4,
          flashblockMs: 200,
          hopSeconds: 0.2,
          proposalWindowSeconds: 1,
          maxUnsubmitted: 2,
          clockDisparityMs: 100,
        },
        p2p: { seed: `0x${"01".repeat(32)}`, listen: "/ip4/127.0.0.1/tcp/0" },
        rpc: { port: 0 },
      }),
    );
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  const run = (file: string) =>
    spawnSync("node", ["sdk/agent/cli.ts", "genesis", "--config", file], { encoding: "utf8" });

  it("says which file it lacks", () => {
    const { status, stderr, stdout } = run(config);
    expect(status, stderr).to.equal(2);
    expect(stderr).to.contain(`${deploymentFile}: expected a readable file, got ENOENT`);
    expect(stdout).to.equal("");
  });

  it("prints the first block that the agent itself computes, with the rollup's outbox in it", async () => {
    writeFileSync(deploymentFile, JSON.stringify({ rollup, chainId: 31_337, deploymentBlock: 1 }));
    let text = "";
    await printGenesis(config, (part) => {
      text += part;
    });
    const printed = JSON.parse(text);
    const own = genesisOf(await loadConfig(config), { chainId: 31_337n, rollup });
    expect(printed).to.deep.equal(JSON.parse(JSON.stringify(clientGenesis(own))));
    expect(printed.config).to.include({ chainId: 77, londonBlock: 0, cancunTime: 0, pragueTime: 0 });
    expect(printed.alloc[RICH]).to.deep.equal({ balance: "0x3e8" });
    expect(printed.alloc[L2_OUTBOX_ADDRESS]).to.have.keys("balance", "nonce", "code", "storage");
  });
});
