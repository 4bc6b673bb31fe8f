import { z } from "zod";
import { toQuantity } from "../encode/quantity.ts";
import type { RpcMethod } from "../method.ts";
import { method } from "../method.ts";

const none = z.tuple([]);

/** What a client asks before anything else. */
export const nodeMethods: RpcMethod[] = [
  method({
    name: "web3_clientVersion",
    summary: "Name and version of this node.",
    params: none,
    handle: ({ options }) => options.clientVersion,
  }),
  method({
    name: "net_version",
    summary: "The chain id as a decimal string.",
    params: none,
    handle: ({ options }) => String(options.chainId),
  }),
  method({ name: "net_listening", summary: "Always true.", params: none, handle: () => true }),
  method({
    name: "net_peerCount",
    summary: "Connected peers.",
    params: none,
    handle: ({ node }) => toQuantity(node.status().peers),
  }),
  method({
    name: "eth_chainId",
    summary: "The L2 chain id (EIP-695).",
    params: none,
    handle: ({ options }) => toQuantity(options.chainId),
  }),
  method({
    name: "eth_accounts",
    summary: "Always empty: the node holds no keys of users.",
    params: none,
    handle: () => [],
  }),
  method({
    name: "eth_blockNumber",
    summary: "Number of the head block.",
    params: none,
    handle: ({ node }) => toQuantity(node.tips().head.blockNumber),
  }),
  method({
    name: "eth_syncing",
    summary: "False when in step, otherwise from where to where the node catches up.",
    params: none,
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
