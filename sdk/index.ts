// What the package `baton` offers. Inside the repository nothing imports this file: every import names its source.

export { L2_OUTBOX_ABI } from "./abi/generated/l2Outbox.ts";
export { decodeBlockData, encodeBlockData } from "./blob/blockData.ts";
export { decodeBlocks, encodeBlocks } from "./blob/blocks.ts";
export { BlobError, type BlobErrorCode } from "./blob/error.ts";
export { type BlobSidecar, type BlobWrapperVersion, createKzg, type Kzg, versionedHash } from "./blob/kzg.ts";
export { aggregatePublicKeys, aggregateSignatures } from "./bls/aggregate.ts";
export { BlsError, type BlsErrorCode } from "./bls/error.ts";
export { publicKeyOf, type SecretKey, secretKeyFromSeed } from "./bls/keys.ts";
export type { PublicKeyPoint, SignaturePoint } from "./bls/points.ts";
export { type PossessionContext, provePossession, verifyPossession } from "./bls/possession.ts";
export { type PublicKey, type Signature, sign, verify, verifyAggregate } from "./bls/sign.ts";
export {
  publicKeyFromSolidity,
  publicKeyToSolidity,
  type SolidityPublicKey,
  type SoliditySignature,
  signatureFromSolidity,
  signatureToSolidity,
} from "./bls/solidity.ts";
export { checkVotes, type SignedVote, type VoteCheck } from "./bls/votes.ts";
export { buildCalldata, type SubmitCall } from "./build/calldata.ts";
export { buildChallengeCalldata, buildCureCalldata } from "./build/challenge.ts";
export { buildClaimCalldata } from "./build/claim.ts";
export { BuildError, type BuildErrorCode } from "./build/error.ts";
export {
  buildEvidence,
  buildSlashCalldata,
  type Evidence,
  type SignedStatement,
  type SolidityStatement,
  type StatementKind,
} from "./build/evidence.ts";
export {
  buildLog,
  buildLogHead,
  buildSettlement,
  type CheckpointLog,
  hashDetails,
  hashLog,
  type LogDetails,
  type LogHead,
  type LogRest,
} from "./build/log.ts";
export { buildSubmission } from "./build/submission.ts";
export { buildSubmitTransaction, type SubmissionWithBlobs, type SubmitTransaction } from "./build/transaction.ts";
export {
  buildWithdrawal,
  type ProvenWithdrawal,
  type SettledRoot,
  type WithdrawArguments,
} from "./build/withdrawal.ts";
export { type CheckpointContent, checkpointDigest, parentDigestOf } from "./digest/checkpoint.ts";
export {
  type DepositMessage,
  digestInboxHash,
  EMPTY_INBOX_HASH,
  extendInboxHash,
  extendRefundsHash,
  type ForcedMessage,
  type InboxMessage,
  NO_REFUNDS_HASH,
} from "./digest/inbox.ts";
export { type SigningContext, SKIP_DIGEST, signingMessage } from "./digest/signingMessage.ts";
export type { ContractError, ContractErrorArguments, ContractErrorName, Remedy } from "./errors/contractError.ts";
export { decodeContractError } from "./errors/decode.ts";
export { EstimateError, estimateLanding, type LandingEstimate, type LandingPlan } from "./estimate/landing.ts";
export { type BondState, getBond, getCredit } from "./get/bonds.ts";
export { getConfig, type RollupConfig, slotAt, slotStart } from "./get/config.ts";
export { GetError, type GetErrorCode } from "./get/error.ts";
export { decodeEvents, getEvents, type L1Position, type RollupEvent, type RollupEventBody } from "./get/events.ts";
export {
  getInboxBefore,
  getInboxDue,
  getInboxHash,
  getInboxTotal,
  getRefund,
  getRefundsHash,
  type Refund,
} from "./get/inbox.ts";
export type { LandedCheckpoint } from "./get/landed.ts";
export { getBridgedWei, isWithdrawn } from "./get/outbox.ts";
export type { SettledPayout } from "./get/payout.ts";
export { getReward, getRewardPool, type RewardPool } from "./get/pool.ts";
export type { LandingTerms } from "./get/terms.ts";
export { getLogHash, getProvenNumber, getSettledTip, getTips, type SettledTip, type SubmittedTip } from "./get/tips.ts";
export { getUnsettled, type UnsettledCheckpoint } from "./get/unsettled.ts";
export {
  type EpochSet,
  getMembers,
  getProposer,
  getValidator,
  getValidatorSet,
  type RegisteredValidator,
} from "./get/validators.ts";
export type { RollupRef } from "./get/view.ts";
export {
  type BondStatus,
  getBonds,
  getCredits,
  getWithdrawn,
} from "./lens/accounts.ts";
export { PHASES, type Phase } from "./lens/answers.ts";
export {
  getInboxStatus,
  getLensRollup,
  getLogStatus,
  getOverview,
  getUnsettledHashes,
  type InboxStatus,
  type LogStatus,
  type Overview,
} from "./lens/chain.ts";
export { getQuote, getWindow, type LandingQuote, type QuoteRequest, type SlotWindow } from "./lens/landings.ts";
export { getRunway, type PoolRunway } from "./lens/pool.ts";
export { getSchedule, getValidators, type Proposer, type ValidatorRecord } from "./lens/validators.ts";
export type { LensRef } from "./lens/view.ts";
export { type OutboxOwner, type OutboxWithdrawal, outboxLeaf } from "./outbox/leaf.ts";
export { L2_OUTBOX_ADDRESS } from "./outbox/predeploy.ts";
export {
  EMPTY_OUTBOX_ROOT,
  OUTBOX_CAPACITY,
  OUTBOX_DEPTH,
  OutboxTree,
  verifyOutboxProof,
} from "./outbox/tree.ts";
export type { OverrideProvider } from "./simulate/code.ts";
export { SimulateError, type SimulateErrorCode } from "./simulate/error.ts";
export type { AssumedLanding } from "./simulate/parent.ts";
export {
  createSimulator,
  type SimulatedBlock,
  type SimulatedCost,
  type SimulationRequest,
  type SimulationResult,
  type Simulator,
} from "./simulate/simulator.ts";
export type { Verdict } from "./simulate/verdict.ts";
export { type RequestInput, submitRequest, withdrawn } from "./submit/content.ts";
export { decide } from "./submit/decide.ts";
export type { Decision, StopReason, WaitReason } from "./submit/decision.ts";
export { SubmitError, type SubmitErrorCode } from "./submit/errors.ts";
export { bid, bump, marketCost, nextBaseFee, replacementFees } from "./submit/fees.ts";
export type {
  AcceptedEntry,
  AttemptKind,
  BlockPassedEntry,
  ClosedEntry,
  IntentEntry,
  MinedEntry,
  RefusedEntry,
  SpentEntry,
  TransactionEntry,
  UnansweredEntry,
  UnminedEntry,
} from "./submit/journal/entries.ts";
export { type JournalOptions, openJournal } from "./submit/journal/file.ts";
export type { Journal } from "./submit/journal/interface.ts";
export { memoryJournal } from "./submit/journal/memory.ts";
export type { Attempt, JournalState, NonceRecord } from "./submit/journal/state.ts";
export type { Landing } from "./submit/landing.ts";
export {
  createSubmitter,
  type LandingConditions,
  type LandingRequest,
  landedOn,
  landingRequest,
  type SubmitterOptions,
  simulateLanding,
} from "./submit/landings.ts";
export { SubmissionManager, type SubmitDependencies } from "./submit/manager.ts";
export type { LandedCheckpoints } from "./submit/network.ts";
export type { StepOutcome } from "./submit/outcome.ts";
export { DEFAULT_POLICY, type SubmitPolicy } from "./submit/policy.ts";
export type { Simulate, SimulatedSending, SimulationVerdict } from "./submit/simulation.ts";
export type { Fees, Market, MinedReceipt, NetworkView, RequestTerms, SubmitRequest } from "./submit/types.ts";
export { type PassedOver, passedOver } from "./submit/underpriced.ts";
export { eachL1Block, type WaitOptions, waitForLanding } from "./submit/wait.ts";
export { type Choice, choose, type HoldReason } from "./submitter/choose.ts";
export type {
  BidEntry,
  ErrandEntry,
  LandingResult,
  LedgerEntry,
  PassedEntry,
  ResultEntry,
  SettledEntry,
} from "./submitter/ledger/entries.ts";
export { openLedger } from "./submitter/ledger/file.ts";
export type { Ledger } from "./submitter/ledger/interface.ts";
export { memoryLedger } from "./submitter/ledger/memory.ts";
export { ledgerLines } from "./submitter/ledger/show.ts";
export { type LedgerRow, type LedgerState, type LedgerTotals, profitWei } from "./submitter/ledger/state.ts";
export { type RunOptions, runSubmitter } from "./submitter/run.ts";
export { IndependentSubmitter, type IndependentSubmitterOptions, type SubmitterReport } from "./submitter/submitter.ts";
export type { CheckpointHeader } from "./types/header.ts";
export { bytesToHex, type Hex, hexToBytes } from "./types/hex.ts";
export { DEVNET_PARAMETERS, MAINNET_PARAMETERS, type ProtocolParameters } from "./types/parameters.ts";
export type { ExecutionPayload, Withdrawal } from "./types/payload.ts";
export type { SignatureKind } from "./types/signature.ts";
export type { Attestation, Submission } from "./types/submission.ts";
export { type AgentRpc, agentSource, getDeployment, type RollupDeployment } from "./watch/agent.ts";
export { blobsOf, type NamesBlobs } from "./watch/blobs.ts";
export { type CheckpointContext, checkCertificate } from "./watch/certificate.ts";
export { type CreditTerms, creditOf, type RewardAtHand } from "./watch/credit.ts";
export { WatchError, type WatchErrorCode } from "./watch/error.ts";
export { type Forecast, forecastFees } from "./watch/forecast.ts";
export { httpRpc } from "./watch/http.ts";
export { landingProspects, type Prospect, type ProspectTerms } from "./watch/prospects.ts";
export type { CertifiedCheckpoint, CheckpointSource } from "./watch/source.ts";
export { unsubmitted } from "./watch/unsubmitted.ts";
export {
  type LandingBlock,
  type LandingRole,
  landingBlocks,
  landingRole,
  type WindowRules,
  windowEnd,
} from "./watch/window.ts";
