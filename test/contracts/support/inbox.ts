import {
  type DepositMessage,
  digestInboxHash,
  EMPTY_INBOX_HASH,
  type ForcedMessage,
} from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, type SendOptions, type TestRollup } from "../fixture.ts";
import { type CheckpointOptions, GENESIS, type TestCheckpoint } from "./checkpoints.ts";

const { stranger, recipient } = ACCOUNTS;
const GWEI = 1_000_000_000n;

/** The stranger deposits for the recipient, 1 gwei unless said otherwise. */
export async function deposit(test: TestRollup, options: SendOptions = {}): Promise<DepositMessage> {
  const mined = await test.call(stranger, "deposit", [recipient.address], { valueWei: GWEI, ...options });
  const [event] = eventsOf(mined);
  if (event?.type !== "deposited") throw new Error("a deposit tells of itself");
  return event.message;
}

/** The stranger forces a transaction, by default one of two bytes. */
export async function force(
  test: TestRollup,
  { transaction = "0x02aa", ...options }: SendOptions & { transaction?: Hex } = {},
): Promise<ForcedMessage> {
  const [event] = eventsOf(await test.call(stranger, "force", [transaction], options));
  if (event?.type !== "forced") throw new Error("a forced transaction tells of itself");
  return event.message;
}

/** A checkpoint that consumes the first `inboxCount` messages, signed over what the contract says of them. */
export async function consuming(
  test: TestRollup,
  inboxCount: number,
  options: Partial<CheckpointOptions> & { slot: number },
): Promise<TestCheckpoint> {
  return test.checkpoint({ ...options, ...(await inboxOf(test, inboxCount, options)) });
}

/** As `consuming`, but its quorum never signed it. */
export async function forgedConsuming(
  test: TestRollup,
  inboxCount: number,
  options: Partial<CheckpointOptions> & { slot: number },
): Promise<TestCheckpoint> {
  return test.forged({ ...options, ...(await inboxOf(test, inboxCount, options)) });
}

async function inboxOf(
  test: TestRollup,
  inboxCount: number,
  { slot, parent = GENESIS, ...options }: Partial<CheckpointOptions> & { slot: number },
) {
  const header = { ...options.header, inboxCount };
  const consumes = inboxCount !== parent.inboxCount && inboxCount <= Number(await test.rollup.inboxTotal());
  if (!consumes) return { header, inboxHash: EMPTY_INBOX_HASH };
  const hash = (await test.rollup.inboxHash(inboxCount)) as Hex;
  const refundsHash = (await test.rollup.refundsHash(Math.floor(slot / test.config.epochSlots))) as Hex;
  return { header, inboxHash: digestInboxHash(hash, refundsHash) };
}
