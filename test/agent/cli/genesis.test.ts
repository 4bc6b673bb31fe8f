import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { genesisOf, printGenesis } from "../../../sdk/agent/assembly/genesis.ts";
import { loadConfig } from "../../../sdk/agent/config/load.ts";
import { clientGenesis } from "../../../sdk/agent/engine/api/client-genesis.ts";
import { L2_OUTBOX_ADDRESS } from "../../../sdk/outbox/predeploy.ts";
import { CHAIN_ID, ROLLUP } from "../store/fixtures.ts";
import { run, writeConfig } from "./support.ts";

const RICH = `0x${"ee".repeat(20)}`;

describe("baton genesis", () => {
  const directory = mkdtempSync(join(tmpdir(), "baton-genesis-"));
  const alloc = { [RICH]: "1000" };
  const l2 = { chainId: 77, genesisTimestamp: 5, gasLimit: "30000000", baseFeePerGasWei: "7", alloc };
  const { file: config } = writeConfig(directory, { l2 });

  after(() => rmSync(directory, { recursive: true, force: true }));

  it("prints the first block that the agent itself computes, with the rollup's outbox in it", async () => {
    let text = "";
    await printGenesis(config, (part) => {
      text += part;
    });
    const printed = JSON.parse(text);
    const own = genesisOf(await loadConfig(config), { chainId: BigInt(CHAIN_ID), rollup: ROLLUP });
    expect(printed).to.deep.equal(JSON.parse(JSON.stringify(clientGenesis(own))));
    expect(printed.config).to.include({ chainId: 77, londonBlock: 0, cancunTime: 0, pragueTime: 0 });
    expect(printed.alloc[RICH]).to.deep.equal({ balance: "0x3e8" });
    expect(printed.alloc[L2_OUTBOX_ADDRESS]).to.have.keys("balance", "nonce", "code", "storage");
  });

  it("says which file it lacks", async () => {
    const deploymentFile = join(directory, "deployment.json");
    rmSync(deploymentFile);
    const { code, output } = await run(["genesis", "--config", config]);
    expect(code, output).to.equal(2);
    expect(output).to.contain(`${deploymentFile}: expected a readable file, got ENOENT`);
    expect(output).not.to.contain("{");
  });
});
