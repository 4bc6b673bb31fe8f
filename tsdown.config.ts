import { defineConfig } from "tsdown";

/** The SDK as a package: one file per entry, with its types. Dependencies stay dependencies. */
export default defineConfig({
  entry: { index: "sdk/index.ts", contracts: "sdk/contracts.ts" },
  format: "esm",
  platform: "node",
  target: "node20",
  dts: true,
  fixedExtension: false,
  // Rollup.json is what deploys the contract.
  copy: [{ from: "artifacts/contracts/Rollup.sol/Rollup.json", to: "dist/artifacts" }],
});
