import { keccak256 } from "ethers";
import type { Kzg } from "../../blob/kzg.ts";
import type { Hex } from "../../types/hex.ts";
import { isBlobOf } from "../archive/check.ts";
import type { BlobArchive, BlobSource } from "../archive/interface.ts";
import { certificatesOf } from "../chain/slots.ts";
import { type Mempool, MempoolError } from "../mempool/interface.ts";
import { blockProposalCodec } from "../messages/block-proposal.ts";
import {
  blobRequestCodec,
  type CheckpointRequest,
  certificatesCodec,
  certificatesRequestCodec,
  checkpointDataCodec,
  checkpointRequestCodec,
} from "../messages/checkpoint-data.ts";
import { checkpointProposalCodec } from "../messages/checkpoint-proposal.ts";
import type { Codec } from "../messages/codec.ts";
import { transactionCodec } from "../messages/transaction.ts";
import { certificateCodec, voteCodec } from "../messages/votes.ts";
import type { MessageHandler, Network } from "../network/interface.ts";
import type { ChainStore } from "../store/interface.ts";
import type { Certificate, CheckpointData } from "../types/messages.ts";
import { ACCEPT, ignore, reject, type Verdict } from "../types/verdict.ts";
import { heldCheckpoint, isWhole } from "./checkpoint.ts";
import type { ChainKeeper } from "./keeper.ts";
import type { PipelineNode } from "./node.ts";

/** Names of the request/response protocols that serve checkpoints, single blobs, and certificates alone. */
const CHECKPOINT_PROTOCOL = "checkpoint";
const BLOB_PROTOCOL = "blob";
const CERTIFICATES_PROTOCOL = "certificates";

/** Faults of a transaction that its sender, not the moment, is to blame for. */
const SENDERS_FAULT: ReadonlySet<string> = new Set(["malformed", "wrong-chain", "unsupported-type", "too-large"]);

/** Whom to ask, and how long all of them together are given to answer one request. */
export interface Peers {
  network: Pick<Network, "request">;
  timeoutMs: number;
}

/** What is served to peers. */
export interface Shelf {
  store: ChainStore;
  keeper: Pick<ChainKeeper, "state">;
  /** Absent in an agent that keeps no blobs. */
  archive: BlobArchive | undefined;
  /** Whether the checkpoint of a slot is not to be shown yet. */
  isHeldBack: (slot: number) => boolean;
}

/**
 * Connects the node to the network: each topic's bytes to their handler, and requests to what is held.
 * @param onKnown Told the hash of a transaction that came again.
 */
export function connectGossip(
  network: Network,
  node: PipelineNode,
  mempool: Mempool,
  { store, keeper, archive, isHeldBack }: Shelf,
  onKnown: (transaction: Hex) => void,
): void {
  network.subscribe(
    "blocks",
    decoded(blockProposalCodec, (block) => node.onBlock(block)),
  );
  network.subscribe(
    "checkpoints",
    decoded(checkpointProposalCodec, (proposal) => node.onProposal(proposal)),
  );
  network.subscribe(
    "votes",
    decoded(voteCodec, (vote) => node.onVote(vote)),
  );
  network.subscribe(
    "certificates",
    decoded(certificateCodec, (certificate) => node.onCertificate(certificate)),
  );
  network.subscribe(
    "transactions",
    decoded(transactionCodec, (raw) => addTransaction(mempool, raw, onKnown)),
  );
  network.serve(CHECKPOINT_PROTOCOL, async (request) => {
    const decodedRequest = checkpointRequestCodec.decode(request);
    const isShown = decodedRequest.ok && !isHeldBack(decodedRequest.value.slot);
    const data = isShown ? heldCheckpoint(store, decodedRequest.value) : undefined;
    return data && checkpointDataCodec.encode(data);
  });
  network.serve(CERTIFICATES_PROTOCOL, async (request) => {
    const decodedRequest = certificatesRequestCodec.decode(request);
    const certificates = decodedRequest.ok ? certificatesOf(keeper.state, decodedRequest.value.slot) : [];
    return certificates.length === 0 ? undefined : certificatesCodec.encode({ certificates });
  });
  if (archive === undefined) return;
  network.serve(BLOB_PROTOCOL, async (request) => {
    const decodedRequest = blobRequestCodec.decode(request);
    return decodedRequest.ok ? archive.get(decodedRequest.value.versionedHash, NOWHERE) : undefined;
  });
}

/** An archive on disk finds a blob by its hash alone. */
const NOWHERE = { l1TimestampSeconds: 0 };

/** Asks peers for what was certified of a slot; [] if nobody has anything. Signatures are unchecked. */
export async function fetchCertificates({ network, timeoutMs }: Peers, slot: number): Promise<Certificate[]> {
  const request = certificatesRequestCodec.encode({ slot });
  const answer = await network.request(CERTIFICATES_PROTOCOL, request, timeoutMs);
  const decodedAnswer = answer && certificatesCodec.decode(answer);
  return decodedAnswer?.ok ? decodedAnswer.value.certificates : [];
}

/**
 * Asks peers for the checkpoint of a slot until one serves it; one that serves anything else, or half of it, costs the
 * time to look at it. What comes has the blocks of its proposal; signatures are unchecked.
 * @param isExpected Whether it is the one that was meant.
 */
export async function fetchCheckpoint(
  { network, timeoutMs }: Peers,
  request: CheckpointRequest,
  kzg: Kzg,
  maxBlobs: number,
  isExpected: (data: CheckpointData) => boolean = ({ proposal }) => proposal.header.slot === request.slot,
): Promise<CheckpointData | undefined> {
  const encoded = checkpointRequestCodec.encode(request);
  let found: CheckpointData | undefined;
  await network.request(CHECKPOINT_PROTOCOL, encoded, timeoutMs, async (answer) => {
    const data = checkpointDataCodec.decode(answer);
    if (!data.ok || !isExpected(data.value) || !(await isWhole(data.value, kzg, maxBlobs))) return false;
    found = data.value;
    return true;
  });
  return found;
}

/** The archives of all peers, as one source of blobs. */
export const peerBlobs = ({ network, timeoutMs }: Peers, kzg: Pick<Kzg, "commit">): BlobSource => ({
  name: "peers",
  async get(versionedHash: Hex) {
    const request = blobRequestCodec.encode({ versionedHash });
    try {
      return await network.request(BLOB_PROTOCOL, request, timeoutMs, (blob) => isBlobOf(kzg, versionedHash, blob));
    } catch {
      // The network is being stopped: there are no peers to ask.
      return undefined;
    }
  },
});

function decoded<T>(codec: Codec<T>, judge: (message: T) => Promise<Verdict>): MessageHandler {
  return async (data) => {
    const result = codec.decode(data);
    return result.ok ? judge(result.value) : reject(result.reason);
  };
}

async function addTransaction(
  mempool: Mempool,
  raw: Uint8Array,
  onKnown: (transaction: Hex) => void,
): Promise<Verdict> {
  try {
    await mempool.add(`0x${Buffer.from(raw).toString("hex")}`);
    return ACCEPT;
  } catch (error) {
    if (!(error instanceof MempoolError)) throw error;
    if (error.code === "known") onKnown(keccak256(raw) as Hex);
    return SENDERS_FAULT.has(error.code) ? reject(error.message) : ignore(error.message);
  }
}
