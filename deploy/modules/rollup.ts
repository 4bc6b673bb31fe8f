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
] as const;

/**
 * Deploys the rollup. Constants come from `deploy/parameters`; genesis time, genesis set, seeds and the stakes that come
 * with the deployment from `genesisParameters`.
 */
export default buildModule("Rollup", (m) => {
  const settings = Object.fromEntries(CONFIG_FIELDS.map((field) => [field, m.getParameter(field)]));
  const rollup = m.contract(
    "Rollup",
    [settings, m.getParameter("genesis"), m.getParameter("seed0"), m.getParameter("seed1")],
    { value: m.getParameter<bigint>("stakesWei") },
  );
  return { rollup };
});
