import { expect } from "chai";
import { getCreateAddress, Signature, Transaction, toBeHex } from "ethers";
import { createChainRules } from "../../../sdk/agent/engine/chain-rules.ts";
import { buildGenesis, type GenesisConfig } from "../../../sdk/agent/engine/genesis.ts";
import { EngineError } from "../../../sdk/agent/engine/interface.ts";
import {
  BEACON_ROOTS_ADDRESS,
  BLOCK_HASHES_ADDRESS,
  CONSOLIDATION_REQUESTS_ADDRESS,
  SYSTEM_CONTRACTS,
  WITHDRAWAL_REQUESTS_ADDRESS,
} from "../../../sdk/agent/engine/system-contracts.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { CHAIN_ID, genesis } from "./fixture.ts";

const INHIBITED = `7f${"ff".repeat(32)}5f55`;

/**
 * The EIPs deploy these contracts with synthetic signatures: the address follows from the code, so code that yields the
 * EIP's address is the EIP's code. The consolidation contract kept its code when its address last changed.
 */
const DEPLOYMENTS: [Hex, string, string, string][] = [
  [BEACON_ROOTS_ADDRESS, "60618060095f395ff3", "0x1b9b6eb1f0", BEACON_ROOTS_ADDRESS],
  [BLOCK_HASHES_ADDRESS, "60538060095f395ff3", "0xaa12693182426612186309f02cfe8a80a0000", BLOCK_HASHES_ADDRESS],
  [
    WITHDRAWAL_REQUESTS_ADDRESS,
    `${INHIBITED}6101f880602d5f395ff3`,
    "0x5feeb084551e4e03a3581e269bc2ea2f8d0008",
    WITHDRAWAL_REQUESTS_ADDRESS,
  ],
  [
    CONSOLIDATION_REQUESTS_ADDRESS,
    `${INHIBITED}61019e80602d5f395ff3`,
    "0x332601ef36aa2ce9",
    "0x00431f263ce400f4455c2dcf564e53007ca4bbbb",
  ],
];

describe("engine: genesis", () => {
  const rules = createChainRules(CHAIN_ID);
  const hashOf = (change: Partial<GenesisConfig> = {}): Hex =>
    buildGenesis(rules, { ...genesis, ...change }).block.hash;
  const account = "0x00000000000000000000000000000000000000aa";

  it("the system contracts are those of the EIPs' deployment transactions", () => {
    for (const [address, init, s, deployed] of DEPLOYMENTS) {
      const { from } = Transaction.from({
        type: 0,
        gasLimit: 250_000,
        gasPrice: 10n ** 12n,
        data: `0x${init}${SYSTEM_CONTRACTS[address]?.slice(2)}`,
        signature: Signature.from({ v: 27, r: toBeHex(0x539, 32), s: toBeHex(s, 32) }),
      });
      expect(getCreateAddress({ from: from as string, nonce: 0 }).toLowerCase()).to.equal(deployed);
    }
  });

  it("depends on every part of the configuration and on nothing else", () => {
    const changes: Partial<GenesisConfig>[] = [
      {},
      { timestamp: genesis.timestamp + 1 },
      { gasLimit: genesis.gasLimit + 1n },
      { baseFeePerGasWei: genesis.baseFeePerGasWei + 1n },
      { alloc: {} },
      { alloc: { [account]: { balanceWei: 1n } } },
      { alloc: { [account]: { balanceWei: 1n, nonce: 1 } } },
      { alloc: { [account]: { balanceWei: 1n, code: "0x00" } } },
      {
        alloc: {
          [account]: { balanceWei: 1n, storage: { [`0x${"00".repeat(32)}` as Hex]: `0x${"00".repeat(31)}01` } },
        },
      },
    ];
    expect(new Set(changes.map(hashOf)).size).to.equal(changes.length);
    const reversed = Object.fromEntries(Object.entries(genesis.alloc).reverse());
    expect(hashOf({ alloc: reversed })).to.equal(hashOf());
  });

  it("has the header fields of a Prague block without blobs and requests", () => {
    const { header } = buildGenesis(rules, genesis).block;
    const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes as Uint8Array).toString("hex");
    expect(text(header.withdrawalsRoot)).to.equal("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
    expect(text(header.requestsHash)).to.equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(text(header.parentBeaconBlockRoot)).to.equal("00".repeat(32));
    expect([header.blobGasUsed, header.excessBlobGas, header.difficulty]).to.deep.equal([0n, 0n, 0n]);
  });

  it("refuses a malformed configuration, naming what is wrong", () => {
    const wrong: [object, RegExp][] = [
      [{ chainId: 0 }, /chainId/],
      [{ timestamp: 1.5 }, /timestamp/],
      [{ gasLimit: 4_999n }, /gasLimit/],
      [{ baseFeePerGasWei: 6n }, /baseFeePerGasWei/],
      [{ alloc: { "0x12": { balanceWei: 1n } } }, /"0x12"/],
      [{ alloc: { [account]: { balanceWei: -1n } } }, /negative/],
      [{ alloc: { [account]: { balanceWei: 1n, code: "0x1" } } }, /code/],
      [{ alloc: { [account]: { balanceWei: 1n, storage: { "0x0": "0x1" } } } }, /storage/],
      [{ alloc: { [BEACON_ROOTS_ADDRESS]: { balanceWei: 1n } } }, /system contract/],
    ];
    for (const [change, message] of wrong) expect(() => hashOf(change)).to.throw(EngineError, message);
  });
});
