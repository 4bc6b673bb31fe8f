import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HDNodeWallet, TransactionReceipt } from "ethers";
import { submitRequest } from "../../../sdk/submit/content.ts";
import { openJournal } from "../../../sdk/submit/journal/file.ts";
import type { Journal } from "../../../sdk/submit/journal/interface.ts";
import { SubmissionManager } from "../../../sdk/submit/manager.ts";
import type { LandedCheckpoints } from "../../../sdk/submit/network.ts";
import type { SubmitPolicy } from "../../../sdk/submit/policy.ts";
import type { SimulationVerdict } from "../../../sdk/submit/simulation.ts";
import { zeroBlob } from "../../../sdk/submit/transaction.ts";
import type { SubmitRequest } from "../../../sdk/submit/types.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { POLICY, word } from "./fixtures.ts";
import { account, type Fault, faulty, L1_SLOT_SECONDS, type TestL1 } from "./l1.ts";

/**
 * Code that does what the first byte of its calldata says: 1 = land (logs), 2 = revert, anything else = succeed
 * without landing, as an outer call does whose inner call reverted.
 */
const TARGET_CODE: Hex = "0x60003560f81c80600114601457600214601b57005b60006000a0005b60006000fd";
export const TARGET: Hex = "0x00000000000000000000000000000000000ba70e";

export const LAND = "01";
export const REVERT = "02";
export const NOTHING = "03";

const landed: LandedCheckpoints = (receipt: TransactionReceipt, checkpoints) =>
  receipt.logs.length > 0 ? checkpoints : [];

/** One account on one L1, with a manager that can be killed and started again on its journal. */
export interface Bench {
  l1: TestL1;
  wallet: HDNodeWallet;
  manager: SubmissionManager;
  journalPath: string;
  faults: { next: (method: string) => Fault | undefined };
  verdict: SimulationVerdict;
  /** One more step, at the latest block's time. */
  step(request?: SubmitRequest): ReturnType<SubmissionManager["step"]>;
  /** Asks for these checkpoints in the next 20 L1 blocks, with a blob for each where the node's pool takes blobs. */
  request(checkpoints: number[], options?: { does?: string; blobCount?: number }): Promise<SubmitRequest>;
  /** Ends the manager without any goodbye, and starts another from the file. */
  restart(wrap?: (journal: Journal) => Journal): Promise<void>;
  close(): Promise<void>;
}

export async function createBench(l1: TestL1, index: number, changes: Partial<SubmitPolicy> = {}): Promise<Bench> {
  await l1.setCode(TARGET, TARGET_CODE);
  const folder = mkdtempSync(join(tmpdir(), "baton-submit-"));
  const journalPath = join(folder, "l1.journal");
  const wallet = account(index, l1.provider);
  const { chainId } = await l1.provider.getNetwork();
  const faults: Bench["faults"] = { next: () => undefined };
  const provider = faulty(l1.provider, (method) => faults.next(method));
  const policy: SubmitPolicy = { ...POLICY, blobWrapperVersion: l1.blobWrapperVersion, ...changes };
  let journal: Journal | undefined;

  const start = (wrap: (journal: Journal) => Journal): Promise<SubmissionManager> => {
    journal?.close();
    journal = openJournal({ path: journalPath, chainId: Number(chainId), account: wallet.address as Hex });
    return SubmissionManager.create(policy, {
      provider,
      signer: wallet,
      journal: wrap(journal),
      simulate: async () => bench.verdict,
      landed,
    });
  };

  const bench: Bench = {
    l1,
    wallet,
    journalPath,
    faults,
    verdict: { verdict: "ok", gas: 60_000n },
    manager: await start((j) => j),
    async step(request) {
      return bench.manager.step(await l1.time(), request);
    },
    async request(checkpoints, options = {}) {
      const { does = LAND, blobCount = l1.poolsBlobs ? checkpoints.length : 0 } = options;
      const now = await l1.time();
      return submitRequest({
        to: TARGET,
        data: `0x${does}${checkpoints.map((c) => word(c).slice(2)).join("")}`,
        checkpoints: checkpoints.map(word),
        blobs: Array.from({ length: blobCount }, () => zeroBlob(l1.blobWrapperVersion)),
        gasEstimate: 60_000n,
        notBeforeSec: now,
        deadlineSec: now + 20 * L1_SLOT_SECONDS,
        valueAtStakeWei: undefined,
      });
    },
    async restart(wrap = (j) => j) {
      bench.manager = await start(wrap);
    },
    async close() {
      journal?.close();
      rmSync(folder, { recursive: true });
    },
  };
  return bench;
}
