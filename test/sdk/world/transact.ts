import { type HDNodeWallet, Interface, Transaction } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import type { ContractError } from "../../../sdk/errors/contractError.ts";
import { decodeContractError } from "../../../sdk/errors/decode.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { TestBlob } from "./blobs.ts";
import type { World } from "./world.ts";

const abi = new Interface(ROLLUP_ABI);

export const PRIORITY_FEE_WEI = 1_000_000_000n;

/** What a mined transaction did. */
export interface Mined {
  hash: Hex;
  gasUsed: bigint;
  gasPriceWei: bigint;
  /** What the sender paid, blobs included. */
  paidWei: bigint;
  blockNumber: number;
  /** Undefined if it succeeded. */
  error: ContractError | undefined;
}

export interface Call {
  from: HDNodeWallet;
  data: Hex;
  blobs?: TestBlob[];
  valueWei?: bigint;
  /** Timestamp of the block it is mined in. */
  timeSec: number;
  /** Base fee of that block. */
  baseFeeWei?: bigint;
}

/** Calls the rollup and requires success. */
export async function transact(
  world: World,
  from: HDNodeWallet,
  name: string,
  args: unknown[],
  timeSec: number,
  valueWei = 0n,
): Promise<Mined> {
  const mined = await mineCall(world, { from, data: abi.encodeFunctionData(name, args) as Hex, valueWei, timeSec });
  if (mined.error) throw new Error(`${name}: ${mined.error.message}`);
  return mined;
}

/** Has the node mine a call to the rollup in a block with exactly this time and base fee, whatever becomes of it. */
export async function mineCall(world: World, call: Call): Promise<Mined> {
  const { provider } = world.l1;
  const { from, data, blobs = [], valueWei = 0n, timeSec, baseFeeWei = 1_000_000_000n } = call;
  await provider.send("evm_setNextBlockTimestamp", [timeSec]);
  await world.l1.setNextBaseFee(baseFeeWei);
  const transaction = Transaction.from({
    type: blobs.length > 0 ? 3 : 2,
    chainId: world.chainId,
    nonce: Number(await provider.send("eth_getTransactionCount", [from.address, "latest"])),
    to: world.rollup,
    data,
    value: valueWei,
    gasLimit: 3_000_000,
    maxFeePerGas: baseFeeWei + PRIORITY_FEE_WEI,
    maxPriorityFeePerGas: PRIORITY_FEE_WEI,
    ...(blobs.length > 0 && {
      maxFeePerBlobGas: 1_000_000_000n,
      blobs: blobs.map(({ sidecar }) => sidecar),
      ...(world.l1.blobWrapperVersion === 1 && { blobWrapperVersion: 1 }),
    }),
  });
  transaction.signature = from.signingKey.sign(transaction.unsignedHash);
  const balanceOf = async (): Promise<bigint> =>
    BigInt(await provider.send("eth_getBalance", [from.address, "latest"]));
  const balance = await balanceOf();
  let refusal: unknown;
  await provider.send("eth_sendRawTransaction", [transaction.serialized]).catch((error: unknown) => {
    // Hardhat's network reports a revert on sending, although the transaction is mined.
    refusal = error;
  });
  if (world.l1.poolsBlobs) await provider.send("evm_mine", []);
  const receipt = await provider.send("eth_getTransactionReceipt", [transaction.hash]);
  if (receipt === null) throw new Error(`not mined: ${refusal}`, { cause: refusal });
  return {
    hash: transaction.hash as Hex,
    gasUsed: BigInt(receipt.gasUsed),
    gasPriceWei: BigInt(receipt.effectiveGasPrice),
    paidWei: balance - valueWei - (await balanceOf()),
    blockNumber: Number(receipt.blockNumber),
    error: Number(receipt.status) === 1 ? undefined : await revertOf(world, transaction.hash as Hex),
  };
}

async function revertOf(world: World, hash: Hex): Promise<ContractError> {
  const trace = await world.l1.provider.send("debug_traceTransaction", [
    hash,
    { disableStorage: true, disableStack: true, disableMemory: true, enableMemory: false },
  ]);
  const data = String(trace.returnValue);
  const error = decodeContractError(data.startsWith("0x") ? data : `0x${data}`);
  if (!error) throw new Error(`reverted with unknown data ${data}`);
  return error;
}
