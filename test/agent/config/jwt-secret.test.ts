import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ConfigError } from "../../../sdk/agent/config/interface.ts";
import { readJwtSecret } from "../../../sdk/agent/config/jwt-secret.ts";

describe("the secret shared with an execution client", () => {
  const directory = mkdtempSync(join(tmpdir(), "baton-jwt-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "jwt.hex");
  const read = (text: string): Uint8Array => {
    writeFileSync(file, text);
    return readJwtSecret(file);
  };
  const hex = "0123456789abcdefABCDEF".padEnd(64, "7");

  it("is 32 bytes of hexadecimal, with or without 0x and a line's end", () => {
    for (const text of [hex, `0x${hex}`, `${hex}\n`, ` 0x${hex}\r\n`]) {
      expect(Buffer.from(read(text)).toString("hex")).to.equal(hex.toLowerCase());
    }
  });

  it("is nothing else, and is not shown", () => {
    for (const text of ["", "0x", hex.slice(2), `${hex}00`, `0y${hex}`, `g${hex.slice(1)}`]) {
      expect(() => read(text)).to.throw(ConfigError, /expected 32 bytes of hexadecimal, got \d+ other characters$/);
    }
    expect(() => readJwtSecret(join(directory, "none"))).to.throw(ConfigError, "ENOENT");
  });
});
