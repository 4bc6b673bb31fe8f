import type { Proposed, Unsubmitted } from "../chain/state.ts";
import type { CheckpointRecord, Landing } from "../store/interface.ts";

/** The row on disk of a proposed checkpoint. */
export function recordOf(entry: Unsubmitted, proposed: Proposed, landing: Landing | undefined): CheckpointRecord {
  return {
    slot: entry.slot,
    digest: proposed.digest,
    proposal: proposed.proposal,
    status: landing !== undefined ? "submitted" : proposed.certificate !== undefined ? "attested" : "proposed",
    certificate: proposed.certificate,
    landing,
  };
}
