import { expect } from "chai";
import { GuardError, type GuardRow, type SigningGuard } from "../../../sdk/agent/guard/interface.ts";
import { LocalSigner, MAX_WAITING_SIGNATURES } from "../../../sdk/agent/guard/local-signer.ts";
import { publicKeyOf, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { verify } from "../../../sdk/bls/sign.ts";
import { signingMessage } from "../../../sdk/digest/signingMessage.ts";
import { CHAIN_ID, ROLLUP, word } from "../store/fixtures.ts";

/** A guard whose every answer the test gives. */
class HeldGuard implements SigningGuard {
  readonly asked: { row: GuardRow; allow: () => void; refuse: (error: Error) => void }[] = [];

  record(row: GuardRow): Promise<void> {
    return new Promise((allow, refuse) => this.asked.push({ row, allow, refuse }));
  }

  find(): GuardRow | undefined {
    return undefined;
  }
}

const secretKey = secretKeyFromSeed(new Uint8Array(32).fill(3));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("LocalSigner", () => {
  let guard: HeldGuard;
  let signer: LocalSigner;

  beforeEach(() => {
    guard = new HeldGuard();
    signer = new LocalSigner({ secretKey, chainId: CHAIN_ID, rollup: ROLLUP }, { guard, bls: BLS });
  });

  it("makesNoSignatureBeforeTheGuardAnsweredAndAValidOneAfter", async () => {
    let signature: string | undefined;
    const signing = signer.sign("attestation", 5, word(1)).then((made) => {
      signature = made;
      return made;
    });
    await turn();
    expect(guard.asked.map(({ row }) => row)).to.deep.equal([
      { validator: publicKeyOf(secretKey), kind: "attestation", slot: 5, sequence: "", digest: word(1) },
    ]);
    expect(signature).to.equal(undefined);
    guard.asked[0]?.allow();
    const message = signingMessage("attestation", { chainId: BigInt(CHAIN_ID), rollup: ROLLUP, slot: 5 }, word(1));
    expect(verify(message, await signing, signer.publicKey)).to.equal(true);
  });

  it("makesNoSignatureWhenTheGuardRefusesAndGoesOnWithTheNext", async () => {
    const refused = signer.sign("attestation", 5, word(1)).catch((error: unknown) => error);
    const next = signer.sign("block", 5, word(2), "0:1");
    await turn();
    guard.asked[0]?.refuse(new GuardError("conflict", "signed already"));
    expect(await refused).to.be.instanceOf(GuardError);
    await turn();
    expect(guard.asked[1]?.row.sequence).to.equal("0:1");
    guard.asked[1]?.allow();
    expect((await next).length).to.equal(2 + 2 * 96);
  });

  it("asksTheGuardForOneSignatureAtATime", async () => {
    const all = [1, 2, 3].map((slot) => signer.sign("proposal", slot, word(slot)));
    for (const slot of [1, 2, 3]) {
      await turn();
      expect(guard.asked.map(({ row }) => row.slot)).to.deep.equal([1, 2, 3].slice(0, slot));
      guard.asked[slot - 1]?.allow();
      await all[slot - 1];
    }
  });

  it("refusesMoreWaitingRequestsThanItsBound", async () => {
    const waiting = Array.from({ length: MAX_WAITING_SIGNATURES }, (_, slot) =>
      signer.sign("proposal", slot, word(slot)),
    );
    const error: unknown = await signer.sign("proposal", 1000, word(1)).catch((thrown: unknown) => thrown);
    expect((error as GuardError).code).to.equal("busy");
    for (let slot = 0; slot < waiting.length; slot++) {
      await turn();
      guard.asked[slot]?.refuse(new GuardError("conflict", "test over"));
      await waiting[slot]?.catch(() => undefined);
    }
    expect(guard.asked.some(({ row }) => row.slot === 1000)).to.equal(false);
  });
});
