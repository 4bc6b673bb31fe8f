import type { Branch } from "./branches.ts";

/** What one run of the tests is told; the hooks of the build, the network and the test run share it. */
export const branches = new Map<string, Branch[]>();
/** Tags of outcomes that occurred, and of Hardhat's statements. */
export const hits = new Set<string>();
