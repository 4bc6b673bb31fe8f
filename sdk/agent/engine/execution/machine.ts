import type { Common } from "@ethereumjs/common";
import { createEVM, type EVM } from "@ethereumjs/evm";
import { createVM, type VM } from "@ethereumjs/vm";
import { VmState } from "../state/vm-state.ts";
import { HistoryBlockHashes } from "./block-hashes.ts";

/** Brings the EVM back to where a transaction starts, after an execution that broke off in its middle. */
export function reset({ evm }: Machine): void {
  evm.journal.cleanJournal();
  delete evm.journal.accessList;
  evm.transientStorage.clear();
}

/** An EVM and the state it reads and writes, which is switched between layers. One execution at a time. */
export interface Machine {
  vm: VM;
  evm: EVM;
  state: VmState;
}

export async function createMachine(rules: Common): Promise<Machine> {
  const state = new VmState();
  const parts = { common: rules, stateManager: state, blockchain: new HistoryBlockHashes(state) };
  const evm = await createEVM(parts);
  return { vm: await createVM({ ...parts, evm }), evm, state };
}
