import type { AgentPorts, AgentSeams } from "../../../sdk/agent/assembly/ports.ts";
import type { Chance } from "../chance.ts";
import type { Villainy } from "../faults/plan.ts";
import type { L1Request } from "../l1/provider.ts";
import { Crook } from "./crook.ts";
import { Disguise } from "./disguise.ts";
import { letIntruderIn } from "./intruder.ts";
import { type Haunts, Villain } from "./villain.ts";

/** Who plays the villain, if anybody, and what that makes of the agents' ways to the world. */
export interface Cast {
  villain: Villain | undefined;
  isVillain: (agent: number) => boolean;
  /** An agent's ports as it has them. */
  disguise: (agent: number, ports: AgentPorts) => { ports: AgentPorts; seams: AgentSeams };
  /** An agent's way to L1 as it has it. */
  aroundL1: (agent: number, request: L1Request) => L1Request;
  /** Lets those loose that are not agents. */
  letLoose: () => void;
}

export function castVillain(villainy: Villainy | undefined, chance: Chance, haunts: Haunts): Cast {
  if (villainy === undefined) {
    return {
      villain: undefined,
      isVillain: () => false,
      disguise: (_, ports) => ({ ports, seams: {} }),
      aroundL1: (_, request) => request,
      letLoose: () => {},
    };
  }
  const villain = new Villain(villainy, chance, haunts);
  const { loop } = haunts;
  const disguise = new Disguise(villain, villainy.acts);
  const isVillain = (agent: number): boolean => agent === villain.index;
  return {
    villain,
    isVillain,
    disguise: (agent, ports) =>
      isVillain(agent) ? { ports: disguise.portsOf(ports), seams: disguise.seams } : { ports, seams: {} },
    aroundL1: (agent, request) => (isVillain(agent) ? disguise.l1RequestOf(request) : request),
    letLoose: () => {
      new Crook(villain, villainy.acts).watch();
      if (villainy.acts.includes("floods")) loop.at(villainy.fromMs, () => letIntruderIn(villain, villainy.toMs));
    },
  };
}
