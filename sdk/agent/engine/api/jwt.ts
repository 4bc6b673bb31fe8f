import { createHmac } from "node:crypto";

/** Length of the secret that agent and execution client share. */
export const JWT_SECRET_BYTES = 32;

/** A token for one request (HS256). The client takes it for 60 seconds around `nowMs` by its own clock. */
export function bearerToken(secret: Uint8Array, nowMs: number): string {
  const unsigned = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ iat: Math.floor(nowMs / 1000) })}`;
  return `${unsigned}.${createHmac("sha256", secret).update(unsigned).digest("base64url")}`;
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
