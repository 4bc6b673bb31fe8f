import { defineConfig } from "tsdown";
import { completePackage } from "./.ci/package.ts";

/**
 * The SDK as a package in `dist`: module by module, so that a bundler leaves out whatever a program does not import.
 * Dependencies stay dependencies.
 */
export default defineConfig({
  entry: { index: "sdk/index.ts", contracts: "sdk/contracts.ts", rewards: "sdk/rewards.ts" },
  unbundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  dts: true,
  fixedExtension: false,
  hooks: {
    "build:done": ({ options, chunks }) => {
      const imported = chunks.flatMap((chunk) =>
        chunk.type === "chunk" ? [...chunk.imports, ...chunk.dynamicImports] : [],
      );
      const modules = new Set(chunks.map((chunk) => chunk.fileName));
      completePackage(
        options.outDir,
        imported.filter((specifier) => !modules.has(specifier)),
      );
    },
  },
});
