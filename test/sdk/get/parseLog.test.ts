import { expect } from "chai";
import { Interface, id } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { logParser } from "../../../sdk/get/parseLog.ts";

const contract = new Interface(ROLLUP_ABI);
const parse = logParser(ROLLUP_ABI);

describe("reading a contract's logs", () => {
  it("says of every event what ethers says", () => {
    const values: Record<string, unknown> = {
      uint256: 7n,
      uint64: 5n,
      address: `0x${"ab".repeat(20)}`,
      bytes32: id("x"),
    };
    let read = 0;
    contract.forEachEvent((event) => {
      if (event.inputs.some(({ type }) => !(type in values))) return;
      const log = contract.encodeEventLog(
        event,
        event.inputs.map(({ type }) => values[type]),
      );
      read++;
      for (const topics of [log.topics, log.topics.map((topic) => topic.toUpperCase().replace("0X", "0x"))]) {
        const [found, expected] = [parse({ ...log, topics }), contract.parseLog(log)];
        expect(found?.signature).to.equal(event.format());
        expect(found?.topic).to.equal(expected?.topic);
        expect(found?.args.toObject()).to.deep.equal(expected?.args.toObject());
      }
    });
    expect(read).to.be.greaterThan(5);
  });

  it("knows no event that the contract does not have, and none without a name", () => {
    expect(parse({ topics: [id("Other(uint256)")], data: "0x" })).to.equal(null);
    expect(parse({ topics: [], data: "0x" })).to.equal(null);
  });
});
