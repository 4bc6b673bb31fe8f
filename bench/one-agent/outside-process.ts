// L1 and the users, in a process of their own.
import { SimulatedL1 } from "../../test/sim/l1/chain.ts";
import type { Answer, Greeting, Question } from "./outside.ts";
import { GENESIS_SEC, L1_START_SEC, SETTING } from "./setting.ts";
import { Transfers } from "./transfers.ts";

const l1 = await SimulatedL1.create(SETTING, L1_START_SEC, GENESIS_SEC);
const transfers = new Transfers(SETTING.rollup.l2ChainId);

async function resultOf({ method, params }: Question): Promise<unknown> {
  if (method === "transfers") return transfers.next(params[0] as number);
  if (method !== "mine") return l1.request(method, params);
  await l1.mineAt(params[0] as number, { feesRise: false, isEmpty: false });
  return null;
}

process.on("message", async (question: Question) => {
  const answer = (rest: Omit<Answer, "id">): void => void process.send?.({ id: question.id, ...rest });
  try {
    answer({ result: await resultOf(question) });
  } catch (error) {
    const { code, message, data } = error as { code?: unknown; message: string; data?: unknown };
    answer({ error: { code, message, data } });
  }
});
process.on("disconnect", () => process.exit(0));
const greeting: Greeting = { deployment: l1.deployment, addresses: transfers.addresses };
process.send?.({ id: 0, result: greeting } satisfies Answer);
