import type { GuardFiles } from "./interface.ts";
import { GuardTable } from "./table.ts";
import { GenerationWitness } from "./witness.ts";

/** A guard's two files, held open for writing by this process alone. */
export interface OpenGuardFiles {
  table: GuardTable;
  witness: GenerationWitness;
  close(): Promise<void>;
}

/**
 * Opens both files or neither; those that are not there are made. Rejects with GuardError "in-use", "corrupt" or
 * "schema-version".
 */
export async function openGuardFiles({ path, witnessPath }: GuardFiles): Promise<OpenGuardFiles> {
  const table = new GuardTable(path);
  try {
    const witness = new GenerationWitness(witnessPath, table);
    return {
      table,
      witness,
      close: async () => {
        await witness.close();
        await table.close();
      },
    };
  } catch (error) {
    await table.close();
    throw error;
  }
}
