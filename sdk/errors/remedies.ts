import type { ContractErrorArguments, ContractErrorName, Remedy } from "./contractError.ts";

/** A remedy, or the rule that finds it from the error's arguments. */
type RemedyRule<Name extends ContractErrorName> = Remedy | ((args: ContractErrorArguments[Name]) => Remedy);

/** The remedy of every error of the contracts; the type check fails when one is missing. */
export const REMEDIES: { readonly [Name in ContractErrorName]: RemedyRule<Name> } = {
  Config__Invalid: "halt",
  Rollup__ExtensionDiffers: "halt",
  Rollup__NotTheRollup: "halt",
  Rollup__UnexpectedEther: "halt",
  Settlement__RestMismatch: "retry",

  Rollup__DeadlinePassed: "drop",
  Rollup__NothingSubmitted: "halt",
  Rollup__BeforeGenesis: "wait",
  Rollup__SlotAlreadySubmitted: "ignore",
  // Too early heals by itself, too late never.
  Rollup__OutsideWindow: ({ slot, currentSlot }) => (slot > currentSlot ? "wait" : "drop"),
  Rollup__BlobCountOutOfRange: "replace",
  Rollup__BlobMissing: "replace",
  Rollup__DigestMismatch: "replace",
  Rollup__OnTimeCapTooHigh: "replace",
  Rollup__SignersOutsideSet: "replace",
  Rollup__QuorumNotReached: "replace",
  Rollup__AttestationInvalid: "replace",
  // Somebody settles, then there is room.
  Rollup__RingFull: "wait",

  Challenges__LogMismatch: "replace",
  Challenges__NotTip: "replace",
  Challenges__AlreadySettled: "drop",
  Challenges__AlreadyVerified: "ignore",
  Challenges__WindowOver: "drop",
  Challenges__AttestationValid: "drop",
  Challenges__CureInvalid: "replace",

  Slashing__NoContradiction: "drop",
  Slashing__SetNotFinal: "wait",
  Slashing__EvidenceExpired: "drop",
  Slashing__NobodyToSlash: "ignore",
  // Too little gas looks the same: the pairing gave no answer.
  Slashing__SignatureInvalid: "replace",

  Settlement__LogMismatch: "replace",
  Settlement__OutOfOrder: "replace",
  Settlement__NothingToSettle: "wait",

  Pool__NothingFunded: "halt",
  Pool__FundedTooMuch: "replace",
  Pool__NotGovernor: "halt",
  Pool__NoSuchBudget: "wait",

  Proofs__NoVerifier: "halt",
  Proofs__OutOfOrder: "replace",
  Proofs__LogMismatch: "replace",
  Proofs__Invalid: "replace",
  Proofs__WindowOpen: "wait",

  Inbox__DepositTooSmall: "replace",
  Inbox__NotWholeGwei: "replace",
  Inbox__CountNotDue: "replace",
  Inbox__NoSuchMessage: "wait",
  Inbox__ForcedLengthOutOfRange: "replace",
  // The next checkpoints take some of those that wait.
  Inbox__ForcedFull: "wait",
  Inbox__DepositMismatch: "replace",
  Inbox__AlreadyConsumed: "drop",
  Inbox__RefundTooEarly: "wait",
  Inbox__RefundRequested: "ignore",
  // Ask first, with `requestRefund`.
  Inbox__RefundNotRequested: "replace",
  Inbox__AlreadyRefunded: "ignore",

  Ring__OutOfRange: "replace",

  Outbox__NotSettled: "wait",
  // The ring has gone on: a later checkpoint proves the same.
  Outbox__LogMismatch: "replace",
  Outbox__IndexOutOfRange: "replace",
  Outbox__ProofInvalid: "replace",
  Outbox__AlreadyWithdrawn: "ignore",
  Outbox__NotBridged: "wait",

  Bonds__AmountOutOfRange: "replace",
  Bonds__Unbonding: "wait",
  Bonds__NoBond: "halt",
  Bonds__NotReleased: "wait",
  Bonds__NothingToClaim: "ignore",
  Bonds__PaymentRefused: "halt",

  // With more gas the same call works.
  Bls__NotEnoughGas: "retry",
  Bls__KeyIsInfinity: "replace",
  Bls__KeyNotOnCurve: "replace",
  // This L1 lacks what the contract was written for.
  Bls__PairingUnavailable: "halt",
  HashToCurve__PrecompileFailed: "halt",
  KeyCode__NotStored: "halt",

  L2Outbox__NothingToWithdraw: "replace",
  L2Outbox__NoRecipient: "replace",
  // For ever.
  L2Outbox__Full: "drop",

  Validators__WrongStake: "replace",
  Validators__PossessionNotProven: "replace",
  Validators__KeyAlreadyUsed: "drop",
  Validators__SetFull: "wait",
  Validators__SetTooSmall: "wait",
  Validators__NotOwner: "halt",
  Validators__AlreadyLeaving: "ignore",
  Validators__StakeLocked: "wait",
  Validators__LastSlotUnsettled: "wait",
  Validators__SeedUnknown: "wait",
  Validators__GenesisSetSize: "halt",
};
