import type { Hex } from "../../../types/hex.ts";
import type { GenesisConfig } from "../genesis.ts";
import { SYSTEM_CONTRACTS } from "../system-contracts.ts";
import { toQuantity } from "./wire.ts";

const ZERO_ADDRESS: Hex = `0x${"0".repeat(40)}`;
const ZERO_HASH: Hex = `0x${"0".repeat(64)}`;

/** Forks by block that lie behind this chain's first block, in the names of go-ethereum's genesis file. */
const FORKS_BY_BLOCK = [
  ...["homestead", "eip150", "eip155", "eip158", "byzantium", "constantinople"],
  ...["petersburg", "istanbul", "berlin", "london"],
];
/** Ethereum's own; no block here ever has a blob, but clients ask for the numbers. */
const BLOB_SCHEDULE = {
  cancun: { target: 3, max: 6, baseFeeUpdateFraction: 3_338_477 },
  prague: { target: 6, max: 9, baseFeeUpdateFraction: 5_007_716 },
};

/** The first block in the form execution clients are initialised with (go-ethereum's `genesis.json`). */
export function clientGenesis(genesis: GenesisConfig) {
  const accounts = [
    ...Object.entries(SYSTEM_CONTRACTS).map(([address, code]) => [address, { balance: "0x0", nonce: "0x1", code }]),
    ...Object.entries(genesis.alloc).map(([address, { balanceWei, nonce, code, storage }]) => [
      address.toLowerCase(),
      {
        balance: toQuantity(balanceWei),
        ...(nonce !== undefined && { nonce: toQuantity(nonce) }),
        ...(code !== undefined && { code }),
        ...(storage !== undefined && { storage }),
      },
    ]),
  ];
  return {
    config: {
      chainId: genesis.chainId,
      ...Object.fromEntries(FORKS_BY_BLOCK.map((name) => [`${name}Block`, 0])),
      terminalTotalDifficulty: 0,
      terminalTotalDifficultyPassed: true,
      shanghaiTime: 0,
      cancunTime: 0,
      pragueTime: 0,
      blobSchedule: BLOB_SCHEDULE,
    },
    nonce: "0x0",
    timestamp: toQuantity(genesis.timestamp),
    extraData: "0x",
    gasLimit: toQuantity(genesis.gasLimit),
    difficulty: "0x0",
    mixHash: ZERO_HASH,
    coinbase: ZERO_ADDRESS,
    alloc: Object.fromEntries(accounts),
    number: "0x0",
    gasUsed: "0x0",
    parentHash: ZERO_HASH,
    baseFeePerGas: toQuantity(genesis.baseFeePerGasWei),
    excessBlobGas: "0x0",
    blobGasUsed: "0x0",
  };
}
