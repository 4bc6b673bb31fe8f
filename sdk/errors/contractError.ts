import type { L2_OUTBOX_ABI } from "../abi/generated/l2Outbox.ts";
import type { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import type { Hex } from "../types/hex.ts";

type AbiError = Extract<(typeof ROLLUP_ABI | typeof L2_OUTBOX_ABI)[number], { type: "error" }>;

/** Name of a custom error of the rollup contract or of L2's outbox, as Solidity spells it. */
export type ContractErrorName = AbiError["name"];

type Value<Type extends string> = Type extends `uint${string}`
  ? bigint
  : Type extends "address" | `bytes${string}`
    ? Hex
    : Type extends "string"
      ? string
      : never;

/**
 * Arguments of each error, by its name.
 * @interface
 */
export type ContractErrorArguments = {
  readonly [Name in ContractErrorName]: {
    readonly [Input in Extract<AbiError, { name: Name }>["inputs"][number] as Input["name"]]: Value<Input["type"]>;
  };
};

/**
 * What the caller should do.
 * - `ignore`: what was asked for is so already.
 * - `retry`: send the same again; nothing about it is wrong.
 * - `wait`: the same will do later.
 * - `replace`: build another one from fresh state; this one never will do.
 * - `drop`: its time has passed; nothing will do any more.
 * - `halt`: a mistake in configuration or code; repeating it costs money.
 */
export type Remedy = "ignore" | "retry" | "wait" | "replace" | "drop" | "halt";

/** A decoded error of a contract; `name` tells which `args` there are. */
export type ContractError = {
  [Name in ContractErrorName]: {
    readonly name: Name;
    readonly args: ContractErrorArguments[Name];
    readonly remedy: Remedy;
    /** For people: the name and each argument with its name. */
    readonly message: string;
  };
}[ContractErrorName];
