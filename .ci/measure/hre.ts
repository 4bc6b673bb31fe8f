import type { HardhatRuntimeEnvironmentHooks } from "hardhat/types/hooks";
import { hits } from "./hits.ts";

export default async (): Promise<Partial<HardhatRuntimeEnvironmentHooks>> => ({
  async created(context, hre) {
    if (!context.globalOptions.coverage) return;
    hre.hooks.registerHandlers("network", {
      async onCoverageData(_, tags) {
        for (const tag of tags) hits.add(tag);
      },
    });
  },
});
