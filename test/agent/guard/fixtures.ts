import { join } from "node:path";
import type { GuardFiles, GuardOwner, GuardRow } from "../../../sdk/agent/guard/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { CHAIN_ID, ROLLUP, word } from "../store/fixtures.ts";

export const VALIDATOR: Hex = `0x${"0a".repeat(192)}`;

export const OTHER: Hex = `0x${"0b".repeat(192)}`;

export const OWNER: GuardOwner = { validators: [VALIDATOR], chainId: CHAIN_ID, rollup: ROLLUP };

export const guardFiles = (directory: string): GuardFiles => ({
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
