import { readFileSync } from "node:fs";
import { readParameters } from "../../deploy/readParameters.ts";
import type { LinkModel } from "../../sdk/agent/network/memory-hub.ts";
import { MAINNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import type { Latency } from "../../test/sim/life.ts";
import { DEVNET_SETTING, type Delays, type Setting } from "../../test/sim/setting.ts";

/** What `npm run bench -- delays` measured, milliseconds. */
export interface MeasuredDelays {
  about: string;
  /** A block from one process to another. */
  hop: Latency;
  /** What its receiver does before it passes it on: one signature to check. */
  verifySignature: Latency;
  /** With the guard's row on disk first. */
  sign: Latency;
  l1Call: Latency;
  kzg: Delays["kzg"];
  engine: Delays["engine"];
}

/** The hop that published designs assume. */
const PUBLISHED_HOP_MS = 2_000;
/** The hop that deadlines allow for where hops are as measured: many times that, for agents that are far apart. */
const ASSUMED_HOP_SECONDS = 0.5;
/** What reaches L1's builders later than this is in the next block: as long as a hop of the published designs. */
const L1_LEAD_MS = 2_000;

const measured = JSON.parse(readFileSync(new URL("./delays.json", import.meta.url), "utf8")) as MeasuredDelays;

const reliable = ({ minMs, maxMs }: Latency): LinkModel => ({
  minDelayMs: minMs,
  maxDelayMs: maxMs,
  loss: 0,
  duplication: 0,
  reordering: 0,
});

function setting(hopSeconds: number, link: LinkModel, maxUnsubmitted: number): Setting {
  return {
    ...DEVNET_SETTING,
    parameters: { ...MAINNET_PARAMETERS, hopSeconds, maxUnsubmitted },
    rollup: readParameters("mainnet"),
    delays: {
      ...DEVNET_SETTING.delays,
      link,
      l1LeadMs: L1_LEAD_MS,
      l1Call: measured.l1Call,
      engine: { ...measured.engine, sealCandidate: measured.engine.getPayload as Latency },
      kzg: measured.kzg,
      disk: measured.sign,
    },
  };
}

const measuredLink = reliable({
  minMs: measured.hop.minMs + measured.verifySignature.minMs,
  maxMs: measured.hop.maxMs + measured.verifySignature.maxMs,
});
const publishedLink = reliable({ minMs: PUBLISHED_HOP_MS, maxMs: PUBLISHED_HOP_MS });

/** Mainnet's times; sequential: the next proposer waits until the checkpoint below is on L1. */
export const SETTINGS = {
  publishedHops: setting(PUBLISHED_HOP_MS / 1000, publishedLink, MAINNET_PARAMETERS.maxUnsubmitted),
  publishedHopsSequential: setting(PUBLISHED_HOP_MS / 1000, publishedLink, 1),
  measuredDelays: setting(ASSUMED_HOP_SECONDS, measuredLink, MAINNET_PARAMETERS.maxUnsubmitted),
  measuredDelaysSequential: setting(ASSUMED_HOP_SECONDS, measuredLink, 1),
} as const satisfies Record<string, Setting>;
