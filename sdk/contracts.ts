// What the package `baton/contracts` offers: the contracts as a TypeScript program needs them.
export { ROLLUP_ABI } from "./abi/generated/rollup.ts";
export { ROLLUP_LENS_ABI } from "./abi/generated/rollupLens.ts";
export { ROLLUP_SIMULATOR_ABI, ROLLUP_SIMULATOR_BYTECODE } from "./abi/generated/rollupSimulator.ts";
