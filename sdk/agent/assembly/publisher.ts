import { type JsonRpcApiProvider, ZeroAddress } from "ethers";
import type { Kzg } from "../../blob/kzg.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import { getConfig } from "../../get/config.ts";
import { createSimulator } from "../../simulate/simulator.ts";
import type { Journal } from "../../submit/journal/interface.ts";
import { simulateLanding } from "../../submit/landings.ts";
import type { Hex } from "../../types/hex.ts";
import type { RescueRank } from "../chain/publish.ts";
import type { AgentConfig, Deployment } from "../config/interface.ts";
import type { L1Views } from "../l1/endpoints/interface.ts";
import type { Landings } from "../l1/landings.ts";
import { Challenger } from "../pipeline/challenger.ts";
import { Claimer } from "../pipeline/claimer.ts";
import type { PipelineEvents } from "../pipeline/events.ts";
import type { EvidenceBook } from "../pipeline/evidence.ts";
import type { Funding } from "../pipeline/funding.ts";
import type { RollupIdentity } from "../pipeline/identity.ts";
import { Informer } from "../pipeline/informer.ts";
import type { LandedSignatures } from "../pipeline/landed-signatures.ts";
import { Poker } from "../pipeline/poker.ts";
import { Pruner } from "../pipeline/pruner.ts";
import { Publisher } from "../pipeline/publisher.ts";
import { simulateRequest } from "../pipeline/requests.ts";
import { Settler } from "../pipeline/settler.ts";
import type { ValidatorSets } from "../sets/interface.ts";
import type { ChainStore } from "../store/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";
import { addressesOf, openAccounts, policyOf } from "./accounts.ts";

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
  events: PipelineEvents;
  log: Logger;
}

/** Opens the L1 accounts, of which there is one at least, and what sends from them. */
export async function openPublisher(
  around: PublisherSurroundings,
): Promise<{ publisher: Publisher; funding: Funding }> {
  const { config, deployment, l1, store, kzg, clock, timetable, openJournal, log } = around;
  const { landings, signatures, sets, publicKeys, evidence } = around;
  const { rollup } = deployment;
  const addresses = addressesOf(config.l1);
  const [recipient] = addresses as [Hex];
  const landing = simulateLanding(await createSimulator({ provider: l1, rollup }), "wait");
  const { verifier, proofWindowEpochs, maxBlobsPerCheckpoint } = await getConfig({ provider: l1, rollup });
  const on = { provider: l1, rollup, timetable };
  const challenger = new Challenger({ ...on, landings, signatures, sets, publicKeys });
  const { accounts, funding } = await openAccounts(config.l1, {
    l1,
    rollup,
    policy: policyOf(config.l1, timetable.parameters.l1SlotSeconds),
    simulate: simulateRequest(l1, landing, challenger),
    openJournal,
    maxBlobsPerCheckpoint,
    log,
  });
  const publisher = new Publisher({
    accounts,
    store,
    kzg,
    clock,
    timetable,
    rank: around.rank,
    blobWrapperVersion: config.l1.blobWrapperVersion,
    rollup,
    recipient,
    settler: new Settler(on),
    pruner: new Pruner({
      ...on,
      landings,
      proofWindowEpochs: verifier === ZeroAddress ? undefined : proofWindowEpochs,
    }),
    poker: new Poker({ ...on, sets }),
    informer: new Informer({ ...on, evidence, account: recipient }),
    challenger,
    claimer: new Claimer({
      ...on,
      accounts: addresses,
      journalOf: (account) => accounts.historyOf(account),
      market: () => funding.last?.market,
      factor: config.l1.claimFactor,
    }),
    events: around.events,
    log,
  });
  return { publisher, funding };
}
