import { type JsonRpcApiProvider, Wallet } from "ethers";
import type { Kzg } from "../../blob/kzg.ts";
import { createSimulator } from "../../simulate/simulator.ts";
import type { Journal } from "../../submit/journal/interface.ts";
import { type LandingRequest, landedOn, simulateLanding } from "../../submit/landings.ts";
import { SubmissionManager } from "../../submit/manager.ts";
import { DEFAULT_POLICY, type SubmitPolicy } from "../../submit/policy.ts";
import type { SubmitRequest } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import type { AgentConfig, Deployment } from "../config/interface.ts";
import { Publisher } from "../pipeline/publisher.ts";
import { Settler } from "../pipeline/settler.ts";
import type { ChainStore } from "../store/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";

interface PublisherSurroundings {
  config: AgentConfig;
  deployment: Deployment;
  l1: JsonRpcApiProvider;
  store: ChainStore;
  kzg: Kzg;
  clock: Clock;
  timetable: Timetable;
  openJournal: (account: Hex) => Journal;
  log: Logger;
}

/** Opens the journal of the L1 account and what sends from it. */
export async function openPublisher(accountKey: Hex, around: PublisherSurroundings): Promise<Publisher> {
  const { config, deployment, l1, store, kzg, clock, timetable, openJournal, log } = around;
  const signer = new Wallet(accountKey, l1);
  const account = signer.address.toLowerCase() as Hex;
  const landing = simulateLanding(await createSimulator({ provider: l1, rollup: deployment.rollup }));
  const settler = new Settler({ provider: l1, rollup: deployment.rollup, timetable });
  const policy: SubmitPolicy = {
    ...DEFAULT_POLICY,
    l1SlotSeconds: timetable.parameters.l1SlotSeconds,
    caps: {
      ...DEFAULT_POLICY.caps,
      maxFeePerGasWei: config.l1.maxFeePerGasWei,
      maxFeePerBlobGasWei: config.l1.maxFeePerBlobGasWei,
    },
    blobWrapperVersion: config.l1.blobWrapperVersion,
  };
  const manager = await SubmissionManager.create<LandingRequest | SubmitRequest>(policy, {
    provider: l1,
    signer,
    journal: openJournal(account),
    simulate: (request, at) => ("call" in request ? landing(request, at) : settler.simulate(request, at.from)),
    landed: landedOn(deployment.rollup),
  });
  return new Publisher({
    manager,
    store,
    kzg,
    clock,
    timetable,
    blobWrapperVersion: config.l1.blobWrapperVersion,
    rollup: deployment.rollup,
    recipient: account,
    settler,
    log,
  });
}
