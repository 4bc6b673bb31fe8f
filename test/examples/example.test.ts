import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { JsonRpcApiProvider } from "ethers";
import { slotStart } from "../../sdk/get/config.ts";
import { getTips } from "../../sdk/get/tips.ts";
import { bytesToHex, type Hex } from "../../sdk/types/hex.ts";
import { runIn } from "../sdk/package/pack.ts";
import { emptyProject, type Project } from "../sdk/package/project.ts";
import { hardhatServerL1 } from "../sdk/submit/l1.ts";
import { serveCheckpoints } from "../sdk/submitter/agent.ts";
import { certified, momentsOf, SLOT as WARM_SLOT, warmUp } from "../sdk/submitter/support.ts";
import { GENESIS, makeCheckpoint } from "../sdk/world/checkpoints.ts";
import { createWorld, type World } from "../sdk/world/world.ts";

const EXAMPLE = fileURLToPath(new URL("submit-from-empty-project/submit.mjs", import.meta.url));
const SLOT = 6;

const PROFIT = fileURLToPath(new URL("land-for-profit/land.mjs", import.meta.url));

const linesOf = (file: string): number =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^(\/\/|import )/.test(line)).length;

describe("examples, from an empty project", () => {
  let project: Project;
  let world: World;
  let url: string;

  before(async () => {
    project = await emptyProject();
    const l1 = await hardhatServerL1();
    url = l1.url;
    world = await createWorld(l1);
  });
  after(async () => {
    await world.l1.close();
    project.remove();
  });

  it("take about ten lines and about twenty", () => {
    expect(linesOf(EXAMPLE)).to.be.at.most(12);
    expect(linesOf(PROFIT)).to.be.at.most(21);
  });

  it("simulate, submit and read back a checkpoint on a Hardhat node, with nothing but the package", async () => {
    const { submission, blobs } = await makeCheckpoint(world, SLOT, GENESIS);
    const start = slotStart(world.config, SLOT);
    const key = world.senders.bonded.privateKey;
    const deadlineSec = slotStart(world.config, SLOT + 1) + world.config.handoffWindowSeconds - 1;
    const values = {
      url,
      key,
      rollup: world.rollup,
      recipient: world.senders.bonded.address,
      window: { notBeforeSec: start, deadlineSec },
      policy: { blobWrapperVersion: world.l1.blobWrapperVersion, minesOnArrival: true, confirmations: 1 },
    };
    const { attestation } = submission;
    const bare = JSON.stringify({ ...submission, attestation: { signature: attestation.signature } });
    const data = bytesToHex(blobs[0]?.sidecar.data as Uint8Array).slice(2);
    // As an agent or an archive would hand it over.
    writeFileSync(
      join(project.folder, "checkpoint.mjs"),
      `export const { ${Object.keys(values).join(", ")} } = ${JSON.stringify(values)};
       const bare = ${bare};
       export const submission = { ...bare, attestation: { ...bare.attestation, signers: ${attestation.signers}n } };
       export const blob = Uint8Array.from(Buffer.from("${data}", "hex"));`,
    );
    cpSync(EXAMPLE, join(project.folder, "submit.mjs"));
    await world.l1.provider.send("evm_mine", [start]);
    // However long the project takes to start, its transaction is in the window.
    await world.l1.provider.send("evm_setNextBlockTimestamp", [start + 1]);
    const output = await runIn(project.folder, "node", ["submit.mjs"]);
    expect(output).to.match(/would land: \{ verdict: 'ok'/);
    expect(output).to.match(/outcome: landed/);
    expect(output).to.match(new RegExp(`slot: ${SLOT}, number: 1`.replace(", ", ",\\s+")));
    const tip = await getTips({ provider: world.l1.provider, rollup: world.rollup });
    expect(tip.slot).to.equal(SLOT);
  });

  it("land another's checkpoint for profit, with nothing but the package and an agent to ask", async () => {
    const l1 = await hardhatServerL1();
    const other = await createWorld(l1);
    const parent = await warmUp(other);
    const offered = await certified(other, await makeCheckpoint(other, WARM_SLOT, parent), parent);
    const agent = await serveCheckpoints(other, offered);
    const policy = { blobWrapperVersion: l1.blobWrapperVersion, minesOnArrival: true, confirmations: 1 };
    const settings = { l1Url: l1.url, agentUrl: agent.url, key: other.senders.bonded.privateKey, policy };
    writeFileSync(
      join(project.folder, "settings.mjs"),
      `export const { ${Object.keys(settings).join(", ")} } = ${JSON.stringify(settings)};`,
    );
    cpSync(PROFIT, join(project.folder, "land.mjs"));
    const { open } = momentsOf(other, WARM_SLOT);
    await l1.provider.send("evm_mine", [open]);
    await l1.provider.send("evm_setNextBlockTimestamp", [open + 1]);
    const endless = goesOnOnceLanded(l1.provider, other.rollup);
    try {
      const output = await runIn(project.folder, "node", ["land.mjs", "--once"]);
      expect(output).to.match(/action: 'land'/);
      expect(output).to.match(new RegExp(`${WARM_SLOT} +landed +1 `));
      expect(output).to.include("1 landed, 0 lost, 0 too late, 0 passed");
      expect((await getTips({ provider: l1.provider, rollup: other.rollup })).slot).to.equal(WARM_SLOT);
    } finally {
      clearInterval(endless);
      agent.close();
      await l1.close();
    }
  });
});

/** An L1 that makes blocks when they are asked for goes on by itself after the landing, as every other does. */
function goesOnOnceLanded(provider: JsonRpcApiProvider, rollup: Hex): NodeJS.Timeout {
  return setInterval(() => {
    getTips({ provider, rollup })
      .then(({ slot }) => (slot === WARM_SLOT ? provider.send("evm_mine", []) : undefined))
      // It is being closed.
      .catch(() => undefined);
  }, 1_000);
}
