import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type ComposedAgent, composeAgent } from "../../sdk/agent/assembly/compose.ts";
import { genesisOf } from "../../sdk/agent/assembly/genesis.ts";
import { readRollup } from "../../sdk/agent/assembly/l1.ts";
import { Teardown } from "../../sdk/agent/assembly/teardown.ts";
import { openValidators, pruneGuard } from "../../sdk/agent/assembly/validator.ts";
import type { AgentConfig } from "../../sdk/agent/config/interface.ts";
import { parametersOf } from "../../sdk/agent/config/parameters.ts";
import { EmbeddedEngine } from "../../sdk/agent/engine/embedded-engine.ts";
import type { ChainReader, ExecutionEngine } from "../../sdk/agent/engine/interface.ts";
import { L1Endpoints } from "../../sdk/agent/l1/endpoints/endpoints.ts";
import { DEFAULT_MEMPOOL_OPTIONS } from "../../sdk/agent/mempool/options.ts";
import { TransactionPool } from "../../sdk/agent/mempool/pool.ts";
import { MemoryHub, PERFECT_LINK } from "../../sdk/agent/network/memory-hub.ts";
import { MemoryNetwork } from "../../sdk/agent/network/memory-network.ts";
import { LmdbChainStore } from "../../sdk/agent/store/lmdb-chain-store.ts";
import { Timetable } from "../../sdk/agent/time/timetable.ts";
import type { Logger } from "../../sdk/agent/types/logger.ts";
import { createKzg } from "../../sdk/blob/kzg.ts";
import { BLS } from "../../sdk/bls/scheme.ts";
import { openJournal } from "../../sdk/submit/journal/file.ts";
import { Chance } from "../../test/sim/chance.ts";
import { simulatedTransport } from "../../test/sim/l1/provider.ts";
import { Life } from "../../test/sim/life.ts";
import type { EventLoop } from "../../test/sim/loop.ts";
import type { Outside } from "./outside.ts";
import { SETTING } from "./setting.ts";

const QUIET: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** An agent with everything in it real but time and the way to L1. */
export interface LoneAgent {
  agent: ComposedAgent;
  mempool: TransactionPool;
  store: LmdbChainStore;
  close(): Promise<void>;
}

/** Opens and starts it. Everything it keeps on disk is in its configuration's directory. */
export async function startAgent(config: AgentConfig, outside: Outside, loop: EventLoop): Promise<LoneAgent> {
  const { deployment } = outside;
  const { delays } = SETTING;
  const teardown = new Teardown();
  const life = new Life(loop, new Chance(1, "latencies"), 0);
  const { clock } = life;
  mkdirSync(config.dataDir, { recursive: true });
  const file = (name: string): string => join(config.dataDir, name);
  const transport = simulatedTransport("http://simulated", (method, params) =>
    life.call(() => outside.request(method, params), delays.l1Call),
  );
  const { rpcTimeoutMs: timeoutMs, compareEveryMs } = config.l1;
  const provider = new L1Endpoints(
    { chainId: deployment.chainId, timeoutMs, compareEveryMs },
    { transports: [transport], clock, log: QUIET },
  );
  const onL1 = await readRollup(provider, config, deployment);
  const parameters = parametersOf(onL1, config.timing);
  const genesis = genesisOf(config, { chainId: BigInt(deployment.chainId), rollup: deployment.rollup });
  const retainSlots = config.history?.keepSlots;
  const keepBlocks = retainSlots && retainSlots * Math.ceil(parameters.slotSeconds / parameters.blockSeconds);
  const embedded = teardown.add(
    await EmbeddedEngine.open({ path: file("engine"), genesis, keepBlocks }, { nowMs: () => loop.nowMs() }),
    (part) => part.close(),
  );
  const slow = (part: object): object =>
    life.slow(part, (method) => (method === "close" ? undefined : (delays.engine[method] ?? delays.lookUp)));
  const [executing, reading] = [slow(embedded), slow(embedded.reader)];
  const engine = new Proxy(embedded, {
    get: (target, name) => Reflect.get(name in target ? executing : reading, name) as unknown,
  }) as unknown as ExecutionEngine & ChainReader;
  const store = teardown.add(
    new LmdbChainStore({ path: file("chain.mdb"), ...deployment, ...(retainSlots && { retainSlots }) }),
    (part) => part.close(),
  );
  const mempool = new TransactionPool(
    { ...DEFAULT_MEMPOOL_OPTIONS, chainId: config.l2.chainId, blockGasLimit: config.l2.gasLimit },
    { chain: engine, clock, log: QUIET },
  );
  const identity = { chainId: deployment.chainId, rollup: deployment.rollup, parameters };
  const hub = new MemoryHub({ seed: 1, link: PERFECT_LINK }, { clock });
  const network = new MemoryNetwork({ peerId: config.name, identity }, { hub, log: QUIET });
  const own = await openValidators(config, deployment, { bls: BLS, clock, log: QUIET }, teardown);
  const kzg = createKzg();
  const agent = await composeAgent(config, deployment, new Timetable(parameters, onL1.genesisTime), {
    clock,
    l1: provider,
    engine,
    mempool,
    store: life.slow(store, (method) => (method === "commit" ? delays.disk : undefined)),
    network,
    kzg: life.slow(kzg, (method) => delays.kzg[method]),
    bls: BLS,
    validators: (own?.validators ?? []).map(({ guard, signer, coinbase }) => ({
      guard,
      signer: life.slow(signer, (method) => (method === "sign" ? delays.disk : undefined)),
      coinbase,
    })),
    openJournal: (account) =>
      teardown.add(
        openJournal({ path: file(`submissions-${account}.jsonl`), chainId: deployment.chainId, account }),
        (journal) => journal.close(),
      ),
    log: QUIET,
  });
  if (own !== undefined) pruneGuard(agent.events, own.guard, onL1);
  await network.start();
  agent.node.start();
  return {
    agent,
    mempool,
    store,
    close: async () => {
      life.end();
      await teardown.run(QUIET);
    },
  };
}
