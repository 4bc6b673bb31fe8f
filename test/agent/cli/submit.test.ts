import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { getTips } from "../../../sdk/get/tips.ts";
import { hardhatServerL1 } from "../../sdk/submit/l1.ts";
import { serveCheckpoints } from "../../sdk/submitter/agent.ts";
import { certified, momentsOf, SLOT, warmUp } from "../../sdk/submitter/support.ts";
import { makeCheckpoint } from "../../sdk/world/checkpoints.ts";
import { createWorld, type World } from "../../sdk/world/world.ts";

interface Ending {
  code: number | null;
  output: string;
}

/** Longer than any of these runs takes. */
const GIVE_UP_MS = 60_000;

function run(args: string[], onOutput: (output: string, child: ChildProcess) => void = () => {}): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn("node", ["sdk/agent/cli.ts", "submit", ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        onOutput(output, child);
      });
    }
    const timer = setTimeout(() => child.kill("SIGKILL"), GIVE_UP_MS);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

describe("baton submit", function () {
  this.timeout(120_000);
  const directory = mkdtempSync(join(tmpdir(), "baton-submit-cli-"));
  const keyFile = join(directory, "key");
  let world: World;
  let agent: { url: string; close: () => void };
  let l1Url: string;
  const args = (...more: string[]): string[] => [
    ...["--rpc", l1Url, "--agent", agent.url, "--key", keyFile],
    ...["--data", join(directory, "data"), "--blob-proofs", String(world.l1.blobWrapperVersion), ...more],
  ];

  before(async () => {
    const l1 = await hardhatServerL1();
    l1Url = l1.url;
    world = await createWorld(l1);
    const parent = await warmUp(world);
    const offered = await certified(world, await makeCheckpoint(world, SLOT, parent), parent);
    agent = await serveCheckpoints(world, offered);
    writeFileSync(keyFile, `${world.senders.bonded.privateKey}\n`, { mode: 0o600 });
    await l1.provider.send("evm_mine", [momentsOf(world, SLOT).successor]);
  });
  after(async () => {
    agent.close();
    await world.l1.close();
    rmSync(directory, { recursive: true });
  });

  it("explains itself", async () => {
    const { code, output } = await run(["--help"]);
    expect(code).to.equal(0);
    for (const flag of ["--rpc", "--agent", "--key", "--recipient", "--min-profit", "--bond", "--once", "--json"]) {
      expect(output).to.include(flag);
    }
  });

  const misuses: [string, string[], RegExp][] = [
    ["a key that is nowhere", ["--key", "env:NO_SUCH_KEY"], /env:NO_SUCH_KEY: expected that variable to hold the key/],
    ["a file that is no key", ["--key", "package.json"], /package\.json: expected a private key of 64 hex digits/],
    ["a bond for a rollup that only the agent names", ["--bond"], /expected --rollup/],
    ["a profit that is no amount", ["--min-profit", "much"], /Expected an amount in ether/],
    ["a recipient that is no address", ["--recipient", "0x12"], /Expected an address/],
  ];
  for (const [what, changes, message] of misuses) {
    it(`refuses ${what}, with exit code 2 and nothing sent`, async () => {
      const { code, output } = await run(args(...changes));
      expect(output).to.match(message);
      expect(output).to.not.include(world.senders.bonded.privateKey.slice(2));
      expect(code).to.equal(2);
    });
  }

  it("stops at once when told to, in the middle of its wait for L1, and prints its ledger", async () => {
    let told = false;
    const { code, output } = await run(args(), (seen, child) => {
      if (told || !seen.includes("successors-credit")) return;
      told = child.kill("SIGTERM");
    });
    expect(code, output).to.equal(0);
    expect(output).to.include("0 landed, 0 lost");
  });

  it("lands what pays, follows it to the end and prints what it came to", async () => {
    const { open } = momentsOf(world, SLOT);
    await world.l1.provider.send("evm_mine", [open - world.config.l1SlotSeconds]);
    await world.l1.provider.send("evm_setNextBlockTimestamp", [open]);
    const { provider } = world.l1;
    let sent = false;
    const { code, output } = await run(args("--once", "--json"), (seen) => {
      if (sent || !seen.includes('"status":"sent"')) return;
      sent = true;
      // As many blocks as make it final.
      for (let block = 0; block < 4; block++) void provider.send("evm_mine", []);
    });
    expect(code, output).to.equal(0);
    const lines = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const { rows, totals } = lines.at(-1) as { rows: Record<string, unknown>[]; totals: Record<string, unknown> };
    expect(rows).to.have.length(1);
    expect(rows[0]).to.include({ slot: SLOT, result: "landed", transactions: 1 });
    expect(totals).to.include({ landed: 1, lost: 0, awaitedWei: rows[0]?.quotedWei });
    expect((await getTips({ provider, rollup: world.rollup })).slot).to.equal(SLOT);
  });
});
