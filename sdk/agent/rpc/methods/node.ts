import { bytesToHex, hexToBytes } from "@ethereumjs/util";
import { z } from "zod";
import { keccak } from "../../engine/crypto/keccak.ts";
import { toQuantity } from "../encode/quantity.ts";
import type { RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { addressResult, hashResult, quantityResult } from "../results.ts";
import { data } from "../schema.ts";

const none = z.tuple([]);

/** What a client asks before anything else. */
export const nodeMethods: RpcMethod[] = [
  method({
    name: "web3_clientVersion",
    summary: "Name and version of this node.",
    params: none,
    result: z.string(),
    handle: ({ options }) => options.clientVersion,
  }),
  method({
    name: "net_version",
    summary: "The chain id as a decimal string.",
    params: none,
    result: z.string(),
    handle: ({ options }) => String(options.chainId),
  }),
  method({
    name: "web3_sha3",
    summary: "keccak256 of bytes.",
    params: z.tuple([data.describe("bytes")]),
    result: hashResult,
    handle: (_, [bytes]) => bytesToHex(keccak(hexToBytes(bytes))),
  }),
  method({ name: "net_listening", summary: "Always true.", params: none, result: z.boolean(), handle: () => true }),
  method({
    name: "net_peerCount",
    summary: "Connected peers.",
    params: none,
    result: quantityResult,
    handle: ({ node }) => toQuantity(node.status().peers),
  }),
  method({
    name: "eth_chainId",
    summary: "The L2 chain id (EIP-695).",
    params: none,
    result: quantityResult,
    handle: ({ options }) => toQuantity(options.chainId),
  }),
  method({
    name: "eth_accounts",
    summary: "Always empty: the node holds no keys of users.",
    params: none,
    result: z.array(addressResult).max(0),
    handle: () => [],
  }),
  method({
    name: "eth_blockNumber",
    summary: "Number of the head block.",
    params: none,
    result: quantityResult,
    handle: ({ node }) => toQuantity(node.tips().head.blockNumber),
  }),
  method({
    name: "eth_syncing",
    summary: "False when in step, otherwise from where to where the node catches up.",
    params: none,
    result: z.union([
      z.literal(false),
      z.strictObject({ startingBlock: quantityResult, currentBlock: quantityResult, highestBlock: quantityResult }),
    ]),
    handle({ node }) {
      const { syncing } = node.status();
      if (syncing === undefined) return false;
      return {
        startingBlock: toQuantity(syncing.startingBlock),
        currentBlock: toQuantity(syncing.currentBlock),
        highestBlock: toQuantity(syncing.highestBlock),
      };
    },
  }),
];
