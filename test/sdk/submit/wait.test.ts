import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { eachL1Block } from "../../../sdk/submit/wait.ts";
import { hardhatServerL1, type TestL1 } from "./l1.ts";

describe("eachL1Block", () => {
  let l1: TestL1;
  beforeEach(async () => {
    l1 = await hardhatServerL1();
    if (l1.provider instanceof JsonRpcProvider) l1.provider.pollingInterval = 50;
  });
  afterEach(() => l1.close());

  it("gives the latest block's time at once, and then each newer block's", async () => {
    const next = eachL1Block(l1.provider);
    expect(await next()).to.equal(await l1.time());
    const pending = next();
    const mined = await l1.mine();
    expect(await pending).to.equal(mined);
  });

  it("does not miss a block that comes while it begins to listen", async () => {
    const next = eachL1Block(l1.provider);
    await next();
    const { provider } = l1;
    const listen = provider.on.bind(provider);
    let mined = 0;
    provider.on = async (event, listener) => {
      mined = await l1.mine();
      return listen(event, listener);
    };
    expect(await next()).to.equal(mined);
  });

  it("leaves no listener behind", async () => {
    const next = eachL1Block(l1.provider);
    await next();
    await l1.mine();
    await next();
    expect(await l1.provider.listenerCount("block")).to.equal(0);
  });
});
