import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import { DiskError, Environment } from "../../../sdk/agent/store/environment.ts";
import { StoreError } from "../../../sdk/agent/store/interface.ts";
import { LmdbChainStore } from "../../../sdk/agent/store/lmdb-chain-store.ts";
import { bringUp, type Schema, versionIn } from "../../../sdk/agent/store/schema.ts";
import { blockAt, CHAIN_ID, checkpointAt, ROLLUP, temporaryDirectory } from "./fixtures.ts";
import { STORED } from "./stored.ts";

function errorOf(action: () => unknown): StoreError | DiskError {
  try {
    action();
  } catch (error) {
    if (error instanceof StoreError || error instanceof DiskError) return error;
    throw error;
  }
  throw new Error("expected a StoreError, nothing was thrown");
}

/** A row that begins with a version, in a form of its own. */
const rowOf = (version: number, ...rest: string[]): Uint8Array =>
  Buffer.concat([Uint8Array.of(9), RLP.encode([version, ...rest])]);

describe("versions of what is on disk", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let path: string;
  const opened: { close(): Promise<void> }[] = [];

  beforeEach(() => {
    directory = temporaryDirectory();
    path = join(directory.path, "chain.mdb");
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    directory.remove();
  });

  function environment(): Environment {
    const one = new Environment(path);
    opened.push(one);
    return one;
  }
  const openStore = (): LmdbChainStore => {
    const store = new LmdbChainStore({ path, chainId: CHAIN_ID, rollup: ROLLUP });
    opened.push(store);
    return store;
  };

  it("the chain store reads all that version 1 left", () => {
    mkdirSync(directory.path, { recursive: true });
    copyFileSync("test/agent/store/versions/chain-1.mdb", path);
    const store = openStore();
    const last = STORED.at(-1);
    const { tips, cursor, checkpoints, blocks } = store.load();
    expect({ tips, cursor }).to.deep.equal({ tips: last?.tips, cursor: last?.cursor });
    expect(checkpoints).to.deep.equal(last?.putCheckpoints);
    expect(blocks).to.deep.equal(last?.putBlocks);
    expect(store.draft()).to.deep.equal(last?.draft);
    expect(store.equivocations()).to.deep.equal(last?.equivocations);
    expect(store.discarded()).to.deep.equal([blockAt(1, 0), blockAt(1, 1)]);
    expect(store.discardedCheckpoint(1, checkpointAt(1).digest)).to.equal(undefined);
  });

  it("the chain store of a newer version is refused with what to do, whatever its rows are like", async () => {
    const newer = environment();
    newer.write(() => newer.put(["identity"], rowOf(7, "one", "two", "three", "four")));
    await newer.close();
    for (let time = 0; time < 2; time++) {
      const error = errorOf(openStore);
      expect(error.code).to.equal("schema-version");
      expect(error.message)
        .to.contain(`${path}: expected version 1 or older, found 7; run the version of the agent that wrote it`)
        .and.to.contain("or move the file away and let the agent sync anew (keep the signing guard)");
    }
  });

  /** Versions whose only row is a list of names, each with the version's mark; version 3 keeps them apart. */
  const schema = (steps: Schema["steps"]): Schema => ({
    version: 3,
    read(at) {
      const row = at.get("meta");
      return row && versionIn(row, at);
    },
    write: (at) => at.put("meta", rowOf(3)),
    steps,
  });
  const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

  it("an older one is brought up step by step, once", () => {
    const at = environment();
    at.write(() => {
      at.put("meta", rowOf(1));
      at.put("names", Buffer.from("a,b"));
    });
    const taken: number[] = [];
    const steps = {
      1: (db: Environment) => {
        taken.push(1);
        db.put("names", Buffer.from(`${text(db.get("names"))},c`));
      },
      2: (db: Environment) => {
        taken.push(2);
        for (const name of (text(db.get("names")) ?? "").split(",")) db.put(["name", name], Buffer.from(name));
        db.remove("names");
      },
    };
    bringUp(at, schema(steps));
    bringUp(at, schema(steps));
    expect(taken).to.deep.equal([1, 2]);
    expect(["a", "b", "c"].map((name) => text(at.get(["name", name])))).to.deep.equal(["a", "b", "c"]);
    expect(at.get("names")).to.equal(undefined);
    expect(versionIn(at.get("meta") as Uint8Array, at)).to.equal(3);
  });

  it("a step that fails leaves everything as it was", () => {
    const at = environment();
    at.write(() => {
      at.put("meta", rowOf(1));
      at.put("names", Buffer.from("a"));
    });
    const steps = {
      1: (db: Environment) => db.put("names", Buffer.from("half")),
      2: () => {
        throw new DiskError("unreadable", "a row that cannot be read");
      },
    };
    expect(errorOf(() => bringUp(at, schema(steps))).code).to.equal("unreadable");
    expect(text(at.get("names"))).to.equal("a");
    expect(versionIn(at.get("meta") as Uint8Array, at)).to.equal(1);
  });

  it("one from which no step leads here is refused, and so is one that says no version", () => {
    const at = environment();
    at.write(() => at.put("meta", rowOf(2)));
    const error = errorOf(() => bringUp(at, schema({ 1: () => {} })));
    expect(error.code).to.equal("schema-version");
    expect(error.message).to.contain(
      "version 2 is no longer understood; run an older version of the agent on it first",
    );
    for (const row of [Uint8Array.of(1), Uint8Array.of(9, 0xc0), Uint8Array.of(9, 0x83, 1)]) {
      at.write(() => at.put("meta", row));
      expect(errorOf(() => bringUp(at, schema({}))).code).to.equal("unreadable");
    }
  });

  it("a new one is of this version", () => {
    const at = environment();
    bringUp(at, schema({}));
    expect(versionIn(at.get("meta") as Uint8Array, at)).to.equal(3);
  });
});
