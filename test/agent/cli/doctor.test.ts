import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { roomFinding } from "../../../sdk/agent/assembly/doctor/blobs.ts";
import { examine } from "../../../sdk/agent/assembly/doctor/examine.ts";
import { spaceFinding } from "../../../sdk/agent/assembly/doctor/files.ts";
import { findingLine } from "../../../sdk/agent/assembly/doctor/finding.ts";
import { blobFinding, clockFinding, fundingFinding } from "../../../sdk/agent/assembly/doctor/l1.ts";
import { guardFilesOf } from "../../../sdk/agent/assembly/validator.ts";
import { loadConfig } from "../../../sdk/agent/config/load.ts";
import { LmdbSigningGuard } from "../../../sdk/agent/guard/lmdb-signing-guard.ts";
import { BONDED_LANDING_GAS, LANDING_GAS } from "../../../sdk/agent/pipeline/funding.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import { BLOB_BYTES } from "../../../sdk/blob/layout.ts";
import { hardhatServerL1 } from "../../sdk/submit/l1.ts";
import { createWorld, type World } from "../../sdk/world/world.ts";
import { row, VALIDATOR } from "../guard/fixtures.ts";
import { temporaryDirectory, word } from "../store/fixtures.ts";
import { run, writeConfig } from "./support.ts";

const AWAY = "http://127.0.0.1:9";
const NOBODY = word(0xdead);

describe("baton doctor", function () {
  // An L1 with a rollup stands behind it.
  this.timeout(120_000);
  let world: World;
  let l1: Awaited<ReturnType<typeof hardhatServerL1>>;
  let peer: Server;
  let peerAddress: string;
  let nowMs: number;
  let directory: ReturnType<typeof temporaryDirectory>;

  before(async () => {
    l1 = await hardhatServerL1();
    world = await createWorld(l1);
    nowMs = (await l1.time()) * 1000 + 500;
    peer = createServer();
    await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
    peerAddress = `/ip4/127.0.0.1/tcp/${(peer.address() as { port: number }).port}`;
  });
  after(async () => {
    peer.close();
    await l1.close();
  });
  beforeEach(() => {
    directory = temporaryDirectory();
  });
  afterEach(() => directory.remove());

  /** A configuration with which everything is well. */
  function config(over: Record<string, unknown> = {}, l1Over: Record<string, unknown> = {}): string {
    const { file } = writeConfig(
      directory.path,
      {
        validators: [{ blsSecretKey: word(7), coinbase: `0x${"11".repeat(20)}` }],
        p2p: { seed: word(1), listen: "/ip4/127.0.0.1/tcp/0", peers: [peerAddress] },
        ...over,
      },
      { rpcUrl: l1.url, rollup: world.rollup },
    );
    const written = JSON.parse(readFileSync(file, "utf8")) as { l1: object };
    const changed = { ...written.l1, accountKeys: [world.senders.bonded.privateKey], ...l1Over };
    writeFileSync(file, JSON.stringify({ ...written, l1: changed }));
    chmodSync(file, 0o600);
    return file;
  }

  const examined = async (file: string): Promise<string[]> =>
    (await examine(file, new ManualClock(nowMs))).map(findingLine);

  /** The lines that are not ok; how full the machine's disk is concerns no test. */
  const complaints = async (file: string): Promise<string[]> =>
    (await examined(file)).filter((line) => !line.startsWith("ok") && !/^\w+ +disk: \d+ MiB free/.test(line));

  async function signOnce(file: string): Promise<void> {
    const guard = await LmdbSigningGuard.open(guardFilesOf(await loadConfig(file)), [VALIDATOR]);
    await guard.record(row());
    await guard.close();
  }

  it("finds nothing where all is well, and leaves no trace", async () => {
    const file = config();
    expect(await complaints(file)).to.have.length(1);
    expect(existsSync(join(directory.path, "data"))).to.equal(false);
    await signOnce(file);
    const lines = await examined(file);
    expect(await complaints(file)).to.deep.equal([]);
    const checks = lines.map((line) => line.replace(/^\w+ +([^:]*):.*/, "$1"));
    expect(checks, lines.join("\n")).to.deep.equal([
      "configuration",
      "permissions",
      "validator key",
      "account key",
      "disk",
      "guard",
      "L1 node",
      "rollup",
      "clock",
      "blobs",
      "account",
      "rpc port",
      "p2p port",
      "peer",
    ]);
    expect(lines.join()).to.not.contain(word(7).slice(2)).and.not.contain(world.senders.bonded.privateKey.slice(2));
  });

  const port = () => Number(peerAddress.split("/").at(-1));
  const faults: [string, () => string, RegExp][] = [
    ["a configuration that is none", () => config({ rpc: { port: -1 } }), /^fail {2}configuration: .*rpc\.port/],
    [
      "a validator's key that is none",
      () => config({ validators: [{ blsSecretKey: word(0), coinbase: `0x${"11".repeat(20)}` }] }),
      /^fail {2}validator key: .*Put the validator's own key/,
    ],
    ["an account's key that is none", () => config({}, { accountKeys: [word(0)] }), /^fail {2}account key: /],
    ["an L1 that does not answer", () => config({}, { rpcUrls: [AWAY] }), /^fail {2}L1 node: .*:9/],
    [
      "another L1 chain",
      () => {
        const file = config();
        const deployment = { rollup: world.rollup, chainId: 1, deploymentBlock: 1 };
        writeFileSync(join(directory.path, "deployment.json"), JSON.stringify(deployment));
        return file;
      },
      /^fail {2}L1 chain: .* L1 chain id: expected 1 as configured, got 31337/,
    ],
    ["one L1 node of two", () => config({}, { rpcUrls: [AWAY, l1.url] }), /^warn {2}L1 node: .*:9: .*failing/],
    [
      "an L1 without the rollup",
      () => {
        const file = config();
        const deployment = { rollup: `0x${"cd".repeat(20)}`, chainId: 31_337, deploymentBlock: 1 };
        writeFileSync(join(directory.path, "deployment.json"), JSON.stringify(deployment));
        return file;
      },
      /^fail {2}rollup: config: expected a rollup contract at 0xcdcd/,
    ],
    [
      "another L2 chain",
      () =>
        config({
          l2: { chainId: 78, genesisTimestamp: 1, gasLimit: "30000000", baseFeePerGasWei: "1", alloc: {} },
        }),
      /^fail {2}rollup: L2 chain id: expected 78/,
    ],
    [
      "a deployment that is not there",
      () => {
        const file = config();
        rmSync(join(directory.path, "deployment.json"));
        return file;
      },
      /^fail {2}deployment: .*ENOENT.*Put the rollup's deployment file there/,
    ],
    ["an account without money", () => config({}, { accountKeys: [NOBODY] }), /^fail {2}account: .* owns 0\.0 ether/],
    ["a taken port", () => config({ rpc: { port: port() } }), /^fail {2}rpc port: 127\.0\.0\.1:\d+ .*EADDRINUSE/],
    [
      "a peer that is no address",
      () => config({ p2p: { seed: word(1), listen: "/ip4/127.0.0.1/tcp/0", peers: ["/ip4/1.2"] } }),
      /^fail {2}peer: expected a multiaddress/,
    ],
    [
      "a peer that is not there",
      () => config({ p2p: { seed: word(1), listen: "/ip4/127.0.0.1/tcp/0", peers: ["/ip4/127.0.0.1/tcp/9"] } }),
      /^warn {2}peer: .*ECONNREFUSED/,
    ],
    [
      "keys that others can read",
      () => {
        const file = config();
        chmodSync(file, 0o644);
        return file;
      },
      /^warn {2}permissions: .* mode 644.*chmod 600/,
    ],
    [
      "an archive whose directory is a file",
      () => config({ archive: { dir: join(directory.path, "agent.json"), maxBytes: BLOB_BYTES } }),
      /^fail {2}archive: archive\.dir: .*agent\.json is no directory that can be written to\. Give its owner/,
    ],
    [
      "an archive that the disk has no room for",
      () => config({ archive: { dir: join(directory.path, "blobs"), maxBytes: Number.MAX_SAFE_INTEGER } }),
      /^warn {2}archive: .* holds 0 MiB of at most 8589934592 MiB, with \d+ MiB free\. Free \d+ MiB, or lower archive\.maxBytes/,
    ],
    [
      "a blob source that is not there, without its path, which may be a key",
      () => config({ blobSources: [`${AWAY}/secret-path`] }),
      /^warn {2}blob source: http:\/\/127\.0\.0\.1:9 is of no use: (?!.*secret).*\. See whether it runs/,
    ],
    [
      "a blob source that is no beacon node",
      () => config({ blobSources: [`${l1.url}/secret-path`] }),
      /^warn {2}blob source: http:\S+ is of no use: (?!.*secret).*\. See whether it runs/,
    ],
  ];
  for (const [what, make, message] of faults) {
    it(`says what to do about ${what}, and complains of nothing else`, async () => {
      const file = make();
      if (!what.startsWith("a configuration")) await signOnce(file);
      const lines = await complaints(file);
      expect(lines, lines.join("\n")).to.have.length(1);
      expect(lines[0]).to.match(message);
    });
  }

  it("sees a guard that is in use, and one that is gone", async () => {
    const file = config();
    await signOnce(file);
    const files = guardFilesOf(await loadConfig(file));
    const running = await LmdbSigningGuard.open(files, []);
    expect((await complaints(file)).join("\n")).to.match(
      new RegExp(`^fail {2}guard: .*in use by process ${process.pid}`),
    );
    await running.close();
    rmSync(files.path);
    expect((await complaints(file)).join("\n")).to.match(/^fail {2}guard: .* is gone/);
    expect(existsSync(files.path)).to.equal(false);
  });

  it("sees a data directory that cannot be written to", async () => {
    const lines = await examined(config({ dataDir: join(directory.path, "deployment.json", "data") }));
    expect(lines.join("\n")).to.match(/^fail {2}disk: .*deployment\.json cannot be written to\. Give its owner/m);
  });

  it("finds nothing against an archive with room and a beacon node that answers", async () => {
    const beacon = createHttpServer((_, response) => response.end('{"data":{"genesis_time":"1606824023"}}'));
    await new Promise<void>((resolve) => beacon.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(beacon.address() as { port: number }).port}`;
    const archive = { dir: join(directory.path, "blobs"), maxBytes: BLOB_BYTES };
    const lines = await examined(config({ archive, blobSources: [url] }));
    beacon.close();
    expect(lines.filter((line) => /archive|blob source/.test(line))).to.deep.equal([
      `ok    archive: ${directory.path} holds 0 MiB of at most 1 MiB`,
      `ok    blob source: ${url} answers, its L1 began 2020-12-01T12:00:23.000Z`,
    ]);
    expect(existsSync(archive.dir)).to.equal(false);
  });

  it("prints a line for each check and fails where one of them does", async () => {
    const file = config({ rpc: { port: port() } });
    const { code, output } = await run(["doctor", "--config", file]);
    expect(code, output).to.equal(1);
    expect(output)
      .to.match(/^ok {4}rollup: /m)
      .and.match(/^fail {2}rpc port: /m);
    // The L1 of this test is some minutes ahead of the machine.
    expect(output).to.match(/^fail {2}clock: L1's latest block is \d+ ms in the future.*NTP/m);
  });

  it("judges clock, balance, blobs and space by what they come to", () => {
    const clock = (ageMs: number) => clockFinding(1_000_000 + ageMs, 1_000, 12, 500).result;
    expect([-501, -500, 0, 48_000, 48_001].map(clock)).to.deep.equal(["fail", "ok", "ok", "ok", "warn"]);
    const funds = [{ account: `0x${"11".repeat(20)}`, balanceWei: 1n, bonded: false }] as const;
    const funding = (landings: number, warnBelow = 50) => fundingFinding(funds, landings, warnBelow).result;
    expect([funding(0), funding(1), funding(49), funding(50)]).to.deep.equal(["fail", "warn", "warn", "ok"]);
    expect([funding(0, 0), funding(1, 0)]).to.deep.equal(["fail", "ok"]);
    const blobs = (excessBlobGas: bigint | null) => blobFinding({ number: 1, excessBlobGas }).result;
    expect([blobs(null), blobs(0n)]).to.deep.equal(["fail", "ok"]);
    const room = (held: number, free: number) =>
      roomFinding("d", 10 * BLOB_BYTES, held * BLOB_BYTES, free * BLOB_BYTES).result;
    expect([room(0, 9), room(0, 10), room(4, 5), room(4, 6), room(10, 0), room(10, 1)]).to.deep.equal([
      "warn",
      "ok",
      "warn",
      "ok",
      "warn",
      "ok",
    ]);
    const space = (mebibytes: number) => spaceFinding("d", mebibytes).result;
    expect([255, 256, 4_095, 4_096].map(space)).to.deep.equal(["fail", "warn", "warn", "ok"]);
  });

  it("knows what landing costs at least as well as the benchmark", () => {
    const figures = JSON.parse(readFileSync("bench/snapshots/gas.json", "utf8")) as Record<string, { gas: number }>;
    const landings = Object.entries(figures).filter(([name]) => name.startsWith("submit.onTime."));
    expect(landings).to.not.have.length(0);
    for (const [name, { gas }] of landings) {
      const known = name.startsWith("submit.onTime.verified") ? LANDING_GAS : BONDED_LANDING_GAS;
      expect(Number(known), name).to.be.at.least(gas);
    }
  });
});
