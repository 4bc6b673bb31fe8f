import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import { createAddressFromString, hexToBytes } from "@ethereumjs/util";
import { Interface, type InterfaceAbi } from "ethers";
import { bytesToHex } from "../types/hex.ts";
import { type BitField, toWord } from "./words.ts";

const WORD_BITS = 256;

/** A view whose results are the values packed into one storage word. */
export interface WordView {
  abi: InterfaceAbi;
  /** Runtime code of the contract. */
  code: string;
  name: string;
  slot: string;
}

/**
 * Finds out where in a word each value sits, by running the contract's own view once per bit: the compiler's layout
 * knows the word only, since Solidity's packed types are code.
 * @throws Error unless every bit belongs to exactly one value and each value's bits are in order.
 */
export async function probeWord({ abi, code, name, slot }: WordView): Promise<Record<string, BitField>> {
  const contract = new Interface(abi);
  const view = contract.getFunction(name);
  if (!view) throw new Error(`the ABI has no view ${name}`);
  const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Prague }) });
  const address = createAddressFromString(`0x${"11".repeat(20)}`);
  await evm.stateManager.putCode(address, hexToBytes(code as `0x${string}`));

  const read = async (word: bigint): Promise<bigint[]> => {
    await evm.stateManager.putStorage(address, hexToBytes(slot as `0x${string}`), hexToBytes(toWord(word)));
    const { execResult } = await evm.runCall({
      to: address,
      data: hexToBytes(contract.encodeFunctionData(view) as `0x${string}`),
      gasLimit: 1_000_000n,
    });
    if (execResult.exceptionError) throw new Error(`${name}: ${execResult.exceptionError.error}`);
    return [...contract.decodeFunctionResult(view, bytesToHex(execResult.returnValue))].map(BigInt);
  };

  const fields: Record<string, { offset: number; bits: number }> = {};
  for (let bit = 0; bit < WORD_BITS; bit++) {
    const values = await read(1n << BigInt(bit));
    const touched = values.flatMap((value, index) => (value === 0n ? [] : [index]));
    const [index] = touched;
    if (index === undefined || touched.length !== 1)
      throw new Error(`${name}: bit ${bit} is in ${touched.length} values`);
    const label = view.outputs[index]?.name ?? "";
    const field = fields[label] ?? { offset: bit, bits: 0 };
    fields[label] = field;
    if (values[index] !== 1n << BigInt(field.bits))
      throw new Error(`${name}: bit ${bit} is not the next one of ${label}`);
    field.bits++;
  }
  return fields;
}
