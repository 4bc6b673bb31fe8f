import { type BlockTag, type FunctionFragment, Interface, type Provider, type Result } from "ethers";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import { decodeContractError } from "../errors/decode.ts";
import type { Hex } from "../types/hex.ts";
import { GetError } from "./error.ts";

/**
 * A rollup contract and the L1 provider to read it through. Whatever reads it throws GetError "not-a-rollup" where no
 * such contract is, GetError "reverted" with the contract's own error, and what the provider throws.
 */
export interface RollupRef {
  provider: Provider;
  /** Address of the rollup contract. */
  rollup: Hex;
}

const abi = new Interface(ROLLUP_ABI);
/** By name: to find one, ethers looks at all. */
const views = new Map<string, FunctionFragment>();
abi.forEachFunction((fragment) => views.set(fragment.name, fragment));

/**
 * Calls a view of the rollup contract.
 * @param at L1 block to read at.
 * @throws GetError "not-a-rollup" where no such contract is, "reverted" with the contract's own error.
 */
export async function view(
  { provider, rollup }: RollupRef,
  name: string,
  args: unknown[],
  at: BlockTag,
): Promise<Result> {
  const fragment = views.get(name) ?? name;
  let data: string;
  try {
    data = await provider.call({ to: rollup, data: abi.encodeFunctionData(fragment, args), blockTag: at });
  } catch (error) {
    const reason = decodeContractError(error);
    if (reason) throw new GetError("reverted", `${name}: ${reason.message}`, { cause: error });
    throw error;
  }
  if (data === "0x") throw new GetError("not-a-rollup", `${name}: expected a rollup contract at ${rollup}, found none`);
  return abi.decodeFunctionResult(fragment, data);
}
