import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { openGuardFiles } from "../../../sdk/agent/guard/files.ts";
import { GuardError, type GuardRow } from "../../../sdk/agent/guard/interface.ts";
import { LmdbSigningGuard } from "../../../sdk/agent/guard/lmdb-signing-guard.ts";
import { exportGuard, importGuard } from "../../../sdk/agent/guard/transfer.ts";
import { temporaryDirectory, word } from "../store/fixtures.ts";
import { guardFiles, OTHER, OWNER, row, VALIDATOR } from "./fixtures.ts";

async function refusal(action: () => Promise<unknown>): Promise<GuardError> {
  try {
    await action();
  } catch (error) {
    expect(error).to.be.instanceOf(GuardError);
    return error as GuardError;
  }
  throw new Error("expected a GuardError");
}

/** What an export of generation 3 says of the validator. */
const exportedRows = (...rows: GuardRow[]) => ({
  publicKey: VALIDATOR,
  generation: 3,
  rows: rows.map(({ validator: _, ...rest }) => rest),
});

describe("LmdbSigningGuard", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let guard: LmdbSigningGuard;
  const files = (): ReturnType<typeof guardFiles> => guardFiles(directory.path);

  beforeEach(async () => {
    directory = temporaryDirectory();
    guard = await LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]);
  });

  afterEach(async () => {
    await guard.close();
    directory.remove();
  });

  async function reopen(): Promise<void> {
    await guard.close();
    guard = await LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]);
  }

  it("resolvesForTheSameRowAgainAndCountsItOnce", async () => {
    await guard.record(row());
    await guard.record(row());
    expect(guard.generation(VALIDATOR)).to.equal(1);
    expect(guard.find(VALIDATOR, "attestation", 5, "")).to.deep.equal(row());
  });

  it("refusesASecondDigestForOneSlotAlsoAfterReopeningAndShowsTheHeldRow", async () => {
    for (const kind of ["proposal", "attestation", "skip", "block"] as const) {
      const first = row({ kind, slot: kind === "skip" ? 6 : 5 });
      await guard.record(first);
      await reopen();
      const error = await refusal(() => guard.record({ ...first, digest: word(2) }));
      expect(error.code, kind).to.equal("conflict");
      expect(error.held, kind).to.deep.equal(first);
    }
  });

  it("refusesSkipAfterAttestationAndAttestationAfterSkipInOneSlot", async () => {
    await guard.record(row({ kind: "attestation", slot: 5 }));
    await guard.record(row({ kind: "skip", slot: 6, digest: word(0) }));
    expect((await refusal(() => guard.record(row({ kind: "skip", slot: 5, digest: word(0) })))).held?.kind).to.equal(
      "attestation",
    );
    expect((await refusal(() => guard.record(row({ kind: "attestation", slot: 6 })))).held?.kind).to.equal("skip");
    await guard.record(row({ kind: "skip", slot: 7, digest: word(0) }));
  });

  it("keepsValidatorsKindsSlotsAndBlockSequencesApart", async () => {
    await guard.record(row());
    const others: Partial<GuardRow>[] = [
      { validator: OTHER },
      { kind: "proposal" },
      { slot: 50 },
      { kind: "block", sequence: "0:0" },
      { kind: "block", sequence: "0:1" },
      { kind: "block", sequence: "1:0" },
    ];
    for (const other of others) await guard.record(row({ ...other, digest: word(3) }));
    expect([VALIDATOR, OTHER].map((one) => guard.generation(one))).to.deep.equal([6, 1]);
  });

  it("refusesASequenceThatWouldGoAroundTheRule", async () => {
    const error = await refusal(() => guard.record(row({ sequence: "1" })));
    expect(error.code).to.equal("invalid-row");
    expect(guard.generation(VALIDATOR)).to.equal(0);
  });

  it("refusesASecondGuardInThisProcessAndInAnother", async () => {
    expect((await refusal(() => LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]))).code).to.equal("in-use");
    const script = fileURLToPath(new URL("./kill-child.ts", import.meta.url));
    const child = spawn(process.execPath, [script, files().path, files().witnessPath, "1"]);
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    await once(child, "close");
    expect(output).to.contain(`in use by process ${process.pid}`);
    await guard.record(row());
  });

  it("forgetsBelowItsFloorAndNeverSignsThereAgain", async () => {
    for (const slot of [3, 4, 5, 6]) await guard.record(row({ slot }));
    guard.prune(5);
    guard.prune(2);
    expect(guard.find(VALIDATOR, "attestation", 4, "")).to.equal(undefined);
    expect(guard.find(VALIDATOR, "attestation", 5, "")).to.deep.equal(row({ slot: 5 }));
    await reopen();
    expect((await refusal(() => guard.record(row({ slot: 4 })))).code).to.equal("conflict");
    expect((await refusal(() => guard.record(row({ slot: 1 })))).message).to.contain("below 5");
    await guard.record(row({ slot: 7 }));
  });

  it("refusesToOpenAGuardOlderThanTheOneLastUsed", async () => {
    await guard.record(row({ slot: 1 }));
    await guard.close();
    copyFileSync(files().path, `${files().path}.backup`);
    guard = await LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]);
    await guard.record(row({ slot: 2 }));
    await guard.close();
    const newest = await exportGuard(files(), OWNER);
    copyFileSync(`${files().path}.backup`, files().path);
    const error = await refusal(() => LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]));
    expect(error.code).to.equal("older-than-used");
    expect(error.message).to.match(/generation 1 of validator 0x(0a)+…, the one last used here had 3/);
    await importGuard(files(), newest, OWNER);
    guard = await LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]);
    expect((await refusal(() => guard.record(row({ slot: 2, digest: word(9) })))).code).to.equal("conflict");
  });

  it("refusesToOpenAnEmptyGuardInPlaceOfAUsedOne", async () => {
    await guard.record(row());
    await guard.close();
    rmSync(files().path);
    rmSync(`${files().path}-lock`);
    expect((await refusal(() => LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]))).code).to.equal("older-than-used");
  });

  describe("export and import", () => {
    it("carriesEveryRowTheFloorAndTheGenerationToAnotherMachine", async () => {
      const rows = [
        row({ slot: 8 }),
        row({ kind: "block", sequence: "0:1", slot: 8 }),
        row({ kind: "skip", slot: 9, digest: word(0) }),
      ];
      for (const each of [row({ slot: 2 }), ...rows]) await guard.record(each);
      guard.prune(7);
      await guard.close();
      const other = temporaryDirectory();
      const target = guardFiles(other.path);
      const report = await importGuard(target, await exportGuard(files(), OWNER), OWNER);
      expect(report).to.deep.equal({ added: 3, known: 0, conflicting: [] });
      const moved = await LmdbSigningGuard.open(target, [VALIDATOR]);
      for (const each of rows)
        expect(moved.find(each.validator, each.kind, each.slot, each.sequence)).to.deep.equal(each);
      expect((await refusal(() => moved.record(row({ slot: 6 })))).message).to.contain("below 7");
      expect(moved.generation(VALIDATOR)).to.equal(5);
      await moved.close();
      other.remove();
    });

    it("addsAndNeverRemovesOrChanges", async () => {
      const other = temporaryDirectory();
      const target = guardFiles(other.path);
      await guard.record(row({ slot: 1 }));
      await guard.record(row({ slot: 2, digest: word(2) }));
      await guard.close();
      const json = await exportGuard(files(), OWNER);
      await importGuard(
        target,
        JSON.stringify({
          ...JSON.parse(json),
          validators: [exportedRows(row({ slot: 2, digest: word(7) }), row({ slot: 3 }))],
        }),
        OWNER,
      );
      const report = await importGuard(target, json, OWNER);
      expect(report.added).to.equal(1);
      expect(report.conflicting).to.deep.equal([row({ slot: 2, digest: word(2) })]);
      const { rows } = exportedRows(row({ slot: 1 }), row({ slot: 2, digest: word(7) }), row({ slot: 3 }));
      const { validators } = JSON.parse(await exportGuard(target, OWNER)) as { validators: [{ rows: object[] }] };
      expect(validators[0].rows).to.deep.equal(rows);
      other.remove();
    });

    it("takesAnExportTwiceAndNothingFromOneOlderThanTheGuard", async () => {
      await guard.record(row({ slot: 1 }));
      await guard.close();
      const older = await exportGuard(files(), OWNER);
      await importGuard(files(), older, OWNER);
      guard = await LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]);
      await guard.record(row({ slot: 2 }));
      await guard.close();
      const newest = await exportGuard(files(), OWNER);
      const other = temporaryDirectory();
      const target = guardFiles(other.path);
      await importGuard(target, newest, OWNER);
      expect(await importGuard(target, newest, OWNER)).to.deep.equal({ added: 0, known: 2, conflicting: [] });
      const error = await refusal(() => importGuard(target, older, OWNER));
      expect(error.code).to.equal("older-than-held");
      expect(error.message).to.contain("generation 4").and.contain("got 2");
      other.remove();
    });

    it("doesNotLetAnOldExportPassForTheGuardThatWasLost", async () => {
      await guard.record(row({ slot: 1 }));
      await guard.close();
      const older = await exportGuard(files(), OWNER);
      await importGuard(files(), older, OWNER);
      guard = await LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]);
      await guard.record(row({ slot: 2 }));
      await guard.close();
      for (const file of [files().path, `${files().path}-lock`]) rmSync(file);
      expect((await refusal(() => exportGuard(files(), OWNER))).code).to.equal("missing");
      expect((await refusal(() => importGuard(files(), older, OWNER))).code).to.equal("older-than-held");
      expect((await refusal(() => LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]))).code).to.equal(
        "older-than-used",
      );
      expect((await refusal(() => exportGuard(files(), OWNER))).code).to.equal("older-than-used");
    });

    it("remembersHowNewWhatItImportedWas", async () => {
      const other = temporaryDirectory();
      const target = guardFiles(other.path);
      await guard.record(row({ slot: 1 }));
      await guard.close();
      await importGuard(target, await exportGuard(files(), OWNER), OWNER);
      rmSync(target.path);
      rmSync(`${target.path}-lock`);
      expect((await refusal(() => LmdbSigningGuard.open(target, [VALIDATOR]))).code).to.equal("older-than-used");
      other.remove();
    });

    it("signsNothingMoreOnceItWasExportedUntilAnExportIsImported", async () => {
      await guard.record(row({ slot: 1 }));
      await guard.close();
      copyFileSync(files().path, `${files().path}.backup`);
      const json = await exportGuard(files(), OWNER);
      const refused = await refusal(() => LmdbSigningGuard.open(files(), [VALIDATOR, OTHER]));
      expect(refused.code).to.equal("exported");
      // Cut off before the text was written down, it can be asked for again.
      expect(await exportGuard(files(), OWNER)).to.equal(json);
      const { table, close } = await openGuardFiles(files());
      expect(() => table.add(row({ slot: 2 }))).to.throw(GuardError, "exported here");
      expect(() => table.add(row({ slot: 1 })), "what it had signed before").to.throw(GuardError, "exported here");
      await close();
      // A copy from before does not bring it back.
      copyFileSync(files().path, `${files().path}.exported`);
      copyFileSync(`${files().path}.backup`, files().path);
      expect((await refusal(() => LmdbSigningGuard.open(files(), [VALIDATOR]))).code).to.equal("older-than-used");
      copyFileSync(`${files().path}.exported`, files().path);
      await importGuard(files(), json, OWNER);
      guard = await LmdbSigningGuard.open(files(), [VALIDATOR]);
      await guard.record(row({ slot: 2 }));
      expect((await refusal(() => guard.record(row({ slot: 1, digest: word(2) })))).code).to.equal("conflict");
    });

    it("movesOneOfSeveralValidatorsAndLeavesTheOthers", async () => {
      for (const validator of [VALIDATOR, OTHER]) await guard.record(row({ validator, slot: 1 }));
      await guard.close();
      const json = await exportGuard(files(), OWNER);
      guard = await LmdbSigningGuard.open(files(), [OTHER]);
      await guard.record(row({ validator: OTHER, slot: 2 }));
      expect((await refusal(() => guard.record(row({ slot: 2 })))).code).to.equal("foreign");
      const other = temporaryDirectory();
      const target = guardFiles(other.path);
      const there = await LmdbSigningGuard.open(target, [OTHER]);
      for (let slot = 1; slot < 9; slot++) await there.record(row({ validator: OTHER, slot }));
      await there.close();
      // The other agent has signed more often than this export is new: its own validators do not count here.
      await importGuard(target, json, { ...OWNER, validators: [OTHER, VALIDATOR] });
      const both = await LmdbSigningGuard.open(target, [OTHER, VALIDATOR]);
      expect([OTHER, VALIDATOR].map((one) => both.generation(one))).to.deep.equal([8, 2]);
      await both.close();
      other.remove();
    });

    it("takesNothingOfAnotherValidatorRollupOrChain", async () => {
      await guard.record(row({ slot: 1 }));
      await guard.close();
      const json = await exportGuard(files(), OWNER);
      const foreign = { validators: [`0x${"0b".repeat(192)}`], chainId: 1, rollup: `0x${"cd".repeat(20)}` } as const;
      for (const field of ["chainId", "rollup", "validators"] as const) {
        const owner = { ...OWNER, [field]: foreign[field] };
        const error = await refusal(() => importGuard(files(), json, owner));
        expect(error.code).to.equal("foreign");
        expect(error.message).to.contain(
          `${field} ${foreign[field]}, got one for ${OWNER[field]}; nothing was imported`,
        );
      }
    });

    it("takesNothingFromTextThatIsNotAnExport", async () => {
      await guard.close();
      const good = JSON.parse(await exportGuard(files(), OWNER)) as object;
      const bad = [
        "",
        "{}",
        "[]",
        "null",
        JSON.stringify({ ...good, format: "other" }),
        JSON.stringify({ ...good, validators: [exportedRows(row(), row({ digest: "0x12" }))] }),
        JSON.stringify({ ...good, validators: [] }),
        JSON.stringify({ ...good, version: 1 }),
      ];
      for (const json of bad)
        expect((await refusal(() => importGuard(files(), json, OWNER))).code, json).to.equal("invalid-row");
      expect(JSON.parse(await exportGuard(files(), OWNER))).to.deep.equal(good);
    });

    it("refusesToExportOrImportWhileTheAgentRuns", async () => {
      expect((await refusal(() => exportGuard(files(), OWNER))).code).to.equal("in-use");
      expect((await refusal(() => importGuard(files(), "{}", OWNER))).code).to.equal("invalid-row");
    });
  });
});
