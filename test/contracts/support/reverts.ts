import { expect } from "chai";
import type { ContractErrorArguments, ContractErrorName } from "../../../sdk/errors/contractError.ts";
import { decodeContractError } from "../../../sdk/errors/decode.ts";
import type { Mined } from "./l1.ts";

/** Requires a transaction or a view to revert with exactly this error of the contract and these values. */
export async function reverts<Name extends ContractErrorName>(
  outcome: Promise<unknown>,
  name: Name,
  args: ContractErrorArguments[Name],
): Promise<void> {
  const error = await outcome.then(
    (result) => (isMined(result) ? result.error : undefined),
    (thrown: unknown) => decodeContractError(thrown),
  );
  expect(error && { name: error.name, args: error.args }).to.deep.equal({ name, args });
}

const isMined = (value: unknown): value is Mined => typeof value === "object" && value !== null && "receipt" in value;
