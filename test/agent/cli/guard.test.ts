import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { guardFilesOf } from "../../../sdk/agent/assembly/validator.ts";
import { loadConfig } from "../../../sdk/agent/config/load.ts";
import { LmdbSigningGuard } from "../../../sdk/agent/guard/lmdb-signing-guard.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { row } from "../guard/fixtures.ts";
import { temporaryDirectory, word } from "../store/fixtures.ts";
import { run, writeConfig } from "./support.ts";

const SECRET = word(7);
const VALIDATOR = publicKeyOf(Buffer.from(SECRET.slice(2), "hex"));

/** A machine with a validator's configuration. */
function machine(blsSecretKey: Hex = SECRET) {
  const directory = temporaryDirectory();
  const { file } = writeConfig(directory.path, { validators: [{ blsSecretKey, coinbase: `0x${"11".repeat(20)}` }] });
  const open = async () => LmdbSigningGuard.open(guardFilesOf(await loadConfig(file)), [VALIDATOR]);
  return {
    config: file,
    at: (name: string) => join(directory.path, name),
    open,
    /** Signs in some slots, and ends. */
    sign: async (...slots: number[]) => {
      const guard = await open();
      for (const slot of slots) await guard.record(row({ validator: VALIDATOR, slot }));
      await guard.close();
    },
    remove: directory.remove,
  };
}

describe("baton guard", function () {
  // Each run starts a Node of its own.
  this.timeout(120_000);
  let old: ReturnType<typeof machine>;
  let fresh: ReturnType<typeof machine>;

  beforeEach(() => {
    old = machine();
    fresh = machine();
  });
  afterEach(() => {
    for (const { remove } of [old, fresh]) remove();
  });

  const guard = (which: "export" | "import", config: string, file: string, ...more: string[]) =>
    run(["guard", which, "--config", config, "--file", file, ...more]);

  it("explains itself, and says what is missing", async () => {
    const help = await run(["guard", "--help"]);
    expect(help.code).to.equal(0);
    expect(help.output)
      .to.match(/export/)
      .and.match(/import/);
    const bare = await run(["guard", "export"]);
    expect(bare).to.deep.include({ code: 2 });
    expect(bare.output).to.contain("--config");
  });

  it("carries what was signed to another machine, which then signs nothing else there", async () => {
    await old.sign(3, 4);
    const file = old.at("export.json");
    const exported = await guard("export", old.config, file);
    expect(exported.code, exported.output).to.equal(0);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readFileSync(file, "utf8")).to.not.contain(SECRET.slice(2));

    let given: unknown;
    await old.open().catch((error) => (given = error));
    expect(given, "the guard that was exported").to.have.property("code", "exported");

    const imported = await guard("import", fresh.config, file);
    expect(imported.code, imported.output).to.equal(0);
    expect(imported.output).to.contain("2 signatures imported, 0 were known, 0 conflict");
    const moved = await fresh.open();
    let refused: unknown;
    await moved.record(row({ validator: VALIDATOR, slot: 4, digest: word(9) })).catch((error) => (refused = error));
    await moved.close();
    expect(refused).to.have.property("code", "conflict");
  });

  it("exports the one validator that was named, by the start of its key", async () => {
    await old.sign(3);
    const file = old.at("export.json");
    const wrong = await guard("export", old.config, file, "--validator", "0x00");
    expect(wrong.code).to.equal(2);
    expect(wrong.output).to.contain(`expected the start of one of these keys: ${VALIDATOR.slice(0, 18)}`);
    await old.sign(4);
    const right = await guard("export", old.config, file, "--validator", VALIDATOR.slice(0, 18));
    expect(right.code, right.output).to.equal(0);
    expect(right.output).to.contain(`signs nothing more for ${VALIDATOR.slice(0, 18)}`);
  });

  it("names signatures that differ from those held, keeps those, and fails", async () => {
    await old.sign(3);
    await guard("export", old.config, old.at("export.json"));
    const other = await fresh.open();
    await other.record(row({ validator: VALIDATOR, slot: 3, digest: word(8) }));
    await other.close();
    const { code, output } = await guard("import", fresh.config, old.at("export.json"));
    expect(code, output).to.equal(1);
    expect(output).to.contain(`attestation of slot 3: another was signed than ${word(1)}`);
  });

  it("touches nothing while the agent runs", async () => {
    await old.sign(3);
    await guard("export", old.config, old.at("export.json"));
    await guard("import", old.config, old.at("export.json"));
    const running = await old.open();
    try {
      for (const [which, file] of [
        ["export", "second.json"],
        ["import", "export.json"],
      ] as const) {
        const { code, output } = await guard(which, old.config, old.at(file));
        expect(code, output).to.equal(1);
        expect(output).to.contain(`in use by process ${process.pid}; stop it first`);
      }
    } finally {
      await running.close();
    }
  });

  it("refuses an export older than the guard, another validator's, and what is no export", async () => {
    await old.sign(3);
    await guard("export", old.config, old.at("older.json"));
    await guard("import", old.config, old.at("older.json"));
    await old.sign(4);
    const older = await guard("import", old.config, old.at("older.json"));
    expect(older.code).to.equal(1);
    expect(older.output).to.contain("expected an export of generation 3").and.contain("got 2");

    const stranger = machine(word(8));
    const foreign = await guard("import", stranger.config, old.at("older.json"));
    stranger.remove();
    expect(foreign.code).to.equal(1);
    expect(foreign.output).to.contain(`got one for ${VALIDATOR}; nothing was imported`);

    writeFileSync(old.at("text.json"), "{}");
    const text = await guard("import", old.config, old.at("text.json"));
    expect(text.code).to.equal(1);
    expect(text.output).to.contain("expected a guard export");
  });

  it("writes over no file, makes no guard to export, and says which file it lacks", async () => {
    const none = await guard("export", old.config, old.at("export.json"));
    expect(none.code).to.equal(1);
    expect(none.output).to.contain("expected the guard of a validator, found none");
    await old.sign(3);
    writeFileSync(old.at("export.json"), "kept");
    const over = await guard("export", old.config, old.at("export.json"));
    expect(over.code).to.equal(2);
    expect(over.output).to.contain("expected a path for a new file, got EEXIST");
    expect(readFileSync(old.at("export.json"), "utf8")).to.equal("kept");
    const lacking = await guard("import", old.config, old.at("nowhere.json"));
    expect(lacking.code).to.equal(2);
    expect(lacking.output).to.contain("nowhere.json: expected a readable file, got ENOENT");
  });

  it("knows that only a validator has a guard", async () => {
    const follower = temporaryDirectory();
    const { code, output } = await guard("export", writeConfig(follower.path).file, join(follower.path, "export.json"));
    follower.remove();
    expect(code).to.equal(2);
    expect(output).to.contain("only a validator has a guard");
  });
});
