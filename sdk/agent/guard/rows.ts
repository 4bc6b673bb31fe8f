import { createHash } from "node:crypto";
import { SIGNATURE_KINDS } from "../../digest/signingMessage.ts";
import type { Hex } from "../../types/hex.ts";
import { type Codec, codec } from "../messages/codec.ts";
import { fixed, flag, named, record, text, uint, upTo } from "../messages/fields.ts";
import { MessageError } from "../messages/result.ts";
import type { SignatureKind } from "../types/messages.ts";
import { GuardError, type GuardRow } from "./interface.ts";

/** What a guard knows about itself. */
export interface GuardMeta {
  schema: number;
  /** Rows below this slot were removed: nothing below it is ever signed again. */
  floorSlot: number;
}

/** What it knows about one of its validators, beside what that signed. */
export interface ValidatorMeta {
  /** Grows with every row that is added, and with an export; never falls. */
  generation: number;
  /** It was given away: nothing is signed for it here until an export is imported. */
  exported: boolean;
}

const MAX_ROW_BYTES = 1024;
const PUBLIC_KEY_BYTES = 192;
const MAX_SEQUENCE_LENGTH = 32;

export const metaRow: Codec<GuardMeta> = codec(record<GuardMeta>({ schema: uint(), floorSlot: uint() }), MAX_ROW_BYTES);

export const validatorRow: Codec<ValidatorMeta> = codec(
  record<ValidatorMeta>({ generation: uint(), exported: flag }),
  MAX_ROW_BYTES,
);

/** Only a block has lawful siblings in its slot: a sequence elsewhere would be a way around the guard. */
const sequenceFits = ({ kind, sequence }: GuardRow): string | undefined =>
  kind === "block" || sequence === "" ? undefined : `sequence: expected none for kind ${kind}, got ${sequence}`;

export const guardRow: Codec<GuardRow> = codec(
  record<GuardRow>({
    validator: upTo(PUBLIC_KEY_BYTES),
    kind: named(SIGNATURE_KINDS),
    slot: uint(),
    sequence: text(MAX_SEQUENCE_LENGTH),
    digest: fixed(32),
  }),
  MAX_ROW_BYTES,
  sequenceFits,
);

/** Bytes of a row as it is stored. @throws GuardError "invalid-row". */
export function encodeRow(row: GuardRow): Uint8Array {
  try {
    return guardRow.encode(row);
  } catch (error) {
    if (error instanceof MessageError) throw new GuardError("invalid-row", error.message);
    throw error;
  }
}

/** Where a row stands: by slot first, so that old ones go in one range. */
export function keyOf(validator: Hex, kind: SignatureKind, slot: number, sequence: string): (string | number)[] {
  return ["row", slot, shortOf(validator), kind, sequence];
}

/** A public key is longer than a key of the database may be. */
export const shortOf = (validator: Hex): string => createHash("sha256").update(validator).digest("hex");
