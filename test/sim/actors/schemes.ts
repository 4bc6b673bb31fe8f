import type { Act } from "./acts.ts";
import { attestsAndSkips, garbageVotes, hidesCertificate, noVotes } from "./attesters.ts";
import type { Scheme } from "./interface.ts";
import { falseAnswers, halfPresent } from "./peers.ts";
import { doubleSends, lastSecond } from "./senders.ts";
import { twoBlocks, twoProposals } from "./splits.ts";
import {
  otherBlobs,
  sameParentAgain,
  skipsForced,
  spentSlotAgain,
  wrongInbox,
  wrongParent,
  wrongState,
} from "./spoilers.ts";
import { impatient, leaks, neverPublishes, noProposal, silent, withholds } from "./timing.ts";
import type { Villain } from "./villain.ts";

/** What an agent does for each act; those without are done by others than an agent. */
export const SCHEMES: Partial<Record<Act, (villain: Villain) => Scheme>> = {
  "two-blocks": twoBlocks,
  "two-proposals": twoProposals,
  withholds,
  leaks,
  "other-blobs": otherBlobs,
  "wrong-state": wrongState,
  "skips-forced": skipsForced,
  "wrong-inbox": wrongInbox,
  "wrong-parent": wrongParent,
  "same-parent-again": sameParentAgain,
  "spent-slot-again": spentSlotAgain,
  silent,
  "no-proposal": noProposal,
  "never-publishes": neverPublishes,
  impatient,
  "attests-and-skips": attestsAndSkips,
  "garbage-votes": garbageVotes,
  "no-votes": noVotes,
  "hides-certificate": hidesCertificate,
  "last-second": lastSecond,
  "double-sends": doubleSends,
  "half-present": halfPresent,
  "false-answers": falseAnswers,
};
