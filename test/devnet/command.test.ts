import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "chai";

const launch = (...args: string[]) => spawnSync("node", ["deploy/devnet/main.ts", ...args], { encoding: "utf8" });

describe("launcher command", () => {
  it("explains itself and exits 0", () => {
    const { status, stdout } = launch("--help");
    expect(stdout).to.include("Usage: npm start --").and.to.include("--scenario");
    expect(status).to.equal(0);
  });

  it("answers an unknown flag with its help and exits 2", () => {
    const { status, stderr } = launch("--sloths", "3");
    expect(stderr).to.include("unknown option '--sloths'").and.to.include("Usage: npm start --");
    expect(status).to.equal(2);
  });

  it("answers a port in use with the port and the way out, before it starts anything", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    try {
      const { status, stderr } = launch("--port-base", String(port));
      expect(stderr).to.include(`port ${port} (L1) is in use`).and.to.include("--port-base");
      expect(status).to.equal(1);
    } finally {
      server.close();
    }
  });
});

describe("bench command", () => {
  it("answers an unknown benchmark with those it has and exits 2", () => {
    const { status, stderr } = spawnSync("node", ["bench/main.ts", "speed"], { encoding: "utf8" });
    expect(stderr).to.include("gas, engine").and.to.include("speed");
    expect(status).to.equal(2);
  });
});
