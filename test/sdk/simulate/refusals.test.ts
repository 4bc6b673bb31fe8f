import { expect } from "chai";
import { TIPS_WORD } from "../../../sdk/abi/generated/storage.ts";
import { unpackWord } from "../../../sdk/abi/words.ts";
import { type RollupConfig, slotStart } from "../../../sdk/get/config.ts";
import type { SubmittedTip } from "../../../sdk/get/tips.ts";
import { type OverrideProvider, requireOverrides } from "../../../sdk/simulate/code.ts";
import { SimulateError, type SimulateErrorCode } from "../../../sdk/simulate/error.ts";
import { calldataFloor, transactionGas } from "../../../sdk/simulate/gas.ts";
import { type AssumedLanding, assumeLanded, seedOverrides, tipOverride } from "../../../sdk/simulate/parent.ts";
import { createSimulator } from "../../../sdk/simulate/simulator.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hardhatL1, type TestL1 } from "../submit/l1.ts";
import { createWorld, type World } from "../world/world.ts";

const tip: SubmittedTip = { slot: 5, number: 3, inboxCount: 7, digest: `0x${"11".repeat(20)}` };

function landing(slot: number, inboxCount: number, byte = "22"): AssumedLanding {
  return {
    digest: `0x${byte.repeat(32)}`,
    header: {
      slot,
      inboxCount,
      lastBlockHash: `0x${"33".repeat(32)}`,
      lastBlockNumber: 60,
      outboxRoot: `0x${"44".repeat(32)}`,
      coinbase: `0x${"55".repeat(20)}`,
      onTimeRecipient: `0x${"00".repeat(20)}`,
      onTimeCapBps: 0,
    },
  };
}

function refuses(code: SimulateErrorCode, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(error).to.be.instanceOf(SimulateError);
    expect((error as SimulateError).code).to.equal(code);
    return;
  }
  expect.fail(`expected SimulateError ${code}, nothing was thrown`);
}

describe("the tip that simulations assume", () => {
  it("is L1's own when nothing is assumed, or what is assumed has landed", () => {
    expect(assumeLanded(tip, [])).to.equal(tip);
    expect(assumeLanded(tip, [landing(5, 7, "11")])).to.equal(tip);
  });

  it("counts on from L1's with each assumed landing", () => {
    const expected = { slot: 8, number: 5, inboxCount: 9, digest: `0x${"23".repeat(20)}` };
    expect(assumeLanded(tip, [landing(6, 9), landing(8, 9, "23")])).to.deep.equal(expected);
    expect(assumeLanded(tip, [landing(5, 7, "11"), landing(6, 9), landing(8, 9, "23")])).to.deep.equal(expected);
  });

  it("is refused when L1 holds another checkpoint in its place", () => {
    refuses("parent-conflict", () => assumeLanded(tip, [landing(5, 7)]));
    refuses("parent-conflict", () => assumeLanded(tip, [landing(4, 7, "11")]));
  });

  it("is refused when the landings cannot follow each other", () => {
    refuses("parent-malformed", () => assumeLanded(tip, [landing(7, 7), landing(7, 7, "23")]));
    refuses("parent-malformed", () => assumeLanded(tip, [landing(7, 7), landing(6, 7, "23")]));
    refuses("parent-malformed", () => assumeLanded(tip, [landing(6, 6)]));
    refuses("parent-malformed", () => assumeLanded(tip, [landing(6, 7, "00")]));
  });

  it("is packed as the contract unpacks it", () => {
    const override = tipOverride(tip);
    expect(Object.keys(override)).to.deep.equal([TIPS_WORD.slot]);
    const values = unpackWord(TIPS_WORD, override[TIPS_WORD.slot] as Hex);
    expect(values).to.deep.equal({ slot: 5n, number: 3n, inboxCount: 7n, digest: BigInt(tip.digest) });
  });

  it("comes with the seeds that the first landing of an epoch stores, whenever in the epoch it lands", () => {
    const config = { genesisTime: 1_000, slotSeconds: 12, epochSlots: 4 } as RollupConfig;
    const seeds = (...landings: AssumedLanding[]): number => Object.keys(seedOverrides(config, tip, landings)).length;
    expect(seeds(landing(6, 7))).to.equal(0);
    expect(seeds(landing(8, 7))).to.equal(1);
    expect(seeds({ ...landing(7, 7), landedAtSec: slotStart(config, 8) - 1 })).to.equal(0);
    expect(seeds({ ...landing(7, 7), landedAtSec: slotStart(config, 8) })).to.equal(1);
    expect(seeds(landing(8, 7), landing(9, 7, "23"), landing(12, 7, "24"))).to.equal(2);
    expect(seeds({ ...landing(5, 7, "11"), landedAtSec: slotStart(config, 8) })).to.equal(0);
  });

  it("is refused where a value does not fit its bits", () => {
    expect(() => tipOverride({ ...tip, slot: 2 ** 32 })).to.throw(RangeError, "slot: 4294967296 does not fit 32 bits");
  });
});

describe("the gas of a transaction", () => {
  it("is at least the calldata floor of EIP-7623", () => {
    const data: Hex = `0x${"00".repeat(10)}${"01".repeat(10)}`;
    expect(calldataFloor(data)).to.equal(21_000n + 10n * 50n);
    expect(transactionGas(data, 0n, 0).gas).to.equal(21_500n);
    expect(transactionGas(data, 10_000n, 2)).to.include({ gas: 31_200n, blobGas: 262_144n });
  });
});

describe("nodes that simulations are refused on", function () {
  this.timeout(120_000);
  let l1: TestL1;
  let world: World;

  before(async () => {
    l1 = await hardhatL1();
    world = await createWorld(l1);
  });

  after(() => l1.close());

  /** The node, but with overrides changed on their way. */
  function through(change: (overrides: Record<string, object>) => unknown): OverrideProvider {
    return new Proxy(l1.provider, {
      get(target, property) {
        if (property !== "send") {
          const value = Reflect.get(target, property, target);
          return typeof value === "function" ? value.bind(target) : value;
        }
        return (method: string, params: unknown[]) => {
          const overrides = params[2] as Record<string, object> | undefined;
          return target.send(method, overrides ? [params[0], params[1], change(overrides)] : params);
        };
      },
    });
  }

  const outcome = async (provider: OverrideProvider): Promise<unknown> =>
    createSimulator({ provider, rollup: world.rollup }).then(
      () => "created",
      (error: unknown) => (error instanceof SimulateError ? error.code : error),
    );

  const without = (overrides: Record<string, object>, key: string): object =>
    Object.fromEntries(
      Object.entries(overrides).map(([address, override]) => [
        address,
        Object.fromEntries(Object.entries(override).filter(([name]) => name !== key)),
      ]),
    );

  it("accepts a node that honours overrides", async () => {
    expect(await outcome(through((overrides) => overrides))).to.equal("created");
  });

  it("refuses a node that drops overrides, or only the storage, or only the code", async () => {
    expect(await outcome(through(() => ({})))).to.equal("no-overrides");
    expect(await outcome(through((overrides) => without(overrides, "stateDiff")))).to.equal("no-overrides");
    expect(await outcome(through((overrides) => without(overrides, "code")))).to.equal("no-overrides");
  });

  it("refuses a code that is not the simulator's", async () => {
    const ref = { provider: l1.provider, rollup: world.rollup };
    const refused = await requireOverrides(ref, "0x00", world.config).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(SimulateError).with.property("code", "no-overrides");
  });
});
