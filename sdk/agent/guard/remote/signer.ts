import { BlsError } from "../../../bls/error.ts";
import type { SignatureScheme } from "../../../bls/scheme.ts";
import { signingMessage } from "../../../digest/signingMessage.ts";
import type { Hex } from "../../../types/hex.ts";
import type { SignatureKind } from "../../types/messages.ts";
import { SignerError, type SigningGuard, type ValidatorSigner } from "../interface.ts";
import type { SignerClient } from "./client.ts";

export interface RemoteSignerOptions {
  /** Uncompressed G2, 192 bytes. */
  publicKey: Hex;
  /** L1 chain id. */
  chainId: number;
  rollup: Hex;
}

/**
 * Signs with a key that another process holds. The agent's own guard is asked first, whatever guard the signer has, and
 * no signature is used that was not verified here.
 */
export class RemoteSigner implements ValidatorSigner {
  readonly publicKey: Hex;
  readonly #options: RemoteSignerOptions;
  readonly #guard: SigningGuard;
  readonly #bls: SignatureScheme;
  readonly #client: Pick<SignerClient, "sign">;

  constructor(
    options: RemoteSignerOptions,
    dependencies: { guard: SigningGuard; bls: SignatureScheme; client: Pick<SignerClient, "sign"> },
  ) {
    this.#options = options;
    this.#guard = dependencies.guard;
    this.#bls = dependencies.bls;
    this.#client = dependencies.client;
    this.publicKey = options.publicKey;
  }

  /** Rejects with GuardError for what must not be signed, with SignerError for what the signer did not sign. */
  async sign(kind: SignatureKind, slot: number, digest: Hex, sequence = ""): Promise<Hex> {
    const { publicKey, chainId, rollup } = this.#options;
    await this.#guard.record({ validator: publicKey, kind, slot, sequence, digest });
    const signature = await this.#client.sign({ chainId, rollup, publicKey, kind, slot, digest, sequence });
    if (this.#holds(signingMessage(kind, { chainId: BigInt(chainId), rollup, slot }, digest), signature)) {
      return signature;
    }
    const what = `${kind} of slot ${slot}`;
    throw new SignerError("bad-signature", `the remote signer's signature of ${what} does not verify: it was not used`);
  }

  #holds(message: Hex, signature: Hex): boolean {
    try {
      return this.#bls.verify(message, signature, this.publicKey);
    } catch (error) {
      if (error instanceof BlsError) return false;
      throw error;
    }
  }
}

/** Whether a remote signer signs for this rollup with this key. Rejects with SignerError if not, or if it cannot tell. */
export async function assertSigns(
  client: Pick<SignerClient, "keys">,
  { publicKey, chainId, rollup }: RemoteSignerOptions,
): Promise<void> {
  const keys = await client.keys();
  if (keys.chainId !== chainId || keys.rollup !== rollup) {
    const found = `rollup ${keys.rollup} on chain ${keys.chainId}`;
    throw new SignerError("wrong-rollup", `expected a signer for rollup ${rollup} on chain ${chainId}, got ${found}`);
  }
  if (keys.publicKeys.includes(publicKey)) return;
  const held = keys.publicKeys.map((key) => key.slice(0, 18)).join(", ") || "none";
  throw new SignerError("unknown-key", `expected a signer with the key ${publicKey.slice(0, 18)}…, it has ${held}`);
}
