import { readFileSync } from "node:fs";
import { JWT_SECRET_BYTES } from "../engine/api/jwt.ts";
import { ConfigError } from "./interface.ts";

const SECRET = new RegExp(`^(?:0x)?([0-9a-fA-F]{${2 * JWT_SECRET_BYTES}})$`);

/** The secret that agent and execution client share. Throws ConfigError; the secret itself is never in a message. */
export function readJwtSecret(path: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigError("unreadable", `engine.jwtSecretPath: expected a readable file at ${path}, got ${code}`);
  }
  const [, hex] = SECRET.exec(text.trim()) ?? [];
  if (hex !== undefined) return new Uint8Array(Buffer.from(hex, "hex"));
  const found = `${text.trim().length} other characters`;
  throw new ConfigError("invalid", `${path}: expected ${JWT_SECRET_BYTES} bytes of hexadecimal, got ${found}`);
}
