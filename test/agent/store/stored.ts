import type { StoreChanges } from "../../../sdk/agent/store/interface.ts";
import { blockAt, checkpointAt, statementAt, tipsAt } from "./fixtures.ts";

const { signature: _, ...unsigned } = blockAt(2, 2);

/** Of every kind of row one, as `versions/chain-1.mdb` holds them: commits that were made with that version. */
export const STORED: StoreChanges[] = [
  { putBlocks: [blockAt(1, 0), blockAt(1, 1)], putCheckpoints: [checkpointAt(1)] },
  { removeSlots: [1] },
  {
    tips: tipsAt([3, 2, 2, 1, 0, 0]),
    cursor: { blockNumber: 77, blockHash: blockAt(1, 1).blockHash },
    putCheckpoints: [
      checkpointAt(2),
      { ...checkpointAt(3), certificate: undefined, landing: undefined, status: "proposed" },
    ],
    putBlocks: [blockAt(2, 0, 1), blockAt(2, 1, 1), blockAt(3, 0)],
    draft: { baseHash: blockAt(1, 1).blockHash, block: unsigned },
    equivocations: [{ first: statementAt("proposal", 8n), second: statementAt("skip", 9n), isOver: true }],
  },
];
