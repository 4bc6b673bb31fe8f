import { readFileSync } from "node:fs";
import type { Hex } from "../../types/hex.ts";

const ENVIRONMENT = "env:";

/** The key is not where it was said to be; the message never shows what was found. */
export class KeyError extends Error {
  override name = "KeyError";
}

/**
 * Reads a private key: from the environment variable NAME for `env:NAME`, else from the file.
 * @throws KeyError.
 */
export function readKey(where: string): Hex {
  const text = where.startsWith(ENVIRONMENT) ? fromEnvironment(where.slice(ENVIRONMENT.length)) : fromFile(where);
  const key = text.trim();
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(key)) return `0x${key.replace(/^0x/, "").toLowerCase()}`;
  throw new KeyError(`${where}: expected a private key of 64 hex digits, found ${key.length} other characters`);
}

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new KeyError(`${ENVIRONMENT}${name}: expected that variable to hold the key, it is not set`);
  return value;
}

function fromFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new KeyError(`${path}: expected a readable file with the key, got ${(error as NodeJS.ErrnoException).code}`);
  }
}
