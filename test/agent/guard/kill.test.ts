import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { LmdbSigningGuard } from "../../../sdk/agent/guard/lmdb-signing-guard.ts";
import { publicKeyOf, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { temporaryDirectory } from "../store/fixtures.ts";
import { runAndKill } from "../support/kill.ts";
import { guardFiles } from "./fixtures.ts";

const CHILD = fileURLToPath(new URL("./kill-child.ts", import.meta.url));
const ROUNDS = 5;

describe("LocalSigner under kill -9", () => {
  it("holdsARowForEverySignatureThatEverLeftAndSignsNoSlotTwice", async function () {
    this.timeout(60_000);
    const directory = temporaryDirectory();
    const files = guardFiles(directory.path);
    const validator = publicKeyOf(secretKeyFromSeed(new Uint8Array(32).fill(7)));
    const signed = new Map<number, string>();
    let next = 1;
    for (let round = 0; round < ROUNDS; round++) {
      const extraMs = Math.random() * 30;
      const lines = await runAndKill(CHILD, [files.path, files.witnessPath, String(Math.max(1, next - 5))], 3, extraMs);
      for (const line of lines) {
        const { slot, signature } = JSON.parse(line) as { slot: number; signature: string };
        expect(signed.has(slot), `slot ${slot} signed twice, round ${round}, ${extraMs} ms`).to.equal(false);
        signed.set(slot, signature);
        next = slot + 1;
      }
      const guard = await LmdbSigningGuard.open(files, [validator]);
      for (const line of lines) {
        const { slot, digest } = JSON.parse(line) as { slot: number; digest: string };
        const held = guard.find(validator, "attestation", slot, "");
        expect(held?.digest, `round ${round}, killed ${extraMs} ms after three signatures`).to.equal(digest);
      }
      expect(guard.generation(validator)).to.be.at.least(signed.size);
      await guard.close();
    }
    directory.remove();
  });
});
