import { fileURLToPath } from "node:url";
import hardhatToolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import { coverage } from "./.ci/measure/plugin.ts";

// The compiler comes with the dependencies, so that building needs no network.
const compiler = fileURLToPath(new URL("./node_modules/solc/soljson.js", import.meta.url));

const solidity = {
  version: "0.8.35",
  path: compiler,
  settings: {
    evmVersion: "prague",
    viaIR: true,
    optimizer: { enabled: true, runs: 1_000_000 },
    // The SDK's state overrides are generated from the layout.
    outputSelection: { "*": { "*": ["storageLayout"] } },
  },
};

/** What is called now and then is compiled to be small: the code would not fit a contract otherwise. */
const cold = { ...solidity, settings: { ...solidity.settings, optimizer: { enabled: true, runs: 200 } } };
const profile = { compilers: [solidity], overrides: { "contracts/RollupExtension.sol": cold } };

/** What is measured is larger than a contract may be, and nothing but the tests of this run may get to see it. */
const measured = process.argv.includes("--coverage");
const built = measured ? "./coverage/" : "./";

// Blob transactions need Cancun, the BLS precompiles Prague.
const simulated = {
  type: "edr-simulated",
  chainType: "l1",
  hardfork: "prague",
  accounts: { count: 30 },
  allowUnlimitedContractSize: measured,
} as const;

export default defineConfig({
  plugins: [hardhatToolbox, coverage],
  solidity: { profiles: { default: profile, production: profile } },
  paths: {
    artifacts: `${built}artifacts`,
    cache: `${built}cache`,
    ignition: "./deploy",
    tests: { mocha: "./test/contracts" },
  },
  networks: {
    default: { ...simulated, allowBlocksWithSameTimestamp: true },
    // The L1 of the devnet: blocks come when the launcher mines them, the best paying transaction first.
    l1: { ...simulated, mining: { auto: false, mempool: { order: "priority" } } },
  },
  // Measured are the contracts on L1, by the tests that run on Hardhat's network: the simulator's run in the SDK's tests,
  // the L2 contract's in the engine's.
  coverage: { skipFiles: ["contracts/devnet/**", "contracts/l2/**", "contracts/RollupSimulator.sol"] },
  typechain: { outDir: "./types" },
});
