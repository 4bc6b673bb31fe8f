import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { type RunningProcess, start } from "../../support/processes.ts";
import {
  build,
  CHAIN_ID,
  GAS_LIMIT,
  GENESIS_SECONDS,
  genesis,
  genesisPoint,
  setHead,
  Workshop,
  wallets,
} from "./fixture.ts";
import { RandomTransactions } from "./random-transactions.ts";

const BLOCKS = 12;
const TRANSACTIONS = 20;

describe("engine against another client's EVM", () => {
  const workshop = new Workshop();
  let anvil: RunningProcess;
  let provider: JsonRpcProvider;

  before(async () => {
    anvil = await start(
      "anvil",
      [
        ...["--hardfork", "prague", "--port", "0", "--accounts", "0", "--order", "fifo", "--no-mining"],
        ...["--chain-id", `${CHAIN_ID}`, "--gas-limit", `${GAS_LIMIT}`, "--timestamp", `${GENESIS_SECONDS}`],
        ...["--base-fee", `${(genesis.baseFeePerGasWei * 7n) / 8n}`],
      ],
      { ready: /Listening on [\d.]+:(\d+)/ },
    );
    provider = new JsonRpcProvider(`http://127.0.0.1:${anvil.ready[1]}`, undefined, {
      staticNetwork: true,
      cacheTimeout: -1,
    });
    for (const { address } of wallets) {
      await provider.send("anvil_setBalance", [address, `0x${genesis.alloc[address as Hex]?.balanceWei.toString(16)}`]);
    }
  });

  after(async () => {
    provider?.destroy();
    await anvil?.stop();
    await workshop.cleanUp();
  });

  const seed = Math.floor(Math.random() * 2 ** 31);
  it(`same receipts, gas, blooms, fees and balances as revm over ${BLOCKS} random blocks (seed ${seed})`, async () => {
    const engine = await workshop.open();
    const source = new RandomTransactions(seed, true);
    const batch = async (number: number): Promise<Hex[]> =>
      number % 3 === 0 ? [await source.delegation()] : source.batch(TRANSACTIONS);
    let parent = genesisPoint(engine);
    let included = 0;
    for (let number = 1; number <= BLOCKS; number++) {
      const { payload } = await build(engine, parent, await batch(number));
      await setHead(engine, payload.blockHash);
      included += payload.transactions.length;
      expect(await replay(provider, payload)).to.deep.equal(headerOf(payload));
      for (const { address } of wallets) {
        const { nonce, balance } = await engine.reader.getAccount(address as Hex, "latest");
        expect([balance, nonce]).to.deep.equal([
          await provider.getBalance(address),
          await provider.getTransactionCount(address),
        ]);
        source.setNonce(address, nonce);
      }
      parent = payload;
    }
    expect(included).to.be.greaterThan((BLOCKS * TRANSACTIONS) / 4);
  });
});

/** Header fields that hold all results of the transactions. */
const headerOf = (payload: ExecutionPayload) => ({
  transactions: payload.transactions.length,
  receiptsRoot: payload.receiptsRoot,
  logsBloom: payload.logsBloom,
  gasUsed: payload.gasUsed,
  baseFeePerGas: payload.baseFeePerGas,
});

/** Gives anvil the same transactions in the same circumstances, as one block. */
async function replay(provider: JsonRpcProvider, payload: ExecutionPayload) {
  await provider.send("anvil_setCoinbase", [payload.feeRecipient]);
  await provider.send("evm_setNextBlockTimestamp", [payload.timestamp]);
  for (const raw of payload.transactions) await provider.send("eth_sendRawTransaction", [raw]);
  await provider.send("evm_mine", []);
  const block = await provider.send("eth_getBlockByNumber", ["latest", false]);
  return {
    transactions: block.transactions.length,
    receiptsRoot: block.receiptsRoot,
    logsBloom: block.logsBloom,
    gasUsed: BigInt(block.gasUsed),
    baseFeePerGas: BigInt(block.baseFeePerGas),
  };
}
