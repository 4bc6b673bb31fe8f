import { expect } from "chai";
import { noteSlot } from "../../../sdk/agent/chain/slots.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { sayAgain } from "../../../sdk/agent/chain/vote-repeats.ts";
import type { Certificate, Vote } from "../../../sdk/agent/types/messages.ts";
import { SKIP_DIGEST } from "../../../sdk/digest/signingMessage.ts";
import { certificate, chainOf, genesis } from "./support.ts";

const SLOT_MS = 12_000;
const SAID_MS = 1_000_000;
const VOTES = [{ validatorIndex: 0 }, { validatorIndex: 2 }] as Vote[];
const said = { slot: 1, votes: VOTES, saidMs: SAID_MS };
const skip: Certificate = { ...(certificate(1) as Certificate), kind: "skip", digest: SKIP_DIGEST };
const onL1: ChainState = { ...genesis(), submitted: { ...genesis().submitted, slot: 1 } };

describe("what an agent has voted", () => {
  const half = SAID_MS + SLOT_MS / 2;
  const rows: [string, ChainState, number, number, { votes: unknown; certificates: unknown }][] = [
    ["is not said again at once", chainOf("proposed"), half - 1, 1, { votes: [], certificates: [] }],
    ["is said again after half a slot", chainOf("proposed"), half, 1, { votes: VOTES, certificates: [] }],
    ["is said again without the checkpoint", genesis(), half, 1, { votes: VOTES, certificates: [] }],
    [
      "is in the certificate, which is said instead",
      chainOf("certified"),
      half,
      1,
      { votes: [], certificates: [certificate(1)] },
    ],
    [
      "is in the skip certificate, which is said instead",
      noteSlot(genesis(), 1, { skipped: skip }),
      half,
      1,
      { votes: [], certificates: [skip] },
    ],
    ["is not said of what is on L1", onL1, half, 1, { votes: [], certificates: [] }],
    ["is not said of what can land no more", chainOf("proposed"), half, 2, { votes: [], certificates: [] }],
  ];
  for (const [what, state, nowMs, oldestOpenSlot, expected] of rows) {
    it(what, () => expect(sayAgain(state, said, nowMs, SLOT_MS, oldestOpenSlot)).to.deep.equal(expected));
  }
});
