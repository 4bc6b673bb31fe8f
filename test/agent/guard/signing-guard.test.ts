import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { GuardError, type GuardRow } from "../../../sdk/agent/guard/interface.ts";
import { LmdbSigningGuard } from "../../../sdk/agent/guard/lmdb-signing-guard.ts";
import { exportGuard, importGuard } from "../../../sdk/agent/guard/transfer.ts";
import { temporaryDirectory, word } from "../store/fixtures.ts";
import { guardFiles, OWNER, row, VALIDATOR } from "./fixtures.ts";

async function refusal(action: () => Promise<unknown>): Promise<GuardError> {
  try {
    await action();
  } catch (error) {
    expect(error).to.be.instanceOf(GuardError);
    return error as GuardError;
  }
  throw new Error("expected a GuardError");
}

describe("LmdbSigningGuard", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let guard: LmdbSigningGuard;
  const files = (): ReturnType<typeof guardFiles> => guardFiles(directory.path);

  beforeEach(async () => {
    directory = temporaryDirectory();
    guard = await LmdbSigningGuard.open(files());
  });

  afterEach(async () => {
    await guard.close();
    directory.remove();
  });

  async function reopen(): Promise<void> {
    await guard.close();
    guard = await LmdbSigningGuard.open(files());
  }

  it("resolvesForTheSameRowAgainAndCountsItOnce", async () => {
    await guard.record(row());
    await guard.record(row());
    expect(guard.generation).to.equal(1);
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
      { validator: `0x${"0b".repeat(192)}` },
      { kind: "proposal" },
      { slot: 50 },
      { kind: "block", sequence: "0:0" },
      { kind: "block", sequence: "0:1" },
      { kind: "block", sequence: "1:0" },
    ];
    for (const other of others) await guard.record(row({ ...other, digest: word(3) }));
    expect(guard.generation).to.equal(7);
  });

  it("refusesASequenceThatWouldGoAroundTheRule", async () => {
    const error = await refusal(() => guard.record(row({ sequence: "1" })));
    expect(error.code).to.equal("invalid-row");
    expect(guard.generation).to.equal(0);
  });

  it("refusesASecondGuardInThisProcessAndInAnother", async () => {
    expect((await refusal(() => LmdbSigningGuard.open(files()))).code).to.equal("in-use");
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
    guard = await LmdbSigningGuard.open(files());
    await guard.record(row({ slot: 2 }));
    await guard.close();
    const newest = await exportGuard(files(), OWNER);
    copyFileSync(`${files().path}.backup`, files().path);
    const error = await refusal(() => LmdbSigningGuard.open(files()));
    expect(error.code).to.equal("older-than-used");
    expect(error.message).to.contain("generation 1, the one last used here had 2");
    await importGuard(files(), newest, OWNER);
    guard = await LmdbSigningGuard.open(files());
    expect((await refusal(() => guard.record(row({ slot: 2, digest: word(9) })))).code).to.equal("conflict");
  });

  it("refusesToOpenAnEmptyGuardInPlaceOfAUsedOne", async () => {
    await guard.record(row());
    await guard.close();
    rmSync(files().path);
    rmSync(`${files().path}-lock`);
    expect((await refusal(() => LmdbSigningGuard.open(files()))).code).to.equal("older-than-used");
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
      const moved = await LmdbSigningGuard.open(target);
      for (const each of rows)
        expect(moved.find(each.validator, each.kind, each.slot, each.sequence)).to.deep.equal(each);
      expect((await refusal(() => moved.record(row({ slot: 6 })))).message).to.contain("below 7");
      expect(moved.generation).to.equal(4);
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
        JSON.stringify({ ...JSON.parse(json), rows: [row({ slot: 2, digest: word(7) }), row({ slot: 3 })] }),
        OWNER,
      );
      const report = await importGuard(target, json, OWNER);
      expect(report.added).to.equal(1);
      expect(report.conflicting).to.deep.equal([row({ slot: 2, digest: word(2) })]);
      const { rows } = JSON.parse(await exportGuard(target, OWNER)) as { rows: GuardRow[] };
      expect(rows).to.deep.equal([row({ slot: 1 }), row({ slot: 2, digest: word(7) }), row({ slot: 3 })]);
      other.remove();
    });

    it("takesAnExportTwiceAndNothingFromOneOlderThanTheGuard", async () => {
      await guard.record(row({ slot: 1 }));
      await guard.close();
      const older = await exportGuard(files(), OWNER);
      guard = await LmdbSigningGuard.open(files());
      await guard.record(row({ slot: 2 }));
      await guard.close();
      const newest = await exportGuard(files(), OWNER);
      const other = temporaryDirectory();
      const target = guardFiles(other.path);
      await importGuard(target, newest, OWNER);
      expect(await importGuard(target, newest, OWNER)).to.deep.equal({ added: 0, known: 2, conflicting: [] });
      const error = await refusal(() => importGuard(target, older, OWNER));
      expect(error.code).to.equal("older-than-held");
      expect(error.message).to.contain("generation 2").and.contain("got 1");
      other.remove();
    });

    it("doesNotLetAnOldExportPassForTheGuardThatWasLost", async () => {
      await guard.record(row({ slot: 1 }));
      await guard.close();
      const older = await exportGuard(files(), OWNER);
      guard = await LmdbSigningGuard.open(files());
      await guard.record(row({ slot: 2 }));
      await guard.close();
      for (const file of [files().path, `${files().path}-lock`]) rmSync(file);
      expect((await refusal(() => exportGuard(files(), OWNER))).code).to.equal("missing");
      expect((await refusal(() => importGuard(files(), older, OWNER))).code).to.equal("older-than-held");
      expect((await refusal(() => LmdbSigningGuard.open(files()))).code).to.equal("older-than-used");
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
      expect((await refusal(() => LmdbSigningGuard.open(target))).code).to.equal("older-than-used");
      other.remove();
    });

    it("takesNothingOfAnotherValidatorRollupOrChain", async () => {
      await guard.record(row({ slot: 1 }));
      await guard.close();
      const json = await exportGuard(files(), OWNER);
      const foreign = { validators: [`0x${"0b".repeat(192)}`], chainId: 1, rollup: `0x${"cd".repeat(20)}` } as const;
      for (const field of ["validators", "chainId", "rollup"] as const) {
        const owner = { ...OWNER, [field]: foreign[field] };
        const error = await refusal(() => importGuard(files(), json, owner));
        expect(error.code).to.equal("foreign");
        expect(error.message).to.contain(`${field} ${foreign[field]}, got one for ${OWNER[field]}`);
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
        JSON.stringify({ ...good, rows: [row(), { ...row(), digest: "0x12" }] }),
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
