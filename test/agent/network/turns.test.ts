import { expect } from "chai";
import { Turns } from "../../../sdk/agent/network/ask-in-turn.ts";

describe("whom to ask first", () => {
  it("is another peer each time, whatever else is asked in between", () => {
    const turns = new Turns();
    const first: (string | undefined)[] = [];
    for (let time = 0; time < 4; time++) {
      first.push(turns.order("checkpoint", ["a", "b"])[0]);
      turns.order("certificates", ["a", "b"]);
    }
    expect(first).to.deep.equal(["a", "b", "a", "b"]);
  });

  it("is followed by all others", () => {
    const turns = new Turns();
    turns.order("blob", ["a", "b", "c"]);
    expect(turns.order("blob", ["a", "b", "c"])).to.deep.equal(["b", "c", "a"]);
    expect(turns.order("blob", [])).to.deep.equal([]);
  });
});
