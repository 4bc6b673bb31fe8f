import { type JsonRpcApiProvider, Wallet, ZeroAddress } from "ethers";
import type { Kzg } from "../../blob/kzg.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import { getConfig } from "../../get/config.ts";
import { createSimulator } from "../../simulate/simulator.ts";
import type { Journal } from "../../submit/journal/interface.ts";
import { landedOn, simulateLanding } from "../../submit/landings.ts";
import { SubmissionManager } from "../../submit/manager.ts";
import { DEFAULT_POLICY, type SubmitPolicy } from "../../submit/policy.ts";
import type { Hex } from "../../types/hex.ts";
import type { RescueRank } from "../chain/publish.ts";
import type { AgentConfig, Deployment } from "../config/interface.ts";
import type { L1Views } from "../l1/endpoints/interface.ts";
import type { Landings } from "../l1/landings.ts";
import { Challenger } from "../pipeline/challenger.ts";
import type { EvidenceBook } from "../pipeline/evidence.ts";
import type { RollupIdentity } from "../pipeline/identity.ts";
import { Informer } from "../pipeline/informer.ts";
import type { LandedSignatures } from "../pipeline/landed-signatures.ts";
import { Poker } from "../pipeline/poker.ts";
import { Pruner } from "../pipeline/pruner.ts";
import { Publisher } from "../pipeline/publisher.ts";
import { type AgentRequest, simulateRequest } from "../pipeline/requests.ts";
import { Settler } from "../pipeline/settler.ts";
import type { ValidatorSets } from "../sets/interface.ts";
import type { ChainStore } from "../store/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";

interface PublisherSurroundings {
  config: AgentConfig;
  deployment: Deployment;
  l1: JsonRpcApiProvider & L1Views;
  store: ChainStore;
  kzg: Kzg;
  clock: Clock;
  timetable: Timetable;
  rank: RescueRank;
  openJournal: (account: Hex) => Journal;
  landings: Landings;
  signatures: LandedSignatures;
  sets: ValidatorSets;
  evidence: EvidenceBook;
  identity: RollupIdentity;
  bls: SignatureScheme;
  /** Of this agent's validators. */
  publicKeys: readonly Hex[];
  log: Logger;
}

/** Opens the journal of the L1 account and what sends from it. */
export async function openPublisher(accountKey: Hex, around: PublisherSurroundings): Promise<Publisher> {
  const { config, deployment, l1, store, kzg, clock, timetable, openJournal, log } = around;
  const { landings, signatures, sets, publicKeys, evidence } = around;
  const signer = new Wallet(accountKey, l1);
  const account = signer.address.toLowerCase() as Hex;
  const landing = simulateLanding(await createSimulator({ provider: l1, rollup: deployment.rollup }), "wait");
  const { verifier, proofWindowEpochs } = await getConfig({ provider: l1, rollup: deployment.rollup });
  const on = { provider: l1, rollup: deployment.rollup, timetable };
  const settler = new Settler(on);
  const pruner = new Pruner({
    ...on,
    landings,
    proofWindowEpochs: verifier === ZeroAddress ? undefined : proofWindowEpochs,
  });
  const informer = new Informer({ ...on, evidence, account });
  const challenger = new Challenger({ ...on, landings, signatures, sets, publicKeys });
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
  const manager = await SubmissionManager.create<AgentRequest>(policy, {
    provider: l1,
    signer,
    journal: openJournal(account),
    simulate: simulateRequest(l1, landing, challenger),
    landed: landedOn(deployment.rollup),
    view: (read) => l1.view(read),
  });
  return new Publisher({
    manager,
    store,
    kzg,
    clock,
    timetable,
    rank: around.rank,
    blobWrapperVersion: config.l1.blobWrapperVersion,
    rollup: deployment.rollup,
    recipient: account,
    settler,
    pruner,
    poker: new Poker({ ...on, sets }),
    informer,
    challenger,
    log,
  });
}
