import { expect } from "chai";
import { agentConfigSchema } from "../../../sdk/agent/config/interface.ts";

const SECRET = "hunter2hunter2";
const withSecret = `http://operator:${SECRET}@127.0.0.1:9100`;
const plain = "http://127.0.0.1:9100/path-with-key";
const validatorAt = (url: string): object => ({
  signer: { url, publicKey: `0x${"04".repeat(192)}`, tokenPath: "token" },
  coinbase: `0x${"11".repeat(20)}`,
});

/** What is said of the fields that this part of a configuration has. */
function complaints(part: Record<string, unknown>): string[] {
  const issues = agentConfigSchema.safeParse(part).error?.issues ?? [];
  return issues.filter(({ path }) => String(path[0]) in part).map(({ message }) => message);
}

describe("URLs in a configuration", () => {
  for (const [what, partOf] of [
    ["a remote signer", (url: string) => ({ validators: [validatorAt(url)] })],
    ["an execution client", (url: string) => ({ engine: { url, jwtSecretPath: "jwt" } })],
    ["an execution client's JSON-RPC", (rpcUrl: string) => ({ engine: { url: plain, rpcUrl, jwtSecretPath: "jwt" } })],
    ["a blob source", (url: string) => ({ blobSources: [url] })],
  ] as const) {
    it(`of ${what} hold no password, which errors would show`, () => {
      const found = complaints(partOf(withSecret));
      expect(found).to.have.length(1);
      expect(found[0]).to.contain("without a user and a password").and.not.contain(SECRET);
      expect(complaints(partOf("nowhere"))).to.have.length(1);
      expect(complaints(partOf("file:///etc/passwd"))).to.have.length(1);
      expect(complaints(partOf(plain))).to.deep.equal([]);
    });
  }
});
