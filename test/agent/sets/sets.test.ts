import { expect } from "chai";
import { type AbstractProvider, Interface, type TransactionRequest } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import type { ValidatorSet, ValidatorSets } from "../../../sdk/agent/sets/interface.ts";
import { L1ValidatorSets } from "../../../sdk/agent/sets/l1-sets.ts";
import { OwnSlots } from "../../../sdk/agent/sets/own-slots.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { timetable } from "../chain/support.ts";

const abi = new Interface(ROLLUP_ABI);
const KEY: Hex = `0x${"00".repeat(192)}`;

/** An L1 whose proposers and sets a test moves. */
class ScriptedL1 {
  proposer = 0;
  members = 0n;
  readonly calls: string[] = [];

  async call({ data }: TransactionRequest): Promise<string> {
    const found = abi.parseTransaction({ data: String(data) });
    this.calls.push(`${found?.name} ${found?.args[0]}`);
    if (found?.name === "proposerOf") return abi.encodeFunctionResult("proposerOf", [this.proposer]);
    if (found?.name === "validatorSet") {
      return abi.encodeFunctionResult("validatorSet", [this.members, 0, Array(8).fill(`0x${"00".repeat(32)}`)]);
    }
    throw new Error(`unexpected ${found?.name}`);
  }
}

function setUp(epoch: () => number): { l1: ScriptedL1; sets: L1ValidatorSets } {
  const l1 = new ScriptedL1();
  const provider = l1 as unknown as AbstractProvider;
  return { l1, sets: new L1ValidatorSets({ provider, rollup: `0x${"ee".repeat(20)}` }, timetable, epoch) };
}

const { epochSlots } = timetable.parameters;

describe("validator sets read from L1", () => {
  it("are asked for once, and only when no L1 block to come can change them", async () => {
    let epoch = -3;
    const { l1, sets } = setUp(() => epoch);
    expect((await sets.setOf(epochSlots))?.epoch).to.equal(1);
    expect(await sets.setOf(2 * epochSlots)).to.equal(undefined);
    expect(await sets.proposerOf(2 * epochSlots)).to.equal(undefined);
    epoch = 1;
    expect((await sets.setOf(2 * epochSlots))?.epoch).to.equal(2);
    const asked = l1.calls.length;
    await sets.setOf(2 * epochSlots + 1);
    expect(l1.calls).to.have.length(asked);
  });

  it("and proposers are asked for again after a reorg, even those on their way through it", async () => {
    const { l1, sets } = setUp(() => 0);
    expect(await sets.proposerOf(3)).to.equal(0);
    const onItsWay = sets.proposerOf(4);
    l1.proposer = 2;
    sets.forget();
    await onItsWay;
    expect([await sets.proposerOf(3), await sets.proposerOf(4)]).to.deep.equal([2, 2]);
  });
});

describe("own slots", () => {
  it("are those of every validator of the agent, and each is its proposer's", async () => {
    const keys = ["0a", "0b", "0c"].map((byte): Hex => `0x${byte.repeat(192)}`) as [Hex, Hex, Hex];
    const sets: ValidatorSets = {
      setOf: () => Promise.resolve({ epoch: 0, members: 7n, quorum: 3, publicKeys: new Map(keys.entries()) }),
      proposerOf: (slot) => Promise.resolve(slot % 3),
      forget: () => {},
    };
    const own = new OwnSlots(sets, [keys[0], keys[2]]);
    await own.refresh([3, 4, 5]);
    expect([3, 4, 5, 6].map((slot) => own.ownerOf(slot))).to.deep.equal([keys[0], undefined, keys[2], undefined]);
    expect([3, 4, 5, 6].map((slot) => own.has(slot))).to.deep.equal([true, false, true, false]);
  });

  it("give each agent another place among those who rescue a slot, its proposer and successor left out", async () => {
    const keys = [0, 1, 2, 3, 4].map((index): Hex => `0x${`0${index}`.repeat(192)}`);
    const set: ValidatorSet = { epoch: 0, members: 31n, quorum: 4, publicKeys: new Map([...keys.entries()]) };
    const sets: ValidatorSets = {
      setOf: () => Promise.resolve(set),
      proposerOf: (slot) => Promise.resolve(slot % 5),
      forget: () => {},
    };
    const ranks = async (slot: number): Promise<number[]> => {
      const all = keys.map((key) => new OwnSlots(sets, [key]));
      await Promise.all(all.map((own) => own.refresh([slot])));
      return all.map((own) => own.rankOf(slot));
    };
    const none = Number.POSITIVE_INFINITY;
    expect(await ranks(5)).to.deep.equal([none, none, 1, 2, 0]);
    expect(await ranks(7)).to.deep.equal([2, 0, none, none, 1]);
    const several = new OwnSlots(sets, [keys[1] as Hex, keys[3] as Hex]);
    await several.refresh([5]);
    expect([several.rankOf(5), several.rankOf(6), several.has(6)]).to.deep.equal([2, none, false]);
  });

  it("are learned again after a reorg", async () => {
    let proposer = 0;
    const set: ValidatorSet = { epoch: 0, members: 1n, quorum: 1, publicKeys: new Map([[0, KEY]]) };
    const forgotten: string[] = [];
    const sets: ValidatorSets = {
      setOf: () => Promise.resolve(set),
      proposerOf: () => Promise.resolve(proposer),
      forget: () => forgotten.push("sets"),
    };
    const own = new OwnSlots(sets, [KEY]);
    await own.refresh([5]);
    expect(own.has(5)).to.equal(true);
    proposer = 1;
    own.forget();
    expect([own.has(5), own.rankOf(5), forgotten]).to.deep.equal([false, Number.POSITIVE_INFINITY, ["sets"]]);
    await own.refresh([5]);
    expect(own.has(5)).to.equal(false);
  });
});
