import { expect } from "chai";
import { Interface } from "ethers";
import { ROLLUP_ABI } from "../../sdk/abi/generated/rollup.ts";
import { sources } from "../support/sources.ts";

const OWN = "test/contracts/errors.test.ts";

/** Every error of the contract, from its ABI. */
const errors = new Interface(ROLLUP_ABI).fragments.flatMap((fragment) =>
  fragment.type === "error" ? [(fragment as unknown as { name: string }).name] : [],
);

/** What tests demand: `reverts(outcome, "Name", { values })`, which is checked to the value. */
const tests = sources("test/contracts/**/*.test.ts").filter(({ path }) => path !== OWN);

/** Errors that only too little gas brings about: their values depend on it, so their tests look for them in a sweep. */
const SWEPT: readonly string[] = ["Bls__NotEnoughGas", "KeyCode__NotStored"];

describe("errors of the contract", () => {
  it("are read from the ABI", () => {
    expect(errors.length).to.be.greaterThan(40);
  });

  for (const name of errors) {
    it(`${name} is demanded by a test, with its values`, () => {
      const demanded = SWEPT.includes(name)
        ? new RegExp(`members\\(\\[[^\\]]*"${name}"`)
        : new RegExp(`,\\s*"${name}",\\s*(\\{|[A-Za-z])`);
      expect(tests.filter(({ code }) => demanded.test(code)).map(({ path }) => path)).to.not.be.empty;
    });
  }
});
