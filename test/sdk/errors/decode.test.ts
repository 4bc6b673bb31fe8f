import { expect } from "chai";
import { AbiCoder, Contract, Interface, JsonRpcProvider } from "ethers";
import { L2_OUTBOX_ABI } from "../../../sdk/abi/generated/l2Outbox.ts";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { decodeContractError } from "../../../sdk/errors/decode.ts";
import { REMEDIES } from "../../../sdk/errors/remedies.ts";
import { anvilL1, hardhatL1, type TestL1 } from "../submit/l1.ts";
import { createWorld, type World } from "../world/world.ts";

const errors = [...ROLLUP_ABI, ...L2_OUTBOX_ABI].filter((entry) => entry.type === "error");
const abi = new Interface(errors);
const names = [...new Set(errors.map(({ name }) => name))];

/** A value for each type that occurs in an error. */
function sample(type: string): unknown {
  if (type === "address") return `0x${"ab".repeat(20)}`;
  if (type === "string") return "some text";
  return type === "bytes32" ? `0x${"cd".repeat(32)}` : 7n;
}

describe("decodeContractError", () => {
  for (const name of names) {
    it(`decodes ${name} with its arguments and a remedy`, () => {
      const fragment = abi.getError(name);
      if (!fragment) throw new Error(`${name} is not in the ABI`);
      const error = decodeContractError(
        abi.encodeErrorResult(
          fragment,
          fragment.inputs.map(({ type }) => sample(type)),
        ),
      );
      expect(error?.name).to.equal(name);
      expect(Object.keys(error?.args ?? {})).to.deep.equal(fragment.inputs.map((input) => input.name));
      expect(error?.remedy).to.be.oneOf(["ignore", "retry", "wait", "replace", "drop", "halt"]);
      expect(error?.message).to.match(new RegExp(`^${name}\\(`));
      for (const [argument, value] of Object.entries(error?.args ?? {}))
        expect(error?.message).to.include(`${argument}: ${value}`);
    });
  }

  it("has a remedy for each error of the contracts and for nothing else", () => {
    expect(Object.keys(REMEDIES).sort()).to.deep.equal([...names].sort());
  });

  it("tells too early from too late", () => {
    const remedy = (slot: number, current: number): string | undefined =>
      decodeContractError(abi.encodeErrorResult("Rollup__OutsideWindow", [slot, current, 3]))?.remedy;
    expect(remedy(9, 8)).to.equal("wait");
    expect(remedy(7, 8)).to.equal("drop");
  });

  it("answers undefined for what is not the contract's", () => {
    const panic = `0x4e487b71${AbiCoder.defaultAbiCoder().encode(["uint256"], [17]).slice(2)}`;
    const truncated = abi.encodeErrorResult("Rollup__BlobMissing", [1]).slice(0, 20);
    const circular: { cause?: unknown } = {};
    circular.cause = circular;
    for (const thrown of [panic, truncated, "0x", "", undefined, null, 5, new Error("timeout"), circular]) {
      expect(decodeContractError(thrown)).to.equal(undefined);
    }
  });

  it("finds the data in each shape that clients wrap it in", () => {
    const data = abi.encodeErrorResult("Rollup__BlobMissing", [4]);
    const shapes = [
      data.toUpperCase().replace("0X", "0x"),
      { data },
      { error: { code: 3, data } },
      { error: { data: { data, message: "reverted", txHash: `0x${"12".repeat(32)}` } } },
      { info: { error: { data } } },
      { data: null, cause: { cause: { data } } },
    ];
    for (const shape of shapes) expect(decodeContractError(shape)?.args).to.deep.equal({ index: 4n });
  });
});

for (const [name, start] of Object.entries({ "the Hardhat network": hardhatL1, anvil: () => anvilL1("prague") })) {
  describe(`decodeContractError on ${name}`, function () {
    this.timeout(120_000);
    let l1: TestL1;
    let world: World;

    before(async () => {
      l1 = await start();
      world = await createWorld(l1);
    });

    after(() => l1.close());

    const expected = { name: "Bonds__NothingToClaim", remedy: "ignore" };
    const decoded = async (attempt: Promise<unknown>): Promise<unknown> =>
      attempt.then(
        () => "no error",
        (thrown: unknown) => decodeContractError(thrown),
      );

    it("decodes calls, estimates and raw requests alike", async () => {
      const data = new Interface(ROLLUP_ABI).encodeFunctionData("claim");
      const transaction = { to: world.rollup, from: world.senders.bonded.address, data };
      const contract = new Contract(world.rollup, ROLLUP_ABI as unknown as Interface, l1.provider);
      for (const attempt of [
        () => l1.provider.call(transaction),
        () => l1.provider.estimateGas(transaction),
        () => l1.provider.send("eth_call", [transaction, "latest"]),
        () => contract.getFunction("claim").staticCall({ from: transaction.from }),
      ]) {
        expect(await decoded(attempt())).to.include(expected);
      }
    });

    it("answers undefined when the node cannot be reached", async () => {
      const unreachable = new JsonRpcProvider("http://127.0.0.1:1", 1, { staticNetwork: true });
      expect(await decoded(unreachable.send("eth_call", [{ to: world.rollup }, "latest"]))).to.equal(undefined);
      unreachable.destroy();
    });
  });
}
