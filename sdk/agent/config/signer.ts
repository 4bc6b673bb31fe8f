import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError, hex } from "./interface.ts";

/** Configuration of `baton signer`, which holds validators' keys for agents elsewhere. */
export const signerConfigSchema = z.strictObject({
  /** The guard stands in here. */
  dataDir: z.string().min(1),
  logLevel: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** L1 chain id. */
  chainId: z.number().int().positive(),
  rollup: hex(20, "the rollup's address"),
  listen: z.strictObject({ host: z.string().default("127.0.0.1"), port: z.number().int().min(0).max(65_535) }),
  /** File with the token that agents must bring. */
  tokenPath: z.string().min(1),
  keys: z
    .array(
      z.strictObject({
        blsSecretKey: hex(32, "a BLS secret key"),
        /** Nothing is signed twice with it, not even the same: for keys that wear out. */
        oneTime: z.boolean().default(false),
      }),
    )
    .min(1, "expected one key or more"),
});

export type SignerConfig = z.output<typeof signerConfigSchema>;

const MIN_TOKEN_LENGTH = 16;

/** The token that agent and signer share. Throws ConfigError; the token itself is never in a message. */
export function readToken(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigError("unreadable", `tokenPath: expected a readable file at ${path}, got ${code}`);
  }
  if (text.length >= MIN_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(text)) return text;
  const expected = `${MIN_TOKEN_LENGTH} printable characters or more, without a space`;
  throw new ConfigError("invalid", `${path}: expected a token of ${expected}, found ${text.length} characters`);
}
