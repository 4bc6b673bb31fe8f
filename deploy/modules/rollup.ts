import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Fields of `RollupConfig`, in its order; each is a parameter of the module under its own name. */
export const CONFIG_FIELDS = [
  "l2ChainId",
  "genesisTime",
  "l1SlotSeconds",
  "slotSeconds",
  "epochSlots",
  "handoffWindowSeconds",
  "successorWindowSeconds",
  "challengeWindowEpochs",
  "evidenceWindowEpochs",
  "ringSize",
  "inboxLagSlots",
  "maxMessages",
  "maxBlobsPerCheckpoint",
  "minValidators",
  "maxValidators",
  "stakeWei",
  "bondWei",
  "minDepositWei",
  "rewardWei",
  "gasQuota",
  "gasQuotaBatch",
  "tipWei",
  "premiumBps",
  "premiumStepBps",
  "premiumMaxBps",
  "burnBps",
  "capBps",
  "proverBps",
  "proofWindowEpochs",
  "refundWindowEpochs",
  "maxForced",
  "maxForcedBytes",
  "governor",
  "verifier",
] as const;

/**
 * Deploys the extension, then the rollup, then the lens that clients look at it through. Constants come from `deploy/parameters`; genesis time, genesis set, seeds, and
 * the stakes and first pool that come with the deployment, from `genesisParameters`.
 */
export default buildModule("Rollup", (m) => {
  const settings = Object.fromEntries(CONFIG_FIELDS.map((field) => [field, m.getParameter(field)]));
  const extension = m.contract("RollupExtension", [settings]);
  const rollup = m.contract(
    "Rollup",
    [settings, extension, m.getParameter("genesis"), m.getParameter("seed0"), m.getParameter("seed1")],
    { value: m.getParameter<bigint>("valueWei") },
  );
  const lens = m.contract("RollupLens", [rollup]);
  return { rollup, extension, lens };
});
