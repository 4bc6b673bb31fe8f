import { type CompiledContract, compileSolidity } from "./solidity.ts";

let compiled: CompiledContract | undefined;

/** The ERC-20 of `erc20/TestToken.sol`, compiled once per process (about a second). */
export function testToken(): CompiledContract {
  compiled ??= compileSolidity(new URL("./erc20/TestToken.sol", import.meta.url), "TestToken");
  return compiled;
}
