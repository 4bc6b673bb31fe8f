import { Contract, getCreateAddress, Interface } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { type CompiledContract, compileSolidity } from "../../support/solidity.ts";
import type { SendOptions, TestRollup } from "../fixture.ts";
import { account, addressOf, type Mined, mine } from "./l1.ts";

/** What an actor does with ether that comes, in the contract's order. */
const REACTIONS = ["accept", "refuse", "burnAllGas", "answerAtLength", "callBack"] as const;

const OWNER = account(18);
const rollupAbi = new Interface(ROLLUP_ABI);
let compiled: CompiledContract | undefined;

/** A contract that takes part as an account; see `harness/Actor.sol`. */
export class Actor {
  readonly address: Hex;
  readonly #test: TestRollup;
  readonly #contract: Contract;

  constructor(test: TestRollup, address: Hex, { abi }: CompiledContract) {
    this.address = address;
    this.#test = test;
    this.#contract = new Contract(address, abi, test.connection.ethers.provider);
  }

  /** Calls the rollup, whatever becomes of it. */
  attempt(name: string, args: readonly unknown[], options: SendOptions = {}): Promise<Mined> {
    return this.#send("execute", [this.#test.address, rollupAbi.encodeFunctionData(name, args)], options);
  }

  /** Calls the rollup; throws when it reverts. */
  async call(name: string, args: readonly unknown[], options: SendOptions = {}): Promise<Mined> {
    const mined = await this.attempt(name, args, options);
    if (!mined.succeeded) throw new Error(`${name} reverted: ${mined.error?.message}`);
    return mined;
  }

  /** From now on ether is answered so; `callBack` calls the rollup. */
  react(
    reaction: (typeof REACTIONS)[number],
    name?: string,
    args: readonly unknown[] = [],
    options: SendOptions = {},
  ): Promise<Mined> {
    const data = name === undefined ? "0x" : rollupAbi.encodeFunctionData(name, args);
    return this.#send("react", [REACTIONS.indexOf(reaction), this.#test.address, data], options);
  }

  /** Times that ether came. */
  payments(): Promise<bigint> {
    return this.#contract.getFunction("payments").staticCall();
  }

  /** Whether the last call back succeeded, and else the rollup's error. */
  async calledBack(): Promise<{ succeeded: boolean; error: string | undefined }> {
    const succeeded: boolean = await this.#contract.getFunction("succeeded").staticCall();
    const answer: string = await this.#contract.getFunction("answer").staticCall();
    return { succeeded, error: succeeded ? undefined : rollupAbi.parseError(answer)?.name };
  }

  async #send(name: string, args: readonly unknown[], options: SendOptions): Promise<Mined> {
    const data = this.#contract.interface.encodeFunctionData(name, args) as Hex;
    return mine(this.#test.connection, { from: OWNER, to: this.address, data, ...options });
  }
}

/** Deploys an actor, which accepts ether until it is told otherwise. */
export async function deployActor(test: TestRollup): Promise<Actor> {
  compiled ??= compileSolidity(new URL("../harness/Actor.sol", import.meta.url), "Actor");
  const nonce = await test.connection.ethers.provider.getTransactionCount(OWNER.address);
  await mine(test.connection, { from: OWNER, data: compiled.bytecode });
  return new Actor(test, addressOf({ address: getCreateAddress({ from: OWNER.address, nonce }) }), compiled);
}
