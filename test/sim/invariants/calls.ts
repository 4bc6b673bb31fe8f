import { Interface } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";

const ROLLUP = new Interface(ROLLUP_ABI);

/** Slots of the checkpoints that a call to the rollup would land, and until when; no slots for any other call. */
export function landingOf(data: string): { slots: number[]; deadlineMs: number } {
  const call = ROLLUP.parseTransaction({ data });
  if (call?.name !== "submit" && call?.name !== "challengeAndSubmit") return { slots: [], deadlineMs: 0 };
  const { submissions, deadline } = call.args as unknown as {
    submissions: { header: { slot: bigint } }[];
    deadline: bigint;
  };
  return { slots: submissions.map(({ header }) => Number(header.slot)), deadlineMs: 1000 * Number(deadline) };
}
