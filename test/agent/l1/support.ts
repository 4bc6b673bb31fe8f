import type { LandingEvent } from "../../../sdk/agent/l1/landings.ts";
import type { LandedCheckpoint } from "../../../sdk/get/landed.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hash } from "../chain/support.ts";

export const signatureOf = (digit: string): Hex => `0x${digit.repeat(192)}`;

/** A landing with all that is remembered of it. */
export function landing(number: number, name = `d${number}`): LandingEvent {
  const header = { coinbase: hash("c"), outboxRoot: hash("o"), onTimeRecipient: hash("r"), onTimeCapBps: 0 };
  const checkpoint = {
    number,
    slot: number,
    verified: false,
    submission: { header, digest: hash(name), attestation: { signers: 7n, signature: signatureOf("1") } },
    words: { facts: BigInt(number), parent: 0n, submitter: 1n, recipient: 1n },
  } as Partial<LandedCheckpoint> as LandedCheckpoint;
  return { kind: "landing", checkpoint, landing: { number } } as LandingEvent;
}
