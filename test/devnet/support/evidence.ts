import type { Evidence } from "../../../deploy/devnet/scenarios/interface.ts";
import type { SentTransaction } from "../../../deploy/devnet/sends.ts";
import type { RollupEvent } from "../../../sdk/get/events.ts";
import type { LandedCheckpoint } from "../../../sdk/get/landed.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { load, row } from "./rows.ts";

const word = (value: number | string): Hex => `0x${Buffer.from(String(value)).toString("hex").padStart(64, "0")}`;

/** Where an event stands: by default each in a transaction of its own. */
interface Place {
  l1Block: number;
  transaction?: string;
}

const at = ({ l1Block, transaction = `transaction of ${l1Block}` }: Place): RollupEvent["at"] => ({
  blockNumber: l1Block,
  blockHash: word(`block ${l1Block}`),
  transactionHash: word(transaction),
  logIndex: 0,
});

/** Names stand for accounts here. */
const account = (name: string): Hex => name as Hex;

export const digestOf = (slot: number, of = "signed"): Hex => word(`${of} ${slot}`);

/** A checkpoint that its proposer landed in L1 block 10 + slot, but for what is given. */
export function landing(
  slot: number,
  over: Partial<Place> & { submitter?: string; late?: boolean; digest?: Hex } = {},
): RollupEvent {
  const { l1Block = 10 + slot, transaction, submitter = `agent-${slot % 4}`, late = false } = over;
  const submission = { digest: over.digest ?? digestOf(slot) };
  const checkpoint = { slot, late, submitter: account(submitter), submission } as LandedCheckpoint;
  return { type: "submitted", checkpoint, at: at({ l1Block, ...(transaction && { transaction }) }) };
}

export function removal(slot: number, challenger: string, place: Place): RollupEvent {
  return {
    type: "removed",
    number: slot,
    slot,
    digest: digestOf(slot, "forged"),
    challenger: account(challenger),
    at: at(place),
  };
}

export const bondSlashed = (submitter: string, informer = "agent-0"): RollupEvent => ({
  type: "bond-slashed",
  submitter: account(submitter),
  informer: account(informer),
  burnedWei: 1n,
  creditedWei: 1n,
  at: at({ l1Block: 15 }),
});

export const validatorSlashed = (index: number): RollupEvent => ({
  type: "validator-slashed",
  index,
  owner: account("owner"),
  slot: 4,
  burnedWei: 1n,
  creditedWei: 1n,
  at: at({ l1Block: 15 }),
});

export const send = (slots: number[], over: Partial<SentTransaction> = {}): SentTransaction => ({
  hash: word(slots.join()),
  from: `agent-${(slots[0] ?? 0) % 4}`,
  slots,
  digests: slots.map((slot) => digestOf(slot)),
  succeeded: true,
  gasUsed: 50_000,
  l1Block: 10,
  ...over,
});

/** What is known after a run in which nothing went wrong, but for what is given. L1 block n has time n. */
export function evidenceOf(over: Partial<Evidence>): Evidence {
  const rows = over.rows ?? [row(1), row(2), row(3)];
  return {
    rows,
    load: load(),
    events: rows.map(({ slot }) => landing(slot)),
    sends: rows.map(({ slot }) => send([slot])),
    agents: [{ name: "agent-0", agrees: true }],
    timeOf: (l1Block) => l1Block,
    nameOf: (name) => name,
    ...over,
  };
}
