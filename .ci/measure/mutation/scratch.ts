import { cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import solc from "solc";
import { type Mutant, Schema, SWITCH_PATH, SWITCH_SOURCE } from "./schema.ts";
import { SCOPE } from "./scope.ts";

/** Where the copy is that holds the mutants; what it has compiled stays for the next run. */
export const SCRATCH = resolve("coverage/mutation");

/** What the contract tests need. */
const COPIED = ["contracts", "sdk", "test", "deploy", "types", ".ci", "package.json", "tsconfig.json"];
const ORIGINAL_CONFIG = "original.config.ts";

/** Large, and no test that runs here asks for it. */
const UNUSED = ["contracts/RollupSimulator.sol", "contracts/devnet", "contracts/l2"];

/**
 * Code with every mutant in it is larger than a contract may be, and nobody pays for it. The optimizer does nothing but
 * put on the stack what fits there: without that the code does not compile, and more takes minutes.
 */
const CONFIG = `import original from "./${ORIGINAL_CONFIG}";

const { networks, solidity } = original;
const [compiler] = solidity.profiles.default.compilers;
const details = { peephole: false, inliner: false, jumpdestRemover: false, orderLiterals: false, deduplicate: false,
  cse: false, constantOptimizer: false, yul: true, yulDetails: { stackAllocation: true, optimizerSteps: "u:" } };
export default {
  ...original,
  solidity: { ...compiler, settings: { ...compiler.settings, optimizer: { enabled: true, details } } },
  networks: { ...networks, default: { ...networks.default, allowUnlimitedContractSize: true } },
};
`;

/** What became of the sources. */
export interface Scratch {
  mutants: readonly Mutant[];
  /** Names of those that do not compile. */
  left: ReadonlySet<string>;
}

/** Makes the copy, with all mutants that compile. */
export function makeScratch(): Scratch {
  mkdirSync(SCRATCH, { recursive: true });
  for (const name of COPIED) {
    rmSync(join(SCRATCH, name), { recursive: true, force: true });
    cpSync(name, join(SCRATCH, name), { recursive: true });
  }
  for (const name of UNUSED) rmSync(join(SCRATCH, name), { recursive: true });
  rmSync(join(SCRATCH, "node_modules"), { force: true });
  symlinkSync(resolve("node_modules"), join(SCRATCH, "node_modules"));
  cpSync("hardhat.config.ts", join(SCRATCH, ORIGINAL_CONFIG));
  writeFileSync(join(SCRATCH, "hardhat.config.ts"), CONFIG);

  const sources = solidity();
  const left = new Set<string>();
  for (;;) {
    const { mutants, mutated } = mutate(sources, left);
    const failing = failingIn(
      mutated,
      mutants.filter(({ name }) => !left.has(name)),
    );
    if (failing.size === 0) {
      for (const [path, content] of mutated) write(path, content);
      return { mutants, left };
    }
    for (const { name } of failing) left.add(name);
  }
}

/** All contracts and those of the tests, by path. */
function solidity(): Map<string, string> {
  const paths = [...globSync("contracts/**/*.sol", { exclude: UNUSED }), ...globSync("test/contracts/harness/*.sol")];
  return new Map(paths.map((path) => [path, readFileSync(path, "utf8")]));
}

function mutate(sources: ReadonlyMap<string, string>, left: ReadonlySet<string>) {
  const constants = new Set(
    [...sources.values()].flatMap((text) =>
      [...text.matchAll(/uint\d* [a-z ]*constant (\w+)/g)].map(([, name = ""]) => name),
    ),
  );
  const schema = new Schema(constants, left);
  const mutated = new Map(sources);
  for (const scope of SCOPE) mutated.set(scope.path, schema.write(scope, sources.get(scope.path) ?? ""));
  // Asking which mutant is awake reads the chain.
  for (const [path, text] of mutated) mutated.set(path, text.replace(/\bpure\b/g, "view"));
  mutated.set(SWITCH_PATH, SWITCH_SOURCE);
  return { mutants: schema.mutants, mutated };
}

interface Place {
  file: string;
  start: number;
  end: number;
}

interface Diagnostic {
  severity: string;
  errorCode: string;
  formattedMessage: string;
  sourceLocation?: Place;
  secondarySourceLocations?: Place[];
}

/** A reference to calldata that is read before anything is assigned to it. */
const UNASSIGNED = "3464";

/** The mutants that the compiler refuses; those that are refused only because of others of them may be among them. */
function failingIn(sources: ReadonlyMap<string, string>, mutants: readonly Mutant[]): Set<Mutant> {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...sources].map(([path, content]) => [path, { content }])),
    settings: { evmVersion: "prague", outputSelection: {} },
  };
  const { errors = [] }: { errors?: Diagnostic[] } = JSON.parse(solc.compile(JSON.stringify(input)));
  const refusals = errors.filter(({ severity }) => severity === "error");
  const textAt = ({ file, start, end }: Place): string =>
    Buffer.from(sources.get(file) ?? "").toString("utf8", start, end);
  const unassigned = refusals.find(({ errorCode }) => errorCode === UNASSIGNED);
  if (unassigned !== undefined) {
    // The error is where the variable is read; the mutant is where it was assigned first.
    const declared = unassigned.secondarySourceLocations?.[0] ?? unassigned.sourceLocation;
    const variable = /\w+$/.exec(declared ? textAt(declared) : "")?.[0];
    const first = mutants.find(({ path, name }) => path === declared?.file && name.includes(`: without ${variable} =`));
    if (first === undefined) throw new Error(`no mutant assigns what is unassigned: ${unassigned.formattedMessage}`);
    return new Set([first]);
  }
  const failing = refusals.flatMap(({ sourceLocation, formattedMessage }) => {
    const refused = sourceLocation ? textAt(sourceLocation) : "";
    const ids = [...refused.matchAll(/Mutant\.on\((\d+)\)/g)].map(([, id]) => Number(id));
    if (ids.length === 0) throw new Error(`no mutant in what does not compile: ${formattedMessage}`);
    return mutants.filter(({ id }) => ids.includes(id));
  });
  return new Set(failing);
}

function write(path: string, content: string): void {
  const file = join(SCRATCH, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
