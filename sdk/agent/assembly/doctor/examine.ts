import type { AgentConfig } from "../../config/interface.ts";
import { loadConfig, loadDeployment } from "../../config/load.ts";
import type { Clock } from "../../time/interface.ts";
import { examineArchive, examineBlobSources } from "./blobs.ts";
import { examineDisk, examineKeys } from "./files.ts";
import { type Finding, failed, ok } from "./finding.ts";
import { examineGuard } from "./guard.ts";
import { examineL1 } from "./l1.ts";
import { examinePeers, examinePorts } from "./network.ts";

/** Checks whether an agent with this configuration would do its work if it were started now. Changes nothing. */
export async function examine(configFile: string, clock: Clock): Promise<Finding[]> {
  let config: AgentConfig;
  try {
    config = await loadConfig(configFile);
  } catch (error) {
    return [failed("configuration", error, "Nothing else could be checked")];
  }
  return [
    ok("configuration", `${configFile} is complete`),
    ...examineKeys(config, configFile),
    ...examineDisk(config),
    ...examineArchive(config),
    ...(await examineGuard(config)),
    ...(await examineRollup(config, clock)),
    ...(await examineBlobSources(config, clock)),
    ...(await examinePorts(config)),
    ...(await examinePeers(config)),
  ];
}

async function examineRollup(config: AgentConfig, clock: Clock): Promise<Finding[]> {
  try {
    return await examineL1(config, await loadDeployment(config.l1.deploymentFile), clock);
  } catch (error) {
    return [failed("deployment", error, "Put the rollup's deployment file there: the agent waits for it")];
  }
}
