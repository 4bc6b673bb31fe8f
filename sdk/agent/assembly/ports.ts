import type { JsonRpcApiProvider } from "ethers";
import type { Kzg } from "../../blob/kzg.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import type { Journal } from "../../submit/journal/interface.ts";
import type { Hex } from "../../types/hex.ts";
import type { BlobArchive, BlobSource } from "../archive/interface.ts";
import type { ChainReader, ExecutionEngine } from "../engine/interface.ts";
import type { OwnValidator } from "../guard/interface.ts";
import type { L1Views } from "../l1/endpoints/interface.ts";
import type { Mempool } from "../mempool/interface.ts";
import type { Network } from "../network/interface.ts";
import type { Publishing } from "../pipeline/publisher.ts";
import type { ChainStore } from "../store/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Logger } from "../types/logger.ts";

/** All that an agent has of the outside world, opened; nothing else in it reads a clock, a disk or a wire. */
export interface AgentPorts {
  clock: Clock;
  l1: JsonRpcApiProvider & L1Views;
  engine: ExecutionEngine & ChainReader;
  mempool: Mempool;
  store: ChainStore;
  network: Network;
  kzg: Kzg;
  /** Blobs kept here and served to peers; absent in an agent that keeps none. */
  archive?: BlobArchive | undefined;
  /** Asked for the blobs of checkpoints that no peer serves. */
  blobSources?: readonly BlobSource[];
  bls: SignatureScheme;
  /** None in an agent that only follows. */
  validators: readonly OwnValidator[];
  /** Opens the journal of an L1 account. */
  openJournal: (account: Hex) => Journal;
  log: Logger;
}

/** What a caller may put around a part; how tests make an actor faulty without a switch in the agent. */
export interface AgentSeams {
  publisher?: (real: Publishing) => Publishing;
  network?: (real: Network) => Network;
  l1?: (real: AgentPorts["l1"]) => AgentPorts["l1"];
}
