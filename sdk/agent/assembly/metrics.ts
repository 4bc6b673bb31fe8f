import type { AgentConfig } from "../config/interface.ts";
import type { L1Health } from "../l1/endpoints/interface.ts";
import type { Mempool } from "../mempool/interface.ts";
import { PipelineMeter } from "../metrics/pipeline-meter.ts";
import { type QueueReading, type Readings, record } from "../metrics/readings.ts";
import { Metrics } from "../metrics/registry.ts";
import { type MetricsServer, startMetricsServer } from "../metrics/server.ts";
import { TOPICS, type Topic } from "../network/interface.ts";
import type { Libp2pNetwork } from "../network/libp2p-network.ts";
import { MAX_MESSAGES_IN_FLIGHT, MAX_REQUESTS_IN_FLIGHT } from "../network/options.ts";
import type { Clock } from "../time/interface.ts";
import type { Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";
import { addressesOf } from "./accounts.ts";
import type { ComposedAgent } from "./compose.ts";

export interface MetricSources {
  composed: ComposedAgent;
  network: Libp2pNetwork;
  mempool: Pick<Mempool, "size">;
  l1: { health(): L1Health };
  clock: Clock;
  timetable: Timetable;
  log: Logger;
}

/**
 * Measures a composed agent from here on and serves what was measured; undefined in an agent that is to serve nothing,
 * which then measures nothing. Rejects with MetricsServerError.
 */
export async function openMetrics(config: AgentConfig, sources: MetricSources): Promise<MetricsServer | undefined> {
  if (config.metrics === undefined) return undefined;
  const { composed, clock, timetable, log } = sources;
  const metrics = new Metrics();
  const meter = new PipelineMeter({
    metrics,
    clock,
    timetable,
    state: () => composed.keeper.state,
    accounts: addressesOf(config.l1),
  });
  composed.events.on((event) => meter.look(event));
  const text = async (): Promise<string> => {
    meter.look();
    record(metrics, readingsOf(sources));
    return metrics.text();
  };
  return startMetricsServer(config.metrics, { text, contentType: metrics.contentType, log });
}

function readingsOf({ composed, network, mempool, l1, clock, timetable }: MetricSources): Readings {
  const { node, keeper, funding, queues, building } = composed;
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    slot: timetable.moment(clock.nowMs()).submissionSlot,
    isBehind: node.isBehind,
    state: keeper.state,
    l1: l1.health(),
    funding: funding?.last,
    peers: network.peerCount(),
    network: network.counters,
    queues: { ...queues(), ...networkQueues(network) },
    poolTransactions: mempool.size,
    builder: building.stats,
    process: { residentBytes: rss, heapBytes: heapUsed, cpuSeconds: (user + system) / 1e6 },
  };
}

function networkQueues(network: Libp2pNetwork): Record<Topic | "requests", QueueReading> {
  const { dropped, requestsRefused } = network.counters;
  const topics = TOPICS.map((topic) => [
    topic,
    { length: network.judging(topic), bound: MAX_MESSAGES_IN_FLIGHT[topic], dropped: dropped[topic] },
  ]);
  const requests = { length: network.answering, bound: MAX_REQUESTS_IN_FLIGHT, dropped: requestsRefused };
  return { requests, ...(Object.fromEntries(topics) as Record<Topic, QueueReading>) };
}
