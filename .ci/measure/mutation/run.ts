// Runs the tests against mutants, inside the scratch copy. Standard input: the mutants; standard output: one line each.
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import hre from "hardhat";
import Mocha from "mocha";
import { type Mutant, SWITCH_ACCOUNT } from "./schema.ts";
import { BOUND_GAS, SCOPE } from "./scope.ts";

/** What became of one mutant. */
export interface Verdict {
  id: number;
  /** Full title of the test that failed, or did not end; undefined if it survived. */
  killer: string | undefined;
}

/** A test that a mutant keeps from ending has failed; a busy machine must not pass for a mutant. */
const TIMEOUT_MS = 300_000;
/** The chains of earlier mutants stay in memory: beyond this, the rest is for another process. */
const MAX_RSS_BYTES = 3 * 2 ** 30;
const ASLEEP = 0;
const TESTS = resolve("test/contracts");

let awake = ASLEEP;

const wake = async (connection: { provider: { request(call: object): Promise<unknown> } }): Promise<void> => {
  const params = [`0x${SWITCH_ACCOUNT.toString(16).padStart(40, "0")}`, `0x${awake.toString(16)}`];
  await connection.provider.request({ method: "hardhat_setBalance", params });
};

// A fixture goes back to a state in which another mutant was awake.
hre.hooks.registerHandlers("network", {
  async newConnection(context, next) {
    const connection = await next(context);
    await wake(connection);
    return connection;
  },
  async onRequest(context, connection, request, next) {
    const response = await next(context, connection, request);
    if (request.method === "evm_revert") await wake(connection);
    return response;
  },
});

// One failure is enough: nobody reads its smallest example.
fc.configureGlobal({ endOnFailure: true });

/** Standard output is for verdicts. */
class Quiet extends Mocha.reporters.Base {}

const mocha = new Mocha({ timeout: TIMEOUT_MS, reporter: Quiet, grep: BOUND_GAS, invert: true });
mocha.cleanReferencesAfterRun(false);
const subjects: Pick<Mutant, "id" | "path">[] = JSON.parse(readFileSync(0, "utf8"));
/** Files of the tests that are to kill the mutants of a file. */
const testsOf = new Map(
  SCOPE.filter(({ path }) => subjects.some((subject) => subject.path === path)).map(({ path, tests }) => {
    const files = tests.map((name) => globSync(name.endsWith(".ts") ? name : `${name}/**/*.test.ts`, { cwd: TESTS }));
    return [path, new Set(files.flat().map((file) => join(TESTS, file)))];
  }),
);
for (const file of new Set([...testsOf.values()].flatMap((files) => [...files]))) mocha.addFile(file);
await mocha.loadFilesAsync();
let suites = mocha.suite.suites;

/** @returns The tests that fail, which is one at most unless the others are to go on. */
function runTests(goOn: boolean): Promise<Mocha.Runnable[]> {
  return new Promise((done) => {
    const failed: Mocha.Runnable[] = [];
    const runner = mocha.run(() => done(failed));
    runner.on("fail", (test: Mocha.Runnable, error: Error) => {
      failed.push(test);
      if (goOn) console.error(`${test.fullTitle()}: ${error.stack}`);
      else runner.abort();
    });
  });
}

/** What killed the last one is run first for the next: they are neighbours. */
function putFirst(test: Mocha.Runnable): void {
  const first = <T>(list: T[], chosen: unknown): T[] =>
    list.toSorted((a, b) => Number(b === chosen) - Number(a === chosen));
  for (let suite = test.parent, part: unknown = test; suite?.parent !== undefined; part = suite, suite = suite.parent) {
    suite.tests = first(suite.tests, part);
    suite.suites = first(suite.suites, part);
    suites = first(suites, suite);
  }
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Whether a test passes without a mutant: one that was broken off may have left its chain in a state of its own. */
async function passesAsleep(test: Mocha.Runnable): Promise<boolean> {
  awake = ASLEEP;
  const { grep, invert } = mocha.options;
  Object.assign(mocha.options, { grep: new RegExp(`^${literally(test.fullTitle())}$`), invert: false });
  const failed = await runTests(false);
  Object.assign(mocha.options, { grep, invert });
  return failed.length === 0;
}

if ((await runTests(true)).length > 0) throw new Error("tests fail while all mutants are asleep");
for (const { id, path } of subjects) {
  awake = id;
  mocha.suite.suites = suites.filter(({ file = "" }) => testsOf.get(path)?.has(file));
  const [killer] = await runTests(false);
  const verdict: Verdict = { id, killer: killer?.fullTitle() };
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
  if (process.memoryUsage.rss() > MAX_RSS_BYTES) break;
  if (killer === undefined) continue;
  putFirst(killer);
  // This verdict is right, but the next would not be: the rest is for another process.
  if (!(await passesAsleep(killer))) break;
}
process.exit(0);
