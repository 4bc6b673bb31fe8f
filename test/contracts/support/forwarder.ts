import { getCreateAddress } from "ethers";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { TestRollup } from "../fixture.ts";
import { account, addressOf, mine } from "./l1.ts";

const DEPLOYER = account(19);

/**
 * Deploys a contract that passes every call on to the rollup with its answer, and reverts when it is sent ether.
 *
 *   CALLVALUE PUSH1 refuse JUMPI
 *   CALLDATASIZE 0 0 CALLDATACOPY; CALL(gas, rollup, 0, 0, CALLDATASIZE, 0, 0)
 *   RETURNDATASIZE 0 0 RETURNDATACOPY; on success RETURN, else REVERT with what came back
 */
export async function deployForwarder({ connection, address }: TestRollup): Promise<Hex> {
  const call = `5f5f365f5f73${address.slice(2)}5af1`;
  const body = `365f5f37${call}3d5f5f3e`;
  // Offsets: the check takes 4 bytes, what follows the body 8 bytes until the second landing place.
  const bodyBytes = body.length / 2;
  const succeeded = 4 + bodyBytes + 3 + 3;
  const refuse = succeeded + 4;
  const byte = (value: number): string => value.toString(16).padStart(2, "0");
  const runtime = `3460${byte(refuse)}57${body}60${byte(succeeded)}573d5ffd5b3d5ff35b5f5ffd`;
  const creation = `60${byte(runtime.length / 2)}8060095f395ff3${runtime}`;
  const nonce = await connection.ethers.provider.getTransactionCount(DEPLOYER.address);
  await mine(connection, { from: DEPLOYER, data: `0x${creation}` });
  return addressOf({ address: getCreateAddress({ from: DEPLOYER.address, nonce }) });
}
