import type { Hex } from "../types/hex.ts";
import { hexToBytes } from "../types/hex.ts";
import { fieldsOf, hexOf, itemsOf, naturalOf, quantityOf } from "./answer.ts";
import { WatchError } from "./error.ts";
import type { CertifiedCheckpoint, CheckpointSource } from "./source.ts";

/** Whatever sends JSON-RPC to an agent; an ethers `JsonRpcProvider` does. */
export interface AgentRpc {
  /** The `result` of the call; rejects when there is none. */
  send(method: string, params: unknown[]): Promise<unknown>;
}

/** Where a rollup stands on L1. */
export interface RollupDeployment {
  rollup: Hex;
  /** Of L1. */
  chainId: number;
  /** L1 block of the deployment. */
  deploymentBlock: number;
}

/** More checkpoints than a rollup ever leaves unsubmitted: an answer with more is not looked through. */
const MAX_CHECKPOINTS = 64;
/** Blobs of one checkpoint, as the contract counts them. */
const MAX_BLOBS = 255;
/** Blocks of one checkpoint; far more than any slot has room for. */
const MAX_BLOCKS = 4_096;

/**
 * Certified checkpoints as an agent has them. Asking throws WatchError "bad-answer" for what does not look like one,
 * "data-missing" when the agent holds no block, and what `agent.send` throws.
 */
export function agentSource(agent: AgentRpc): CheckpointSource {
  return {
    async certified() {
      const answer = await agent.send("baton_attestedCheckpoints", []);
      return itemsOf(answer, "checkpoints", MAX_CHECKPOINTS).map(toCheckpoint);
    },
    async blockDatas({ submission }) {
      const { slot } = submission.header;
      const answer = await agent.send("baton_checkpointData", [slot]);
      if (answer === null) throw new WatchError("data-missing", `the agent holds no block of slot ${slot}`);
      const blocks = itemsOf(fieldsOf(answer, "checkpoint data").blocks, "blocks", MAX_BLOCKS);
      return blocks.map((block) => hexToBytes(hexOf(block, "block data")));
    },
  };
}

/** Which rollup an agent serves. @throws WatchError "bad-answer". */
export async function getDeployment(agent: AgentRpc): Promise<RollupDeployment> {
  const fields = fieldsOf(await agent.send("baton_deployment", []), "deployment");
  return {
    rollup: hexOf(fields.rollup, "rollup", 20),
    chainId: naturalOf(fields.chainId, "chainId"),
    deploymentBlock: naturalOf(fields.deploymentBlock, "deploymentBlock"),
  };
}

function toCheckpoint(value: unknown): CertifiedCheckpoint {
  const fields = fieldsOf(value, "checkpoint");
  const header = fieldsOf(fields.header, "header");
  const blobHashes = itemsOf(fields.blobHashes, "blobHashes", MAX_BLOBS).map((hash) => hexOf(hash, "blob hash", 32));
  return {
    submission: {
      header: {
        slot: naturalOf(header.slot, "slot"),
        lastBlockHash: hexOf(header.lastBlockHash, "lastBlockHash", 32),
        lastBlockNumber: naturalOf(header.lastBlockNumber, "lastBlockNumber"),
        inboxCount: naturalOf(header.inboxCount, "inboxCount"),
        outboxRoot: hexOf(header.outboxRoot, "outboxRoot", 32),
        coinbase: hexOf(header.coinbase, "coinbase", 20),
        onTimeRecipient: hexOf(header.onTimeRecipient, "onTimeRecipient", 20),
        onTimeCapBps: naturalOf(header.onTimeCapBps, "onTimeCapBps"),
      },
      digest: hexOf(fields.digest, "digest", 32),
      blobCount: blobHashes.length,
      attestation: {
        signers: quantityOf(fields.signers, "signers"),
        signature: hexOf(fields.signature, "signature", 96),
      },
    },
    parentDigest: hexOf(fields.parentDigest, "parentDigest", 20),
    inboxHash: hexOf(fields.inboxHash, "inboxHash", 32),
    blobHashes,
  };
}
