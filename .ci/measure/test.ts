import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestHooks } from "hardhat/types/hooks";
import { branches, hits } from "./hits.ts";
import { branchReport, fileReport, summary, withBranches } from "./report.ts";

export default async (): Promise<Partial<TestHooks>> => ({
  async onTestRunDone(context, id, next) {
    await next(context, id);
    if (!context.globalOptions.coverage) return;
    const all = [...branches.values()].flat();
    const file = join(context.config.paths.root, "coverage", "lcov.info");
    const lcov = withBranches(readFileSync(file, "utf8"), all, hits);
    writeFileSync(file, lcov);
    const { text, reached } = summary(lcov);
    console.log([...fileReport(lcov), "", ...branchReport(all, hits), "", text].join("\n"));
    if (!reached) process.exitCode = 1;
  },
});
