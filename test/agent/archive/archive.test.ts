import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { BeaconSource } from "../../../sdk/agent/archive/beacon-source.ts";
import { DiskArchive } from "../../../sdk/agent/archive/disk-archive.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import { encodeBlocks } from "../../../sdk/blob/blocks.ts";
import { versionedHash } from "../../../sdk/blob/kzg.ts";
import { BLOB_BYTES } from "../../../sdk/blob/layout.ts";
import { bytesToHex, type Hex } from "../../../sdk/types/hex.ts";
import { kzg } from "../pipeline/support.ts";

interface Named {
  blob: Uint8Array;
  hash: Hex;
}

let blobs: Named[];
before(async () => {
  blobs = await Promise.all(
    [1, 2, 3].map(async (digit) => {
      const [blob] = encodeBlocks([new Uint8Array(100).fill(digit)], 1) as [Uint8Array];
      return { blob, hash: versionedHash(await kzg.commit(blob)) };
    }),
  );
});

describe("an archive on disk", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "baton-archive-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const open = (maxBlobs: number): DiskArchive => new DiskArchive({ dir, maxBytes: maxBlobs * BLOB_BYTES + 1 }, kzg);

  it("gives back what it was given, also after it was opened again", async () => {
    const [one, two] = blobs as [Named, Named];
    await open(2).put(one.hash, one.blob);
    expect(await open(2).get(one.hash)).to.deep.equal(one.blob);
    expect(await open(2).get(two.hash)).to.equal(undefined);
  });

  it("never holds more than it may: the oldest goes first, also of an earlier run", async () => {
    const [one, two, three] = blobs as [Named, Named, Named];
    const archive = open(2);
    await Promise.all([one, two].map(({ hash, blob }) => archive.put(hash, blob)));
    await archive.put(one.hash, one.blob);
    for (const [seconds, { hash }] of [one, two].entries()) utimesSync(join(dir, hash), seconds, seconds);
    const again = open(2);
    await again.put(three.hash, three.blob);
    expect(readdirSync(dir).sort()).to.deep.equal([two.hash, three.hash].sort());
    expect([again.size, again.has(one.hash)]).to.deep.equal([2, false]);
  });

  it("does not serve a damaged file, and forgets what a crash left unfinished", async () => {
    const [one, two] = blobs as [Named, Named];
    await open(2).put(one.hash, one.blob);
    writeFileSync(join(dir, one.hash), two.blob);
    writeFileSync(join(dir, `${two.hash}.part`), two.blob.subarray(0, 7));
    const archive = open(2);
    expect(await archive.get(one.hash)).to.equal(undefined);
    expect(readdirSync(dir)).to.deep.equal([]);
    await archive.put(one.hash, one.blob);
    expect(await archive.get(one.hash)).to.deep.equal(one.blob);
  });

  it("refuses what is no blob, and a directory it cannot use", async () => {
    const failure = await open(1)
      .put(blobs[0]?.hash as Hex, new Uint8Array(5))
      .catch((error: Error) => error.message);
    expect(failure).to.match(/expected a versioned hash and a blob of 131072 bytes, got 5$/);
    const file = join(dir, "file");
    writeFileSync(file, "");
    expect(() => new DiskArchive({ dir: file, maxBytes: BLOB_BYTES }, kzg)).to.throw(
      "archive.dir: expected a directory",
    );
  });
});

describe("a beacon node, or what answers like one", () => {
  const GENESIS_SECONDS = 1_000;
  const SLOT = 7;
  const place = { l1TimestampSeconds: GENESIS_SECONDS + SLOT * 12 };
  let server: Server;
  let clock: ManualClock;
  let asked: string[];
  /** By path; 404 for what is not in here. */
  let answers: Map<string, (response: ServerResponse) => void>;

  beforeEach(async () => {
    asked = [];
    clock = new ManualClock(0);
    answers = new Map([["/eth/v1/beacon/genesis", json({ data: { genesis_time: String(GENESIS_SECONDS) } })]]);
    server = createServer((request: IncomingMessage, response: ServerResponse) => {
      const path = String(request.url);
      asked.push(path);
      const answer = answers.get(path) ?? answers.get(path.split("?")[0] as string);
      if (answer) answer(response);
      else response.writeHead(404).end(JSON.stringify({ code: 404, message: "not found" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  const json =
    (body: unknown) =>
    (response: ServerResponse): void => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
  const source = (): BeaconSource => {
    const { port } = server.address() as AddressInfo;
    return new BeaconSource({ url: `http://127.0.0.1:${port}/`, l1SlotSeconds: 12 }, { kzg, clock });
  };
  const text = (index: number): string => bytesToHex((blobs[index] as Named).blob);
  const hash = (): Hex => (blobs[0] as Named).hash;

  it("is asked by versioned hash for the slot of the L1 block", async () => {
    answers.set("/eth/v1/beacon/blobs/7", json({ execution_optimistic: false, finalized: true, data: [text(0)] }));
    expect(await source().get(hash(), place)).to.deep.equal(blobs[0]?.blob);
    expect(asked).to.deep.equal(["/eth/v1/beacon/genesis", `/eth/v1/beacon/blobs/7?versioned_hashes=${hash()}`]);
  });

  it("is asked for the sidecars of the slot where it does not know that, and the right one is taken", async () => {
    const sidecar = (index: number) => ({
      index: String(index),
      blob: text(index),
      kzg_commitment: "0x",
      kzg_proof: "0x",
    });
    answers.set("/eth/v1/beacon/blob_sidecars/7", json({ data: [sidecar(1), sidecar(0)] }));
    expect(await source().get(hash(), place)).to.deep.equal(blobs[0]?.blob);
  });

  it("is not believed: another blob, half of one, or no JSON is none", async () => {
    for (const data of [[text(1)], [text(0).slice(0, -2)], ["0x"], [], "no list"]) {
      answers.set("/eth/v1/beacon/blobs/7", json({ data }));
      expect(await source().get(hash(), place)).to.equal(undefined);
    }
    answers.set("/eth/v1/beacon/blobs/7", (response) => response.end("<html>"));
    expect(await source().get(hash(), place)).to.equal(undefined);
  });

  it("costs a bounded time and memory when it stalls or never ends", async () => {
    answers.set("/eth/v1/beacon/genesis", () => {});
    const stalled = source().get(hash(), place);
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advanceTo(10_000);
    expect(await stalled).to.equal(undefined);

    answers.set("/eth/v1/beacon/genesis", json({ data: { genesis_time: String(GENESIS_SECONDS) } }));
    let sent = 0;
    const flood = (response: ServerResponse): void => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 20))) sent += 1 << 20;
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    };
    answers.set("/eth/v1/beacon/blobs/7", flood);
    expect(await source().get(hash(), place)).to.equal(undefined);
    expect(sent).to.be.lessThan(64 * 2 ** 20);
  });
});
