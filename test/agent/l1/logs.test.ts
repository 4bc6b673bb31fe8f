import { expect } from "chai";
import { type Landing, netOf, type RollupLog } from "../../../sdk/agent/l1/logs.ts";
import { hash } from "../chain/support.ts";

const landing = (number: number, digest: string): RollupLog =>
  ({ kind: "landing", landing: { number, digest: hash(digest) } }) as Landing;
const removed = (number: number): RollupLog => ({ kind: "removed", number });
const net = (...logs: RollupLog[]) => {
  const { landings, rolledBackTo } = netOf(logs);
  return { landed: landings.map(({ landing: { number, digest } }) => [number, digest]), rolledBackTo };
};

describe("what one L1 block leaves behind", () => {
  it("is its landings, when none was challenged", () => {
    expect(net(landing(4, "a"), landing(5, "b"))).to.deep.equal({
      landed: [
        [4, hash("a")],
        [5, hash("b")],
      ],
      rolledBackTo: undefined,
    });
  });

  it("is the checkpoint that replaced a removed one, not the removed one", () => {
    expect(net(removed(5), landing(5, "right"))).to.deep.equal({ landed: [[5, hash("right")]], rolledBackTo: 4 });
    expect(net(landing(5, "wrong"), removed(5), landing(5, "right"))).to.deep.equal({
      landed: [[5, hash("right")]],
      rolledBackTo: 4,
    });
  });

  it("is nothing but the lowest tip when several were removed", () => {
    expect(net(landing(7, "a"), removed(7), removed(6), removed(5))).to.deep.equal({ landed: [], rolledBackTo: 4 });
    const pruned: RollupLog = { kind: "pruned", first: 5, last: 7 };
    expect(net(landing(7, "a"), pruned, landing(5, "b"))).to.deep.equal({ landed: [[5, hash("b")]], rolledBackTo: 4 });
  });

  it("is a cure, unless what was cured is gone: what landed under its number is another checkpoint", () => {
    const cured: RollupLog = { kind: "cured", number: 6, attestation: { signers: 1n, signature: "0x" } };
    const pruned: RollupLog = { kind: "pruned", first: 6, last: 7 };
    expect(netOf([landing(6, "a"), cured]).cured).to.deep.equal([6]);
    expect(netOf([cured, { ...pruned, first: 7 }]).cured).to.deep.equal([6]);
    expect(netOf([cured, pruned, landing(6, "unsigned")]).cured).to.deep.equal([]);
  });
});
