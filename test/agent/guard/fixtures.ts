import { join } from "node:path";
import type { GuardRow } from "../../../sdk/agent/guard/interface.ts";
import type { SigningGuardOptions } from "../../../sdk/agent/guard/lmdb-signing-guard.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { word } from "../store/fixtures.ts";

export const VALIDATOR: Hex = `0x${"0a".repeat(192)}`;

export const guardFiles = (directory: string): SigningGuardOptions => ({
  path: join(directory, "guard", "guard.mdb"),
  witnessPath: join(directory, "chain", "guard-generation.mdb"),
});

export const row = (changes: Partial<GuardRow> = {}): GuardRow => ({
  validator: VALIDATOR,
  kind: "attestation",
  slot: 5,
  sequence: "",
  digest: word(1),
  ...changes,
});
