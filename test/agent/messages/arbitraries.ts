import fc from "fast-check";
import type { BlockProposal, Certificate, CheckpointProposal, Vote } from "../../../sdk/agent/types/messages.ts";
import type { CheckpointHeader } from "../../../sdk/types/header.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

const ZERO: Hex = `0x${"00".repeat(32)}`;

export const hexOf = (length: number): fc.Arbitrary<Hex> =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes): Hex => `0x${Buffer.from(bytes).toString("hex")}`);

export const anyUint = fc.oneof(fc.nat(300), fc.maxSafeNat());

export const anyBlock: fc.Arbitrary<BlockProposal> = fc.record({
  slot: anyUint,
  index: fc.nat(65_535),
  attempt: fc.constantFrom<0 | 1>(0, 1),
  last: fc.boolean(),
  parentHash: hexOf(32),
  blockHash: hexOf(32),
  data: fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ minLength: 60_000, maxLength: 70_000 })),
  signature: hexOf(96),
});

const anyHeader: fc.Arbitrary<CheckpointHeader> = fc.record({
  slot: anyUint,
  lastBlockHash: hexOf(32),
  lastBlockNumber: anyUint,
  inboxCount: anyUint,
  outboxRoot: hexOf(32),
  coinbase: hexOf(20),
  onTimeRecipient: hexOf(20),
  onTimeCapBps: fc.nat(10_000),
});

export const anyCheckpoint: fc.Arbitrary<CheckpointProposal> = fc.record({
  header: anyHeader,
  parentDigest: hexOf(20),
  blobHashes: fc.array(
    hexOf(31).map((rest): Hex => `0x01${rest.slice(2)}`),
    { minLength: 1, maxLength: 6 },
  ),
  inboxHash: hexOf(32),
  signature: hexOf(96),
});

const anyChoice = fc.oneof(
  hexOf(32)
    .filter((digest) => digest !== ZERO)
    .map((digest) => ({ kind: "attestation" as const, digest })),
  fc.constant({ kind: "skip" as const, digest: ZERO }),
);

export const anyVote: fc.Arbitrary<Vote> = fc
  .tuple(anyChoice, fc.record({ slot: anyUint, validatorIndex: fc.nat(255), signature: hexOf(96) }))
  .map(([choice, rest]) => ({ ...choice, ...rest }));

export const anyCertificate: fc.Arbitrary<Certificate> = fc
  .tuple(anyChoice, fc.record({ slot: anyUint, signers: fc.bigInt(1n, 2n ** 256n - 1n), signature: hexOf(96) }))
  .map(([choice, rest]) => ({ ...choice, ...rest }));
