import { Interface } from "ethers";
import { ROLLUP_ABI } from "../../abi/generated/rollup.ts";
import { submitRequest } from "../../submit/content.ts";
import type { SubmitRequest } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import type { Moment, Timetable } from "../time/timetable.ts";

/** A call to the rollup that lands nothing. */
export interface SlotCall {
  method: "poke" | "prune" | "settle";
  args: readonly unknown[];
  /** Rounded up; the limit sent comes from an estimate. */
  gasEstimate: bigint;
  /** Tells apart calls that are alike to the byte and are each to be done. */
  occasion?: string;
}

const abi = new Interface(ROLLUP_ABI);

/** The request to send a call within the L1 blocks of the present slot: the next slot's proposer sees to it then. */
export function slotCall(
  { rollup, timetable }: { rollup: Hex; timetable: Timetable },
  { submissionSlot }: Moment,
  { method, args, gasEstimate, occasion }: SlotCall,
): SubmitRequest {
  return submitRequest({
    to: rollup,
    data: abi.encodeFunctionData(method, [...args]) as Hex,
    checkpoints: [],
    gasEstimate,
    notBeforeSec: timetable.startMs(submissionSlot) / 1000,
    deadlineSec: timetable.startMs(submissionSlot + 1) / 1000,
    valueAtStakeWei: undefined,
    ...(occasion !== undefined && { occasion }),
  });
}
