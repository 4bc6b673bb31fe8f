import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { type CompiledContract, compileSolidity } from "../../support/solidity.ts";
import { CHAIN_ID, DevChain } from "./support/devchain.ts";

/** A client in another language, which accepts only responses of exactly the right form. */
describe("JSON-RPC with cast", () => {
  let dev: DevChain;
  let sender: Wallet;
  let compiled: CompiledContract;
  let contract = "";

  const cast = async (...args: string[]): Promise<string> => {
    const [command = "", ...rest] = args;
    const { stdout, stderr } = await promisify(execFile)("cast", [command, "--rpc-url", dev.url, ...rest]);
    // The npm wrapper of cast ends with 0 even if cast fails.
    if (stderr.includes("Error:")) throw new Error(stderr);
    return stdout.trim();
  };
  const send = async (
    ...args: string[]
  ): Promise<{ status: string; transactionHash: string; contractAddress: string; logs: unknown[] }> =>
    JSON.parse(await cast("send", "--json", "--private-key", sender.privateKey, ...args));

  before(async () => {
    compiled = compileSolidity(new URL("./support/Board.sol", import.meta.url), "Board");
    dev = await DevChain.start();
    dev.automine();
    sender = dev.wallets[0] as Wallet;
  });

  after(() => dev.stop());

  it("reads the chain id, the client, a balance and a block", async () => {
    expect(await cast("chain-id")).to.equal(String(CHAIN_ID));
    expect(await cast("client")).to.equal("baton");
    expect(await cast("balance", sender.address)).to.equal(String(10n ** 21n));
    const block = JSON.parse(await cast("block", "latest", "--full", "--json"));
    expect(BigInt(block.number)).to.equal(0n);
  });

  it("sends a legacy and a fee-market transfer and gets their receipts", async () => {
    const legacy = await send("--legacy", "--value", "5", dev.wallets[1]?.address ?? "");
    expect(legacy.status).to.equal("0x1");
    const modern = await send("--value", "5", dev.wallets[1]?.address ?? "");
    expect(modern.status).to.equal("0x1");
    const found = JSON.parse(await cast("tx", modern.transactionHash, "--json"));
    expect(found.type).to.equal("0x2");
    expect(JSON.parse(await cast("receipt", legacy.transactionHash, "--json")).type).to.equal("0x0");
  });

  it("deploys, calls, and reads logs", async () => {
    const deployed = await send("--create", compiled.bytecode);
    contract = deployed.contractAddress;
    const posted = await send(contract, "post(string)", "from cast");
    expect(posted.logs).to.have.length(1);
    expect(await cast("call", contract, "count()(uint256)")).to.equal("1");
    const logs = JSON.parse(
      await cast(
        "logs",
        "--json",
        "--from-block",
        "0",
        "--address",
        contract,
        "Posted(address indexed,uint256 indexed,string)",
      ),
    );
    expect(logs.map((log: { transactionHash: string }) => log.transactionHash)).to.deep.equal([posted.transactionHash]);
  });

  it("shows why a call reverts", async () => {
    const failure = await cast("call", contract, "post(string)", "").catch((error: Error) => error.message);
    expect(failure).to.include("nothing to post");
    expect(await cast("estimate", contract, "divide(uint256,uint256)", "6", "3")).to.match(/^\d+$/);
  });

  it("reads the fee market and a block with whole transactions", async () => {
    expect(BigInt(await cast("gas-price")) > 0n).to.equal(true);
    const block = JSON.parse(await cast("block", "latest", "--full", "--json"));
    expect(block.transactions[0].input).to.be.a("string");
    expect(await cast("base-fee")).to.equal(String(BigInt(block.baseFeePerGas)));
  });

  it("reads the pipeline's own methods", async () => {
    const tips = JSON.parse(await cast("rpc", "baton_tips"));
    expect(tips.head.blockNumber).to.equal(dev.tips().head.blockNumber);
  });
});
