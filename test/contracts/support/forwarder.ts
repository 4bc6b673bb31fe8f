import { getCreateAddress } from "ethers";
import { bytesToHex, type Hex, hexToBytes } from "../../../sdk/types/hex.ts";
import type { TestRollup } from "../fixture.ts";
import { account, addressOf, type Connection, mine } from "./l1.ts";

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
  return deploy(connection, runtime);
}

/**
 * Deploys a contract that calls the rollup with the complement of its calldata, so that nothing of a call stands in the
 * transaction, and reverts when the rollup does.
 *
 *   for (i = 0; i < CALLDATASIZE; i += 32) MSTORE(i, NOT(CALLDATALOAD(i)))
 *   CALL(gas, rollup, 0, 0, CALLDATASIZE, 0, 0); on success STOP, else REVERT
 */
export async function deployHider({ connection, address }: TestRollup): Promise<Hex> {
  const loop = "5f5b8035198152602001368110600157";
  const call = `5f5f365f5f73${address.slice(2)}5af1`;
  const stop = (loop.length + call.length) / 2 + 6;
  return deploy(connection, `${loop}${call}60${stop.toString(16).padStart(2, "0")}575f5ffd5b00`);
}

/** What a hider is called with to call the rollup with `data`. */
export const hidden = (data: Hex): Hex => bytesToHex(hexToBytes(data).map((byte) => ~byte & 0xff));

async function deploy(connection: Connection, runtime: string): Promise<Hex> {
  const creation = `60${(runtime.length / 2).toString(16).padStart(2, "0")}8060095f395ff3${runtime}`;
  const nonce = await connection.ethers.provider.getTransactionCount(DEPLOYER.address);
  await mine(connection, { from: DEPLOYER, data: `0x${creation}` });
  return addressOf({ address: getCreateAddress({ from: DEPLOYER.address, nonce }) });
}
