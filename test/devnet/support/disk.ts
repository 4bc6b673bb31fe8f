import { join } from "node:path";
import { expect } from "chai";
import { agentKeys } from "../../../deploy/devnet/accounts.ts";
import type { GuardRow } from "../../../sdk/agent/guard/interface.ts";
import { GuardTable } from "../../../sdk/agent/guard/table.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import { openJournal } from "../../../sdk/submit/journal/file.ts";
import type { JournalState } from "../../../sdk/submit/journal/state.ts";
import { hexToBytes } from "../../../sdk/types/hex.ts";

/** What an agent left on disk of what it signed and sent. */
export interface LeftOnDisk {
  name: string;
  guard: GuardRow[];
  journal: JournalState;
}

/** Reads it from the directory of a devnet; the agent must have ended. */
export function leftOnDisk(devnetDirectory: string, index: number, chainId: number): LeftOnDisk {
  const { name, blsSecretKey, l1Address } = agentKeys(index);
  const directory = join(devnetDirectory, name);
  const table = new GuardTable(join(directory, "guard", "guard.mdb"));
  const journal = openJournal({ path: join(directory, `submissions-${l1Address}.jsonl`), chainId, account: l1Address });
  const guard = table.rows(publicKeyOf(hexToBytes(blsSecretKey)));
  void table.close();
  journal.close();
  return { name, guard, journal: journal.state };
}

/** One digest per kind, slot and sequence, and never both an attestation and a skip. */
export function expectSignedOnce({ name, guard }: LeftOnDisk, leastRows: number): void {
  expect(guard.length, name).to.be.greaterThan(leastRows);
  const keys = guard.map(({ validator, kind, slot, sequence }) => `${validator}/${kind}/${slot}/${sequence}`);
  expect(new Set(keys).size, name).to.equal(keys.length);
  const attested = guard.filter(({ kind }) => kind === "attestation").map(({ slot }) => slot);
  const skipped = guard.filter(({ kind }) => kind === "skip").map(({ slot }) => slot);
  expect(
    attested.filter((slot) => skipped.includes(slot)),
    name,
  ).to.deep.equal([]);
}

/** Nothing was brought to L1 under a second nonce. */
export function expectOneNonceEach({ name, journal }: LeftOnDisk): void {
  const nonces = journal.records.flatMap(({ nonce, attempts }) =>
    [...new Set(attempts.flatMap(({ checkpoints }) => checkpoints))].map((digest) => ({ nonce, digest })),
  );
  const digests = nonces.map(({ digest }) => digest);
  expect(new Set(digests).size, `${name}: ${JSON.stringify(nonces)}`).to.equal(digests.length);
}
