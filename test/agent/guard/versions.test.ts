import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import { openGuardFiles } from "../../../sdk/agent/guard/files.ts";
import { GuardError } from "../../../sdk/agent/guard/interface.ts";
import { LmdbSigningGuard } from "../../../sdk/agent/guard/lmdb-signing-guard.ts";
import { exportGuard, importGuard } from "../../../sdk/agent/guard/transfer.ts";
import { Environment } from "../../../sdk/agent/store/environment.ts";
import { CHAIN_ID, ROLLUP, temporaryDirectory, word } from "../store/fixtures.ts";
import { guardFiles, OTHER, row, VALIDATOR } from "./fixtures.ts";

const VERSIONS = "test/agent/guard/versions";
const STRANGER = `0x${"0c".repeat(192)}` as const;
const OWNER = { validators: [VALIDATOR, OTHER], chainId: CHAIN_ID, rollup: ROLLUP };

/** What the agent of version 1 had signed, in the order of its slots; what was below slot 4 it had forgotten. */
const SIGNED_BY_1 = [
  row({ kind: "block", slot: 5, sequence: "0/0", digest: word(2) }),
  row({ kind: "block", slot: 5, sequence: "0/1", digest: word(3) }),
  row({ kind: "proposal", slot: 5, digest: word(4) }),
  row({ kind: "attestation", slot: 5, digest: word(4) }),
  row({ validator: OTHER, kind: "skip", slot: 5, digest: word(0) }),
  row({ validator: OTHER, kind: "attestation", slot: 6, digest: word(5) }),
];

async function refusal(action: () => Promise<unknown>): Promise<GuardError> {
  const error: unknown = await action().catch((thrown: unknown) => thrown);
  expect(error).to.be.instanceOf(GuardError);
  return error as GuardError;
}

describe("a guard of another version", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let guard: LmdbSigningGuard | undefined;
  const files = (): ReturnType<typeof guardFiles> => guardFiles(directory.path);

  beforeEach(() => {
    directory = temporaryDirectory();
  });
  afterEach(async () => {
    await guard?.close();
    guard = undefined;
    directory.remove();
  });

  /** Puts files of a version where a guard is looked for. */
  function put(guardFile: string, witnessFile?: string): void {
    for (const path of Object.values(files())) mkdirSync(dirname(path), { recursive: true });
    copyFileSync(`${VERSIONS}/${guardFile}`, files().path);
    if (witnessFile !== undefined) copyFileSync(`${VERSIONS}/${witnessFile}`, files().witnessPath);
  }
  const open = (...validators: (typeof VALIDATOR)[]): Promise<LmdbSigningGuard> =>
    LmdbSigningGuard.open(files(), validators);
  async function edited(path: string, edit: (environment: Environment) => void): Promise<void> {
    const environment = new Environment(path);
    environment.write(() => edit(environment));
    await environment.close();
  }

  it("of version 1 goes on with all that was signed, and with its floor", async () => {
    put("guard-1.mdb", "witness-1.mdb");
    for (let time = 0; time < 2; time++) {
      guard = await open(VALIDATOR, OTHER);
      for (const signed of SIGNED_BY_1) {
        expect(guard.find(signed.validator, signed.kind, signed.slot, signed.sequence)).to.deep.equal(signed);
        const other = { ...signed, digest: word(99) };
        expect((await refusal(() => (guard as LmdbSigningGuard).record(other))).code).to.equal("conflict");
      }
      const below = row({ slot: 3, digest: word(1) });
      expect((await refusal(() => (guard as LmdbSigningGuard).record(below))).code).to.equal("conflict");
      expect([VALIDATOR, OTHER].map((validator) => guard?.generation(validator))).to.deep.equal([7, 7]);
      await guard.close();
    }
    guard = await open(VALIDATOR, OTHER);
    await guard.record(row({ slot: 8 }));
    expect(guard.generation(VALIDATOR)).to.equal(8);
  });

  it("of version 1 that is older than the one last used is still refused, until what is missing was imported", async () => {
    put("guard-1-older.mdb", "witness-1.mdb");
    for (const validator of [VALIDATOR, OTHER, STRANGER]) {
      expect((await refusal(() => open(validator))).code, validator.slice(0, 4)).to.equal("older-than-used");
    }
    await importGuard(files(), readFileSync(`${VERSIONS}/export-1.json`, "utf8"), OWNER);
    guard = await open(VALIDATOR, OTHER);
    const skip = { ...(SIGNED_BY_1[4] as (typeof SIGNED_BY_1)[number]), kind: "attestation" as const };
    expect((await refusal(() => (guard as LmdbSigningGuard).record(skip))).code).to.equal("conflict");
  });

  it("of version 1 that is the newest takes on a validator that never signed in it", async () => {
    put("guard-1.mdb", "witness-1.mdb");
    guard = await open(VALIDATOR, STRANGER);
    await guard.record(row({ validator: STRANGER }));
    expect(guard.generation(STRANGER)).to.equal(1);
  });

  it("of version 2 that did not note its version is one of version 2", async () => {
    put("guard-2.mdb", "witness-2.mdb");
    guard = await open(VALIDATOR, OTHER);
    expect(guard.find(VALIDATOR, "attestation", 5, "")).to.deep.equal(row());
    expect(guard.find(OTHER, "skip", 6, "")).to.deep.equal(row({ validator: OTHER, kind: "skip", slot: 6 }));
    expect([VALIDATOR, OTHER].map((validator) => guard?.generation(validator))).to.deep.equal([1, 1]);
  });

  it("of a newer version is refused with what to do, and is left as it is", async () => {
    put("guard-2.mdb", "witness-2.mdb");
    const newer = Buffer.concat([Uint8Array.of(9), RLP.encode([3, "something", "else"])]);
    await edited(files().path, (environment) => environment.put(["meta"], newer));
    for (let time = 0; time < 2; time++) {
      const error = await refusal(() => open(VALIDATOR));
      expect(error.code).to.equal("schema-version");
      expect(error.message).to.contain(
        "expected version 2 or older, found 3; run the version of the agent that wrote it",
      );
    }
    await edited(files().path, (environment) => expect(environment.get(["meta"])).to.deep.equal(newer));
  });

  it("whose witness is of a newer version is refused as well", async () => {
    put("guard-2.mdb", "witness-2.mdb");
    const version = Buffer.alloc(8);
    version.writeBigUInt64BE(3n);
    await edited(files().witnessPath, (environment) => environment.put("schema", version));
    expect((await refusal(() => open(VALIDATOR))).code).to.equal("schema-version");
  });

  it("in which one row cannot be read is not started with", async () => {
    put("guard-2.mdb", "witness-2.mdb");
    await edited(files().path, (environment) => {
      const [key] = [...environment.keys(["row"])];
      environment.put(key as (string | number)[], Buffer.from("neither version 2 nor 3"));
    });
    const error = await refusal(() => open(OTHER));
    expect(error.code).to.equal("corrupt");
    expect(error.message).to.contain("do not sign without it").and.to.contain('row ["row",5,');
  });

  it("notes its version from the start", async () => {
    guard = await open(VALIDATOR);
    await guard.record(row());
    await guard.close();
    guard = undefined;
    await edited(files().path, (environment) => expect(environment.get(["meta"])).not.to.equal(undefined));
    await edited(files().witnessPath, (environment) => expect(environment.get("schema")).not.to.equal(undefined));
  });

  it("hands over an export that a newer version refuses nothing of, and takes none from a newer one", async () => {
    guard = await open(VALIDATOR, OTHER);
    for (const signed of SIGNED_BY_1) await guard.record(signed);
    await guard.close();
    const text = await exportGuard(files(), OWNER);
    const newer = JSON.stringify({ ...(JSON.parse(text) as object), version: 3, something: "else" });
    const error = await refusal(() => importGuard(files(), newer, OWNER));
    expect(error.code).to.equal("schema-version");
    expect(error.message).to.contain("expected an export of version 2 or older, got 3");
  });

  it("an export of version 1 goes into a new guard whole", async () => {
    expect(existsSync(files().path)).to.equal(false);
    const report = await importGuard(files(), readFileSync(`${VERSIONS}/export-1.json`, "utf8"), OWNER);
    expect(report).to.deep.equal({ added: 6, known: 0, conflicting: [] });
    const opened = await openGuardFiles(files());
    expect([VALIDATOR, OTHER].flatMap((validator) => opened.table.rows(validator))).to.have.deep.members(SIGNED_BY_1);
    expect(opened.table.meta.floorSlot).to.equal(4);
    expect(opened.witness.lastUsed(OTHER)).to.equal(7);
    await opened.close();
  });
});
