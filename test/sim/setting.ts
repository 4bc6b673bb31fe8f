import { AGENTS, agentKeys } from "../../deploy/devnet/accounts.ts";
import { type ModuleParameters, readParameters } from "../../deploy/readParameters.ts";
import type { AgentSeams } from "../../sdk/agent/assembly/ports.ts";
import type { LinkModel } from "../../sdk/agent/network/memory-hub.ts";
import { publicKeyOf } from "../../sdk/bls/keys.ts";
import type { Journal } from "../../sdk/submit/journal/interface.ts";
import { type Hex, hexToBytes } from "../../sdk/types/hex.ts";
import { DEVNET_PARAMETERS, type ProtocolParameters } from "../../sdk/types/parameters.ts";
import { GOOD_LINK } from "./faults/plan.ts";
import type { Latency } from "./life.ts";

/** What the parts of an agent take, and the ways between agents and to L1. */
export interface Delays {
  link: LinkModel;
  /** A call to an L1 node, there and back. */
  l1Call: Latency;
  /** How long before its time an L1 block is complete: what is sent later is in the next one. */
  l1LeadMs: number;
  /** By method; others are look-ups. */
  engine: Readonly<Record<string, Latency>>;
  /** By method; others take no time. */
  kzg: Readonly<Record<string, Latency>>;
  /** A write that must be on disk. */
  disk: Latency;
  lookUp: Latency;
}

/** What all of a world has in common, whatever goes wrong in it. */
export interface Setting {
  parameters: ProtocolParameters;
  /** What the rollup is deployed with; its times are those of `parameters`. */
  rollup: ModuleParameters;
  /** Which validators each agent is. */
  validatorsOf: readonly (readonly number[])[];
  delays: Delays;
  /** Index of a validator that asks to leave as soon as the rollup is deployed. */
  leaving?: number;
  /** Accounts with ether on L2, beside those of the users. */
  funded?: readonly Hex[];
  /** What stands around the parts of an agent, by its index: how one is made faulty. */
  seams?: (agent: number) => AgentSeams;
  /** Which agents keep their blocks back until what they stand on is certified. */
  silent?: (agent: number) => boolean;
  /** What stands around the journal of an agent's L1 account. */
  journal?: (agent: number, journal: Journal) => Journal;
}

/** In milliseconds: measured on a busy machine, and then some. */
const BUSY_MACHINE: Delays = {
  link: GOOD_LINK,
  l1Call: { minMs: 2, maxMs: 40 },
  l1LeadMs: 0,
  engine: {
    newPayload: { minMs: 2, maxMs: 25 },
    startPayload: { minMs: 1, maxMs: 5 },
    appendTransactions: { minMs: 1, maxMs: 20 },
    getPayload: { minMs: 5, maxMs: 60 },
    undoTransactions: { minMs: 1, maxMs: 5 },
    sealCandidate: { minMs: 5, maxMs: 60 },
    keepCandidate: { minMs: 1, maxMs: 10 },
  },
  kzg: { commit: { minMs: 10, maxMs: 60 }, sidecar: { minMs: 50, maxMs: 300 } },
  disk: { minMs: 0.2, maxMs: 15 },
  lookUp: { minMs: 0.1, maxMs: 2 },
};

/** The devnet of `npm start`. */
export const DEVNET_SETTING: Setting = {
  parameters: DEVNET_PARAMETERS,
  rollup: readParameters("devnet"),
  validatorsOf: Array.from({ length: AGENTS }, (_, index) => [index]),
  delays: BUSY_MACHINE,
};

const publicKeys = new Map<number, Hex>();

/** Of a validator of the genesis set, by its index. */
export function publicKeyAt(index: number): Hex {
  const known = publicKeys.get(index) ?? publicKeyOf(hexToBytes(agentKeys(index).blsSecretKey));
  publicKeys.set(index, known);
  return known;
}
