import { expect } from "chai";
import { billOf } from "../../../sdk/agent/l1/bill.ts";

const RECEIPT = { blockHash: "0x00", gasUsed: "0x64", effectiveGasPrice: "0x5" } as const;
const TERMS = { late: false, successor: false, paidWei: 0n, chargedWei: 0n };

describe("the bill of a landing", () => {
  it("counts gas, and blobs where there are any", () => {
    expect(billOf(TERMS, RECEIPT).costWei).to.equal(500n);
    expect(billOf(TERMS, { ...RECEIPT, blobGasUsed: "0x20000", blobGasPrice: "0x2" }).costWei).to.equal(262_644n);
  });

  it("is in the name of whoever's the credit was when it landed", () => {
    expect(billOf(TERMS, RECEIPT).by).to.equal("proposer");
    expect(billOf({ ...TERMS, late: true, successor: true }, RECEIPT).by).to.equal("successor");
    const late = billOf({ late: true, successor: false, paidWei: 7n, chargedWei: 9n }, RECEIPT);
    expect(late).to.deep.equal({ by: "other", costWei: 500n, paidWei: 7n, chargedWei: 9n });
  });
});
