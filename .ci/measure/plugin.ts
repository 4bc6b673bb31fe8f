import type { HardhatPlugin } from "hardhat/types/plugins";

/** Makes `--coverage` work for code that uses the free memory, and measures branches. */
export const coverage: HardhatPlugin = {
  id: "branch-coverage",
  hookHandlers: {
    hre: () => import("./hre.ts"),
    solidity: () => import("./solidity.ts"),
    test: () => import("./test.ts"),
  },
};
