import { createHash } from "node:crypto";
import { z } from "zod";
import { NetworkError, type NetworkIdentity } from "./options.ts";

const HANDSHAKE_VERSION = 1;

/** Far above what the constants need. */
export const MAX_HELLO_BYTES = 4096;

const helloSchema = z.strictObject({
  version: z.number().int(),
  chainId: z.number().int(),
  rollup: z.string().max(42),
  constantsHash: z.string().max(66),
  constants: z.record(z.string().max(64), z.number()),
});

/** What each side of a new connection says first. */
export type Hello = z.output<typeof helloSchema>;

export function helloOf(identity: NetworkIdentity): Hello {
  const constants: Record<string, number> = { ...identity.parameters };
  return {
    version: HANDSHAKE_VERSION,
    chainId: identity.chainId,
    rollup: identity.rollup.toLowerCase(),
    constantsHash: hashOf(constants),
    constants,
  };
}

/** Names topics and protocols, so that agents of different rollups or constants never share one. 16 hex digits. */
export function networkName(identity: NetworkIdentity): string {
  const { chainId, rollup, constantsHash } = helloOf(identity);
  return createHash("sha256")
    .update(JSON.stringify([chainId, rollup, constantsHash]))
    .digest("hex")
    .slice(0, 16);
}

export const encodeHello = (hello: Hello): Uint8Array => Buffer.from(JSON.stringify(hello));

/** @throws NetworkError "handshake-failed" if these bytes are no hello. */
export function decodeHello(bytes: Uint8Array): Hello {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw new NetworkError("handshake-failed", `expected a hello, got ${bytes.length} bytes that are no JSON`);
  }
  const result = helloSchema.safeParse(value);
  if (result.success) return result.data;
  throw new NetworkError("handshake-failed", `expected a hello: ${z.prettifyError(result.error)}`);
}

/** Every point in which two agents differ, each with both values; empty if they may talk. */
export function differences(ours: Hello, theirs: Hello): string[] {
  const found: string[] = [];
  const compare = (name: string, our: unknown, their: unknown): void => {
    if (our !== their) found.push(`${name}: ours ${our}, theirs ${their}`);
  };
  compare("handshake version", ours.version, theirs.version);
  compare("L1 chain id", ours.chainId, theirs.chainId);
  compare("rollup", ours.rollup, theirs.rollup);
  for (const name of new Set([...Object.keys(ours.constants), ...Object.keys(theirs.constants)])) {
    compare(name, ours.constants[name], theirs.constants[name]);
  }
  // A peer that claims a hash its own constants do not have.
  if (found.length === 0) compare("constants hash", ours.constantsHash, theirs.constantsHash);
  return found;
}

/** @throws NetworkError "handshake-mismatch" with both values of all that differs. */
export function assertSameNetwork(ours: Hello, theirs: Hello, peer: string): void {
  const found = differences(ours, theirs);
  if (found.length === 0) return;
  throw new NetworkError("handshake-mismatch", `peer ${peer} is of another network: ${found.join("; ")}`);
}

function hashOf(constants: Record<string, number>): string {
  const ordered = Object.entries(constants).sort(([a], [b]) => (a < b ? -1 : 1));
  return `0x${createHash("sha256").update(JSON.stringify(ordered)).digest("hex")}`;
}
