import type { Provider } from "ethers";
import type { Clock } from "../time/interface.ts";
import type { Logger } from "../types/logger.ts";
import { clockFinding } from "./doctor/l1.ts";

/** Holds this machine's clock to L1's newest block at the start, and says so if one of the two cannot be right. */
export async function checkClock(
  l1: Pick<Provider, "getBlock">,
  clock: Clock,
  { l1SlotSeconds, clockDisparityMs }: { l1SlotSeconds: number; clockDisparityMs: number },
  log: Logger,
): Promise<void> {
  const head = await l1.getBlock("latest");
  if (head === null) return;
  const finding = clockFinding(clock.nowMs(), head.timestamp, l1SlotSeconds, clockDisparityMs);
  if (finding.result === "ok") return;
  const write = finding.result === "fail" ? log.error : log.warn;
  write.call(log, { blockNumber: head.number, remedy: finding.remedy }, `the clock: ${finding.text}`);
}
