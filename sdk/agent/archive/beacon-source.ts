import { z } from "zod";
import type { Kzg } from "../../blob/kzg.ts";
import { BLOB_BYTES } from "../../blob/layout.ts";
import { type Hex, hexToBytes } from "../../types/hex.ts";
import { textOf } from "../http/answer.ts";
import type { Clock } from "../time/interface.ts";
import { isBlobOf } from "./check.ts";
import type { BlobPlace, BlobSource } from "./interface.ts";

export interface BeaconSourceOptions {
  /** Where the beacon API is served, without `/eth`. */
  url: string;
  l1SlotSeconds: number;
}

export interface BeaconSourceDependencies {
  kzg: Pick<Kzg, "commit">;
  clock: Clock;
}

/** A request without a whole answer for this long counts as failed. */
const TIMEOUT_MS = 10_000;
/** All blobs of an L1 block as hexadecimal, for servers that do not filter; a longer answer is not read to its end. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** As hexadecimal, with 0x. */
const BLOB_TEXT_LENGTH = 2 + 2 * BLOB_BYTES;

const blobText = z
  .string()
  .length(BLOB_TEXT_LENGTH)
  .regex(/^0x[0-9a-fA-F]*$/);
const genesisSchema = z.object({ data: z.object({ genesis_time: z.string().regex(/^[0-9]+$/) }) });
const blobsSchema = z.object({ data: z.array(blobText) });
const sidecarsSchema = z.object({ data: z.array(z.object({ blob: blobText })) });

/**
 * A beacon node, or a blob archive that answers as one does: asked for the blobs of an L1 slot, by versioned hash where
 * it knows that method, else for the sidecars. Nothing it says is believed but what the hash shows.
 */
export class BeaconSource implements BlobSource {
  readonly name: string;
  readonly #options: BeaconSourceOptions;
  readonly #kzg: Pick<Kzg, "commit">;
  readonly #clock: Clock;
  #genesisSeconds: number | undefined;

  constructor(options: BeaconSourceOptions, { kzg, clock }: BeaconSourceDependencies) {
    // The path may hold a provider's key.
    this.name = new URL(options.url).origin;
    this.#options = options;
    this.#kzg = kzg;
    this.#clock = clock;
  }

  async get(versionedHash: Hex, { l1TimestampSeconds }: BlobPlace): Promise<Uint8Array | undefined> {
    try {
      this.#genesisSeconds ??= await this.genesisSeconds();
      const slot = Math.floor((l1TimestampSeconds - this.#genesisSeconds) / this.#options.l1SlotSeconds);
      const answer = await this.#blobs(slot, versionedHash);
      for (const text of answer) {
        const blob = hexToBytes(text as Hex);
        if (await isBlobOf(this.#kzg, versionedHash, blob)) return blob;
      }
    } catch {
      // Away, out of its format, or without it: whoever is asked next may do better.
    }
    return undefined;
  }

  /** When its L1 began, Unix seconds. Rejects with what kept it from telling. */
  async genesisSeconds(): Promise<number> {
    const answer = genesisSchema.safeParse(await this.#json("/eth/v1/beacon/genesis"));
    if (!answer.success) throw new Error("expected a beacon node's genesis, got something else");
    return Number(answer.data.data.genesis_time);
  }

  async #blobs(slot: number, versionedHash: Hex): Promise<string[]> {
    try {
      const path = `/eth/v1/beacon/blobs/${slot}?versioned_hashes=${versionedHash}`;
      return blobsSchema.parse(await this.#json(path)).data;
    } catch {
      const sidecars = sidecarsSchema.parse(await this.#json(`/eth/v1/beacon/blob_sidecars/${slot}`));
      return sidecars.data.map(({ blob }) => blob);
    }
  }

  /** @throws Error unless there is an answer of status 200 in JSON, in time, and not too long. */
  async #json(path: string): Promise<unknown> {
    const stop = new AbortController();
    const cancel = this.#clock.at(this.#clock.nowMs() + TIMEOUT_MS, () =>
      stop.abort(new Error(`${path}: no answer within ${TIMEOUT_MS} ms`)),
    );
    try {
      const url = this.#options.url.replace(/\/+$/, "") + path;
      const response = await fetch(url, { headers: { accept: "application/json" }, signal: stop.signal });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Error(`${path}: expected status 200, got ${response.status}`);
      }
      return JSON.parse(await textOf(response, MAX_ANSWER_BYTES));
    } finally {
      cancel();
    }
  }
}
