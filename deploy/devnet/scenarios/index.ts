import { forgedLanding } from "./forged-landing.ts";
import type { Scenario } from "./interface.ts";
import { l1Reorg } from "./l1-reorg.ts";
import { lastSecondLanding } from "./last-second-landing.ts";
import { missedPublish } from "./missed-publish.ts";
import { offlineProposer } from "./offline-proposer.ts";
import { partition } from "./partition.ts";
import { restartAll } from "./restart-all.ts";
import { restartedProposer } from "./restarted-proposer.ts";
import { thirdParty } from "./third-party.ts";
import { withheldAttestations } from "./withheld-attestations.ts";

/** By the name that `--scenario` takes. */
export const SCENARIOS = {
  "missed-publish": missedPublish,
  "offline-proposer": offlineProposer,
  "restarted-proposer": restartedProposer,
  "restart-all": restartAll,
  "third-party": thirdParty,
  "withheld-attestations": withheldAttestations,
  "last-second-landing": lastSecondLanding,
  "forged-landing": forgedLanding,
  partition,
  "l1-reorg": l1Reorg,
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];
