import type { Provider } from "ethers";
import type { LensRef } from "../../../sdk/lens/view.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { TestRollup } from "../fixture.ts";

/** A new lens on the rollup; it takes one block. */
export async function deployLens({ connection, address }: TestRollup): Promise<LensRef> {
  const deployed = await connection.ethers.deployContract("RollupLens", [address]);
  const lens = (await deployed.getAddress()).toLowerCase() as Hex;
  return { provider: connection.ethers.provider as unknown as Provider, lens };
}
