import { HDNodeWallet, type InterfaceAbi, Mnemonic, Transaction, type TransactionReceipt, toQuantity } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import type { ContractError } from "../../../sdk/errors/contractError.ts";
import { decodeContractError } from "../../../sdk/errors/decode.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { TestBlob } from "../../sdk/world/blobs.ts";
import { withSidecar } from "./blob-transaction.ts";

/** A chain of the Hardhat network with ethers and the network helpers. */
export type Connection = NetworkConnection;
/** What `ethers.deployContract` of a plain artifact takes. */
export type { InterfaceAbi };

const MNEMONIC = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
const GAS_LIMIT = 5_000_000;
const GWEI = 1_000_000_000n;
/** Priority fee of every test transaction, wei. */
export const TIP_WEI = GWEI;
/** What a test transaction offers at least for a gas, and for a gas of its blobs, wei. */
const MAX_FEE_WEI = 10_000n * GWEI;

/** One of the Hardhat network's rich accounts. */
export function account(index: number): HDNodeWallet {
  return HDNodeWallet.fromMnemonic(MNEMONIC, `m/44'/60'/0'/0/${index}`);
}

/** Address of an account, lower case. */
export const addressOf = (wallet: { address: string }): Hex => wallet.address.toLowerCase() as Hex;

/** Of Prague. */
const BLOB_FEE_FRACTION = 5_007_716n;

/** A transaction to be mined in a block of its own. */
export interface TestTransaction {
  from: HDNodeWallet;
  /** Undefined creates a contract. */
  to?: Hex;
  data: Hex;
  valueWei?: bigint;
  blobs?: readonly TestBlob[];
  /** Timestamp of its block; one second after the last if absent. */
  timeSec?: number;
  gasLimit?: number;
  baseFeeWei?: bigint;
}

/** What became of a mined transaction. */
export interface Mined {
  hash: Hex;
  receipt: TransactionReceipt;
  gasUsed: number;
  /** What its blobs paid for a gas, wei; 0 without blobs. */
  blobBaseFeeWei: bigint;
  succeeded: boolean;
  /** The contract's error; undefined after success, a panic, or an end of gas. */
  error: ContractError | undefined;
  data: Hex;
}

/** Signs, sends and mines a transaction, whatever becomes of it. */
export async function mine(connection: Connection, transaction: TestTransaction): Promise<Mined> {
  const { ethers, networkHelpers } = connection;
  const { from, to, data, valueWei = 0n, blobs = [], gasLimit = GAS_LIMIT, baseFeeWei = GWEI } = transaction;
  if (transaction.timeSec !== undefined) await networkHelpers.time.setNextBlockTimestamp(transaction.timeSec);
  await networkHelpers.setNextBlockBaseFeePerGas(baseFeeWei);
  const signed = Transaction.from({
    type: blobs.length > 0 ? 3 : 2,
    chainId: 31337n,
    nonce: await ethers.provider.getTransactionCount(from.address, "latest"),
    to,
    data,
    value: valueWei,
    gasLimit,
    maxFeePerGas: baseFeeWei > MAX_FEE_WEI ? baseFeeWei + TIP_WEI : MAX_FEE_WEI,
    maxPriorityFeePerGas: TIP_WEI,
    ...(blobs.length > 0 && { maxFeePerBlobGas: MAX_FEE_WEI, blobVersionedHashes: blobs.map(({ hash }) => hash) }),
  });
  signed.signature = from.signingKey.sign(signed.unsignedHash);
  const bytes = blobs.length > 0 ? withSidecar(signed.serialized as Hex, blobs) : signed.serialized;
  let refusal: unknown;
  // The network reports a revert on sending, although the transaction is mined.
  await ethers.provider.send("eth_sendRawTransaction", [bytes]).catch((error: unknown) => {
    refusal = error;
  });
  const receipt = await ethers.provider.getTransactionReceipt(signed.hash as string);
  if (receipt === null) throw new Error(`not mined: ${refusal}`, { cause: refusal });
  return {
    hash: signed.hash as Hex,
    receipt: receipt as TransactionReceipt,
    gasUsed: Number(receipt.gasUsed),
    blobBaseFeeWei: blobs.length > 0 ? await blobBaseFee(connection, receipt.blockNumber) : 0n,
    succeeded: receipt.status === 1,
    error: refusal === undefined ? undefined : decodeContractError(refusal),
    data,
  };
}

/** What a gas of blobs cost in a block, wei: the receipt does not tell. */
async function blobBaseFee({ ethers }: Connection, blockNumber: number): Promise<bigint> {
  const block = await ethers.provider.send("eth_getBlockByNumber", [toQuantity(blockNumber), false]);
  return blobBaseFeeOf(BigInt(block.excessBlobGas));
}

/** EIP-4844's price, e to the power of the excess over a constant, as its sum of a series. @param excess Blob gas. */
function blobBaseFeeOf(excess: bigint): bigint {
  let sum = 0n;
  let term = BLOB_FEE_FRACTION;
  for (let i = 1n; term > 0n; i++) {
    sum += term;
    term = (term * excess) / (BLOB_FEE_FRACTION * i);
  }
  return sum / BLOB_FEE_FRACTION;
}
