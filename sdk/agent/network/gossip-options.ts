import { createHash } from "node:crypto";
import { type GossipsubOpts, type Message, StrictNoSign } from "@libp2p/gossipsub";
import { createTopicScoreParams } from "@libp2p/gossipsub/score";
import { MAX_MESSAGE_BYTES } from "../messages/limits.ts";
import { REJECTION_DECAY, REJECTION_WEIGHT, SILENCE_SCORE } from "./scoring.ts";

/** Several of the largest messages may answer one request for missed ones. */
const MAX_RPC_BYTES = 4 * Math.max(...Object.values(MAX_MESSAGE_BYTES));

/**
 * Gossip for a mesh of few, well-known agents where the last millisecond counts: an author sends to every peer at once,
 * the mesh repairs what is lost, twice a second. Messages carry validators' signatures, so the transport adds none; a
 * message is known by its content, for `seenTTL` milliseconds.
 */
export function gossipOptions(topicNames: readonly string[], seenTTL: number): Partial<GossipsubOpts> {
  return {
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: contentId,
    floodPublish: true,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    fallbackToFloodsub: false,
    doPX: false,
    allowedTopics: [...topicNames],
    // A slow judgement, such as executing a block, must not hold up what comes behind it.
    awaitRpcHandler: false,
    awaitRpcMessageHandler: false,
    // A message counts as delivered when it is judged; a block's execution may take this long.
    gossipsubIWantFollowupMs: 12_000,
    heartbeatInterval: 500,
    // At two heartbeats a second: messages can be fetched for 6 s, and are announced for 3.
    mcacheLength: 12,
    mcacheGossip: 6,
    seenTTL,
    D: 6,
    Dlo: 4,
    Dhi: 12,
    Dlazy: 6,
    maxInboundDataLength: MAX_RPC_BYTES,
    maxOutboundBufferSize: 4 * MAX_RPC_BYTES,
    decodeRpcLimits: {
      maxSubscriptions: 64,
      maxMessages: 256,
      maxIhaveMessageIDs: 2000,
      maxIwantMessageIDs: 2000,
      maxControlMessages: 64,
      maxIdontwantMessageIDs: 512,
      maxPeerInfos: 0,
    },
    scoreParams: {
      topics: Object.fromEntries(topicNames.map((name) => [name, TOPIC_SCORE])),
      topicScoreCap: 10,
      // Agents of one operator often share an address.
      IPColocationFactorWeight: 0,
      behaviourPenaltyWeight: -10,
      behaviourPenaltyThreshold: 6,
      behaviourPenaltyDecay: 0.9,
      decayInterval: 1000,
    },
    scoreThresholds: { gossipThreshold: -40, publishThreshold: -80, graylistThreshold: SILENCE_SCORE },
  };
}

/** Quiet topics are normal, so delivering little is no fault; what was delivered first cannot outweigh rejections. */
const TOPIC_SCORE = createTopicScoreParams({
  topicWeight: 1,
  timeInMeshWeight: 0.01,
  timeInMeshQuantum: 1000,
  timeInMeshCap: 100,
  firstMessageDeliveriesWeight: 0.05,
  firstMessageDeliveriesDecay: 0.9,
  firstMessageDeliveriesCap: 20,
  meshMessageDeliveriesWeight: 0,
  meshFailurePenaltyWeight: 0,
  invalidMessageDeliveriesWeight: -REJECTION_WEIGHT,
  invalidMessageDeliveriesDecay: REJECTION_DECAY,
});

function contentId(message: Message): Uint8Array {
  return createHash("sha256").update(message.topic).update(message.data).digest().subarray(0, 20);
}
