import { type BlockTag, Interface, type Provider } from "ethers";
import { ROLLUP_LENS_ABI } from "../abi/generated/rollupLens.ts";
import { GetError } from "../get/error.ts";
import type { Hex } from "../types/hex.ts";
import { type AbiValue, type AnswerOf, type LensViewName, readValue } from "./answers.ts";

/**
 * A lens and the L1 provider to look through. Whatever looks through it throws GetError "not-a-lens" where no lens is,
 * and what the provider throws.
 */
export interface LensRef {
  provider: Provider;
  /** Address of a `RollupLens`; each reads one rollup. */
  lens: Hex;
}

const abi = new Interface(ROLLUP_LENS_ABI);

/** All that a view answers, in its order. @throws GetError "not-a-lens" where no lens is. */
export async function lookAll(ref: LensRef, name: LensViewName, args: unknown[], at: BlockTag): Promise<unknown[]> {
  const data = await ref.provider.call({ to: ref.lens, data: abi.encodeFunctionData(name, args), blockTag: at });
  if (data === "0x") throw new GetError("not-a-lens", `${name}: expected a RollupLens at ${ref.lens}, found none`);
  const view = ROLLUP_LENS_ABI.find((item) => item.type === "function" && item.name === name);
  const outputs = (view as { outputs: readonly AbiValue[] }).outputs;
  const values = abi.decodeFunctionResult(name, data);
  return outputs.map((output, i) => readValue(output, values[i]));
}

/** The one value a view answers. @throws GetError "not-a-lens" where no lens is. */
export async function look<Name extends LensViewName>(
  ref: LensRef,
  name: Name,
  args: unknown[],
  at: BlockTag,
): Promise<AnswerOf<Name>> {
  const [answer] = await lookAll(ref, name, args, at);
  return answer as AnswerOf<Name>;
}
