import { relative } from "node:path";
import type { SolidityHooks } from "hardhat/types/hooks";
import { BRANCH_FUNCTION, instrumentBranches } from "./branches.ts";
import { branches } from "./hits.ts";

const LIBRARY_FILE = "__NomicFoundationCoverage";
/**
 * Hardhat's library tells of a hit through the free memory, which our code lays things out in while it calls functions;
 * nothing is in the scratch space between two statements.
 */
const FREE_MEMORY = "let ptr := mload(0x40)";
const SCRATCH_SPACE = "let ptr := 0";
const LIBRARY_END = /\}\s*$/;

export default async (): Promise<Partial<SolidityHooks>> => ({
  async preprocessProjectFileBeforeBuilding(context, sourceName, fsPath, content, version, next) {
    const built = await next(context, sourceName, fsPath, content, version);
    // What Hardhat leaves as it is, it does not measure.
    if (!context.globalOptions.coverage || built === content) return built;
    const path = relative(context.config.paths.root, fsPath);
    const instrumented = instrumentBranches(path, content, built);
    branches.set(path, instrumented.branches);
    return instrumented.source;
  },

  async preprocessSolcInputBeforeBuilding(context, input, next) {
    const built = await next(context, input);
    if (!context.globalOptions.coverage) return built;
    for (const [name, source] of Object.entries(built.sources)) {
      if (!name.startsWith(LIBRARY_FILE) || !("content" in source)) continue;
      if (!source.content.includes(FREE_MEMORY)) throw new Error(`${name}: expected "${FREE_MEMORY}" in it`);
      const content = source.content.replace(FREE_MEMORY, SCRATCH_SPACE);
      source.content = content.replace(LIBRARY_END, `${BRANCH_FUNCTION}}\n`);
    }
    return built;
  },
});
