import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { run, writeConfig } from "./support.ts";

/** An L1 node that answers nothing but its chain id. */
async function mutedL1(chainId: number): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { id, method } = JSON.parse(body) as { id: number; method: string };
      const result = method === "eth_chainId" ? `0x${chainId.toString(16)}` : "0x";
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

describe("the agent's command line", function () {
  this.timeout(120_000);
  const directory = mkdtempSync(join(tmpdir(), "baton-cli-"));
  after(() => rmSync(directory, { recursive: true, force: true }));

  const configFile = join(directory, "agent.json");
  const deploymentFile = join(directory, "deployment.json");

  const configWith = (over: Record<string, unknown> = {}) => writeConfig(directory, over);

  it("shows its help, and what it expected instead of an unknown command or flag", async () => {
    expect((await run(["--help"])).code).to.equal(0);
    for (const args of [["dance"], ["agent"], ["agent", "--config", "x", "--colour"]]) {
      const { code, output } = await run(args);
      expect(code, output).to.equal(2);
      expect(output).to.match(/error: /);
    }
  });

  it("names a configuration it cannot read, parse or accept, down to the field", async () => {
    const missing = await run(["agent", "--config", join(directory, "nowhere.json")]);
    expect(missing).to.deep.include({ code: 2 });
    expect(missing.output).to.contain("nowhere.json: expected a readable file, got ENOENT");

    writeFileSync(configFile, "{");
    expect((await run(["agent", "--config", configFile])).output).to.contain("expected JSON");

    configWith({ validators: [{ coinbase: `0x${"11".repeat(20)}` }], rpc: { port: 70_000 }, surprise: 1 });
    const { code, output } = await run(["agent", "--config", configFile]);
    expect(code).to.equal(2);
    expect(output).to.contain("validators[0].blsSecretKey").and.contain("rpc.port").and.contain("surprise");
  });

  it("says so when the L1 does not answer", async () => {
    configWith();
    const { code, output } = await run(["agent", "--config", configFile]);
    expect(code, output).to.equal(2);
    expect(output).to.contain("expected an L1 node that answers, got: http://127.0.0.1:9 is failing");
  });

  it("refuses an L1 with another chain id, and one without the rollup", async () => {
    const muted = await mutedL1(1);
    try {
      configWith({ l1: { rpcUrls: [muted.url], deploymentFile } });
      const wrongChain = await run(["agent", "--config", configFile]);
      expect(wrongChain.code, wrongChain.output).to.equal(2);
      expect(wrongChain.output).to.contain("L1 chain id: expected 31337 as configured, got 1");
    } finally {
      muted.close();
    }
    const empty = await mutedL1(31_337);
    try {
      configWith({ l1: { rpcUrls: [empty.url], deploymentFile } });
      const noRollup = await run(["agent", "--config", configFile]);
      expect(noRollup.code).to.be.oneOf([1, 2]);
      expect(noRollup.output).to.contain("expected a rollup contract at 0xabab");
    } finally {
      empty.close();
    }
  });
});
