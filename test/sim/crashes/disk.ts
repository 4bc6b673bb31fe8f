import { join } from "node:path";
import { expect } from "chai";
import { GuardTable } from "../../../sdk/agent/guard/table.ts";
import type { StoredState } from "../../../sdk/agent/store/interface.ts";
import { LmdbChainStore } from "../../../sdk/agent/store/lmdb-chain-store.ts";
import type { JournalState } from "../../../sdk/submit/journal/state.ts";
import type { SimulatedAgent } from "../agent.ts";
import type { World } from "../world.ts";

/** What an agent had made durable in the moment it ended. */
export interface Durable {
  chain: StoredState | undefined;
  journal: JournalState | undefined;
}

export const durableOf = ({ running, journal }: SimulatedAgent): Durable => ({
  chain: running?.ports.store.load(),
  journal: journal?.state,
});

/** Opens what an agent left as its next life will, and looks whether all of it is there. @throws AssertionError. */
export async function checkDisk({ dataDir }: SimulatedAgent, was: Durable, { l1, ledger }: World): Promise<void> {
  const store = new LmdbChainStore({ path: join(dataDir, "chain.mdb"), ...l1.deployment });
  const found = store.load();
  await store.close();
  if (was.chain !== undefined) expect(found, "what was committed").to.deep.equal(was.chain);
  const guard = new GuardTable(join(dataDir, "guard", "guard.mdb"));
  const missing = ledger.signed.filter(
    ({ validator, kind, slot, sequence, digest }) => guard.find(validator, kind, slot, sequence)?.digest !== digest,
  );
  await guard.close();
  expect(missing, "signatures that left and that the guard does not know").to.deep.equal([]);
}
