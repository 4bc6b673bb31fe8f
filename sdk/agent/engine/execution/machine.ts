import type { Common } from "@ethereumjs/common";
import { createVM, type VM } from "@ethereumjs/vm";
import { VmState } from "../state/vm-state.ts";
import { HistoryBlockHashes } from "./block-hashes.ts";

/** An EVM and the state it reads and writes, which is switched between layers. One execution at a time. */
export interface Machine {
  vm: VM;
  state: VmState;
}

export async function createMachine(rules: Common): Promise<Machine> {
  const state = new VmState();
  const vm = await createVM({ common: rules, stateManager: state, blockchain: new HistoryBlockHashes(state) });
  return { vm, state };
}
