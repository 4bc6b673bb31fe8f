import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentKeys } from "../../deploy/devnet/accounts.ts";
import { genesisOf } from "../../sdk/agent/assembly/genesis.ts";
import { createKzg } from "../../sdk/blob/kzg.ts";
import { publicKeyOf } from "../../sdk/bls/keys.ts";
import { BLS } from "../../sdk/bls/scheme.ts";
import { type Hex, hexToBytes } from "../../sdk/types/hex.ts";
import { L1Accounts } from "./accounts.ts";
import { castVillain } from "./actors/cast.ts";
import type { Villain } from "./actors/villain.ts";
import { type AgentWorld, SimulatedAgent } from "./agent.ts";
import { Chance } from "./chance.ts";
import { configOf } from "./config.ts";
import { Crossers } from "./crossers.ts";
import { SharedExecution } from "./engine.ts";
import { type L1Surroundings, l1RequestOf } from "./faults/l1.ts";
import type { FaultPlan } from "./faults/plan.ts";
import { portOf } from "./forbidden.ts";
import { ShownTransactions } from "./invariants/transactions.ts";
import { SimulatedL1 } from "./l1/chain.ts";
import { SignatureLedger } from "./ledger.ts";
import { EventLoop } from "./loop.ts";
import { SelectiveHub } from "./network.ts";
import { DEVNET_SETTING, publicKeyAt, type Setting } from "./setting.ts";
import { standInBls } from "./stand-ins/bls.ts";
import { standInKzg } from "./stand-ins/kzg.ts";
import { Trace } from "./trace.ts";
import { Users } from "./users.ts";
import { Witnesses } from "./witness.ts";

/** `fast`: stand-ins for BLS and KZG, each block executed once. `real`: everything but time. */
export const PROFILES = ["fast", "real"] as const;
export type Profile = (typeof PROFILES)[number];

/** Ahead of the machine's time, so that nothing on L1 can have it by accident. Unix seconds. */
const L1_START_SEC = 2_000_000_000;
/** From the deployment to the start of slot 0. */
const LEAD_SEC = 40;
/** From the agents' start to the start of slot 0. */
const WARM_UP_SEC = 6;
const USERS = 6;

/** What goes wrong, given when each slot starts. */
export type PlanOf = (startOf: (slot: number) => number) => FaultPlan;

/** Everything that is simulated, at its beginning. */
export interface World extends AgentWorld {
  agents: SimulatedAgent[];
  users: Users;
  crossers: Crossers;
  plan: FaultPlan;
  /** Start of slot 0, Unix seconds. */
  genesisSec: number;
  /** When the agents start. */
  startMs: number;
  startOf: (slot: number) => number;
  l1Faults: L1Surroundings;
  villain: Villain | undefined;
  /** Lets those ill-meaning ones loose that are not agents. */
  letLoose: () => void;
  close(): Promise<void>;
}

/** Opens a world of its own; all that differs between two of one profile follows from the seed. */
export async function createWorld(
  seed: number,
  profile: Profile,
  planOf: PlanOf,
  setting: Setting = DEVNET_SETTING,
): Promise<World> {
  const { parameters, rollup } = setting;
  const directory = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "baton-sim-"));
  const genesisSec = L1_START_SEC + LEAD_SEC;
  const startMs = (genesisSec - WARM_UP_SEC) * 1000;
  const loop = new EventLoop(startMs);
  const startOf = (slot: number): number => (genesisSec + slot * parameters.slotSeconds) * 1000;
  const plan = planOf(startOf);
  const agentIndices = [...setting.validatorsOf.keys()];
  const accounts = new L1Accounts(plan);
  const bonded = agentIndices.flatMap((index) => accounts.addressesOf(index));
  const l1 = await SimulatedL1.create(setting, L1_START_SEC, genesisSec, bonded);
  const users = new Users(USERS, rollup.l2ChainId, new Chance(seed, "users"));
  const crossers = new Crossers(rollup.l2ChainId, new Chance(seed, "crossers"));
  const config = (index: number) => {
    const dataDir = join(directory, `agent-${index}`);
    mkdirSync(dataDir, { recursive: true });
    const funded = [...users.addresses, ...crossers.addresses, ...(setting.funded ?? [])];
    const { l1, ...rest } = configOf(setting, index, dataDir, L1_START_SEC, funded);
    return { ...rest, l1: { ...l1, accountKeys: accounts.keysOf(index) } };
  };
  const identity = { chainId: BigInt(l1.deployment.chainId), rollup: l1.deployment.rollup };
  const execution = await SharedExecution.open(join(directory, "engine"), genesisOf(config(0), identity));
  const chance = new Chance(seed, "latencies");
  const trace = new Trace((timeMs) => describeTime(timeMs, genesisSec, parameters.slotSeconds));
  const witnesses = new Witnesses();
  const l1Faults = { witnesses, accounts, setting, loop, l1, trace, plan, chance: new Chance(seed, "L1") };
  // What the villain signs may have to stand as evidence on L1.
  const genuine = new Set(
    plan.villain && setting.validatorsOf[plan.villain.agent]?.map((index) => agentKeys(index).blsSecretKey),
  );
  const outlaws = new Set([...genuine].map((secretKey) => publicKeyOf(hexToBytes(secretKey))));
  const surroundings = {
    setting,
    loop,
    hub: new SelectiveHub({ seed, link: setting.delays.link }, { clock: loop }),
    l1,
    execution,
    bls: portOf(profile === "fast" ? standInBls(genuine) : BLS),
    kzg: portOf(profile === "fast" ? standInKzg() : createKzg()),
    ledger: new SignatureLedger(membersOf(setting), (validator) => !outlaws.has(validator)),
    shown: new ShownTransactions(),
    witnesses,
    trace,
  };
  const { villain, isVillain, disguise, aroundL1, letLoose } = castVillain(plan.villain, new Chance(seed, "acts"), {
    ...surroundings,
    startOf,
  });
  const world: AgentWorld = {
    ...surroundings,
    chance,
    l1Request: (agent, life, node) => aroundL1(agent, l1RequestOf(l1Faults, { agent, node }, life)),
    isVillain,
    disguise,
  };
  const agents = agentIndices.map((index) => new SimulatedAgent(index, config(index), world));
  const close = async (): Promise<void> => {
    for (const agent of agents) if (agent.isUp) await agent.crash();
    await execution.engine.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { ...world, agents, users, crossers, plan, genesisSec, startMs, startOf, close, l1Faults, villain, letLoose };
}

/** Public keys of each slot's set. */
function membersOf({ validatorsOf, parameters, leaving }: Setting): (slot: number) => ReadonlySet<Hex> {
  const indices = validatorsOf.flat().map((_, index) => index);
  const all = new Set(indices.map(publicKeyAt));
  const rest = new Set(indices.filter((index) => index !== leaving).map(publicKeyAt));
  // Who asks to leave before the first epoch is over is not of the third.
  return (slot) => (slot >= 2 * parameters.epochSlots ? rest : all);
}

/** Slot, and seconds within it. */
function describeTime(timeMs: number, genesisSec: number, slotSeconds: number): string {
  const sinceMs = timeMs - genesisSec * 1000;
  const slotMs = slotSeconds * 1000;
  const slot = Math.floor(sinceMs / slotMs);
  return `slot ${String(slot).padStart(3)} +${((sinceMs - slot * slotMs) / 1000).toFixed(3).padStart(6)}`;
}
