import { LmdbChainStore } from "../../../sdk/agent/store/lmdb-chain-store.ts";
import { blockAt, CHAIN_ID, checkpointAt, ROLLUP, tipsAt } from "./fixtures.ts";

// Commits slot after slot until it is killed, and says which one is durable. Each commit writes five kinds of rows
// that name the same slot, and removes the slot before last.
const store = new LmdbChainStore({ path: process.argv[2] as string, chainId: CHAIN_ID, rollup: ROLLUP });
for (let slot = (store.load().tips?.head.slot ?? 0) + 1; ; slot++) {
  await store.commit({
    tips: tipsAt([slot, slot, slot, slot, slot, slot]),
    cursor: { blockNumber: slot, blockHash: blockAt(slot, 0).blockHash },
    putCheckpoints: [checkpointAt(slot)],
    putBlocks: [blockAt(slot, 0, 0, 20_000), blockAt(slot, 1, 0, 20_000)],
    removeSlots: [slot - 2],
  });
  process.stdout.write(`${slot}\n`);
}
