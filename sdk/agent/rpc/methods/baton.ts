import { z } from "zod";
import { bytesToHex } from "../../../types/hex.ts";
import type { FundingView } from "../../pipeline/funding.ts";
import type { CheckpointRecord } from "../../store/interface.ts";
import { toQuantity } from "../encode/quantity.ts";
import { RPC_CODES, RpcError } from "../errors.ts";
import type { AttestedCheckpoint } from "../interface.ts";
import type { RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { addressResult, bytesResult, objectOf, tipsResult } from "../results.ts";
import { countOrNumber } from "../schema.ts";

/** The pipeline as this node sees it. Slots and block numbers are JSON numbers here, bitmaps and amounts hex. */
export const batonMethods: RpcMethod[] = [
  method({
    name: "baton_tips",
    summary: "How far the chain has come: head, proposed, attested, submitted, settled, finalized, read as one.",
    params: z.tuple([]),
    result: tipsResult,
    handle: ({ node }) => node.tips(),
  }),
  method({
    name: "baton_nodeStatus",
    summary:
      "Role, public keys of its validators, peers, slot, sync state, L1 nodes and accounts, equivocations, mempool size and tips of this node.",
    params: z.tuple([]),
    result: objectOf(
      "role, validators, peers, slot, syncing, l1, funding, equivocations, chainId, clientVersion, mempool, tips",
    ),
    handle: ({ node, pool, options }) => ({
      ...node.status(),
      syncing: node.status().syncing ?? false,
      funding: fundingJson(node.status().funding),
      chainId: options.chainId,
      clientVersion: options.clientVersion,
      mempool: { transactions: pool.size },
      tips: node.tips(),
    }),
  }),
  method({
    name: "baton_checkpoint",
    summary: "What is held of the checkpoint of a submission slot; null if nothing is.",
    params: z.tuple([countOrNumber.describe("slot")]),
    result: objectOf("slot, digest, status, proposal, certificate, landing").nullable(),
    handle: ({ node }, [slot]) => checkpointJson(node.checkpoint(slot)),
  }),
  method({
    name: "baton_deployment",
    summary: "Where the rollup stands on L1: address, chain id, block of its deployment.",
    params: z.tuple([]),
    result: z.strictObject({ rollup: addressResult, chainId: z.number(), deploymentBlock: z.number() }),
    handle: ({ node }) => node.location(),
  }),
  method({
    name: "baton_attestedCheckpoints",
    summary: "The checkpoints with a quorum that are not on L1, oldest first: all of a submission but the blobs' data.",
    params: z.tuple([]),
    result: z.array(objectOf("header, digest, parentDigest, inboxHash, blobHashes, signers, signature")),
    handle: ({ node, options }) => node.attested().slice(0, options.maxAttestedCheckpoints).map(attestedJson),
  }),
  method({
    name: "baton_checkpointData",
    summary: "Data of the blocks of a slot's checkpoint, of which its blobs are made; null if it is not held.",
    params: z.tuple([countOrNumber.describe("slot")]),
    result: z.strictObject({ slot: z.number(), blocks: z.array(bytesResult) }).nullable(),
    handle({ node }, [slot]) {
      const blocks = node.blockDatas(slot);
      return blocks.length === 0 ? null : { slot, blocks: blocks.map(bytesToHex) };
    },
  }),
  method({
    name: "baton_slots",
    summary: "The checkpoints of a bounded range of slots, one entry per slot; without a range, the latest.",
    params: z.tuple([countOrNumber.nullish().describe("first slot"), countOrNumber.nullish().describe("last slot")]),
    result: z.array(objectOf("slot, checkpoint")),
    handle({ node, options }, [first, last]) {
      const to = last ?? node.status().slot + 1;
      const from = first ?? Math.max(0, to - options.maxSlots + 1);
      if (from > to || to - from >= options.maxSlots) {
        const expected = `expected an ascending range of at most ${options.maxSlots} slots, got ${from} to ${to}`;
        throw new RpcError(RPC_CODES.invalidParams, `invalid params: ${expected}`);
      }
      const slots = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      return slots.map((slot) => ({ slot, checkpoint: checkpointJson(node.checkpoint(slot)) }));
    },
  }),
];

function checkpointJson(record: CheckpointRecord | undefined): unknown {
  if (record === undefined) return null;
  const { certificate, landing, ...rest } = record;
  return {
    ...rest,
    certificate: certificate === undefined ? null : { ...certificate, signers: toQuantity(certificate.signers) },
    landing: landing ?? null,
  };
}

function fundingJson(funding: FundingView | undefined): unknown {
  if (funding === undefined) return null;
  const accounts = funding.accounts.map(({ balanceWei, ...rest }) => ({ ...rest, balanceWei: toQuantity(balanceWei) }));
  return { landingsLeft: funding.landingsLeft, accounts };
}

/** What anybody needs to land it: whoever asks checks all of it against L1, so it may come from any node. */
function attestedJson({ digest, proposal, certificate }: AttestedCheckpoint): unknown {
  const { header, parentDigest, inboxHash, blobHashes } = proposal;
  const { signers, signature } = certificate;
  return { header, digest, parentDigest, inboxHash, blobHashes, signers: toQuantity(signers), signature };
}
