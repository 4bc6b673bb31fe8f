import type { Result } from "ethers";
import type { ROLLUP_LENS_ABI } from "../abi/generated/rollupLens.ts";
import { publicKeyFromSolidity } from "../bls/solidity.ts";
import type { Hex } from "../types/hex.ts";

type View = Extract<(typeof ROLLUP_LENS_ABI)[number], { type: "function" }>;
/** A view of the lens. */
export type LensViewName = View["name"];

/** Where a time stands to the window of a slot, in the order of the contract's `Phase`. */
export const PHASES = ["ahead", "on-time", "successor", "anyone", "over"] as const;
/** See `PHASES`. */
export type Phase = (typeof PHASES)[number];

/** A value's description in an ABI. */
export interface AbiValue {
  readonly name: string;
  readonly type: string;
  readonly internalType?: string;
  readonly components?: readonly AbiValue[];
}

type ScalarOf<Of extends AbiValue> = Of extends { internalType: "enum Phase" }
  ? Phase
  : Of["type"] extends "bool"
    ? boolean
    : Of["type"] extends "address" | "uint160" | `bytes${string}`
      ? Hex
      : Of["name"] extends `${string}Wei`
        ? bigint
        : number;

/**
 * What an ABI value becomes: amounts in wei are bigints, other numbers are numbers, digests, addresses and hashes
 * hexadecimal, public keys the SDK's 192 bytes, structs objects with the contract's field names.
 */
export type ValueOf<Of extends AbiValue> = Of extends { type: "tuple"; components: readonly AbiValue[] }
  ? { readonly [Field in Of["components"][number] as Field["name"]]: ValueOf<Field> }
  : Of extends { type: "tuple[]"; components: readonly AbiValue[] }
    ? { readonly [Field in Of["components"][number] as Field["name"]]: ValueOf<Field> }[]
    : Of["type"] extends `${infer Element}[]`
      ? ScalarOf<Omit<Of, "type"> & { name: Of["name"]; type: Element }>[]
      : ScalarOf<Of>;

/** What a view answers, if that is one value. */
export type AnswerOf<Name extends LensViewName> = ValueOf<Extract<View, { name: Name }>["outputs"][0]>;

const DIGEST_DIGITS = 40;

/** Turns a decoded value into what `ValueOf` says. */
export function readValue(described: AbiValue, value: unknown): unknown {
  const { type, components } = described;
  if (type === "bytes32[8]") return publicKeyFromSolidity((value as Result).toArray());
  if (type.endsWith("[]")) {
    const element = { ...described, type: type.slice(0, -2) };
    return [...(value as Result)].map((one) => readValue(element, one));
  }
  if (components) {
    return Object.fromEntries(components.map((field, i) => [field.name, readValue(field, (value as Result)[i])]));
  }
  return readScalar(described, value as string | bigint | boolean);
}

function readScalar({ name, type, internalType }: AbiValue, value: string | bigint | boolean): unknown {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value.toLowerCase();
  if (internalType === "enum Phase") return PHASES[Number(value)];
  if (type === "uint160") return `0x${value.toString(16).padStart(DIGEST_DIGITS, "0")}`;
  return name.endsWith("Wei") ? value : Number(value);
}
