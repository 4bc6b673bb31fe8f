/** In what an answer of ours may differ from anvil's, and why. */
export interface Allowed {
  /** Of the question, as the test names it. */
  where: RegExp;
  /** Of the answer: keys from the outside in, joined by dots. */
  path: RegExp;
  why: string;
}

/** One table of all of them; an entry that allows nothing any more fails the test, as does a difference it lacks. */
export const ALLOWED: readonly Allowed[] = [
  {
    where: /./,
    path: /(^|\.)(hash|parentHash|blockHash|mixHash|stateRoot|accountProof\.[01])$/,
    why: "anvil draws mixHash at random, so its block hashes differ, and with the parent's hash in the state (EIP-2935) its roots",
  },
  { where: /Block/, path: /^size$/, why: "anvil leaves the withdrawals out of the size" },
  { where: /Block/, path: /^totalDifficulty$/, why: "a field of mined chains, which Ethereum's clients have dropped" },
  { where: /./, path: /(^|\.)blockTimestamp$/, why: "an extra of some clients; the block has it" },
  {
    where: /^eth_feeHistory without tips/,
    path: /^reward$/,
    why: "without percentiles there is none here and in geth, an empty one in anvil",
  },
  {
    where: /^eth_feeHistory without tips/,
    path: /^baseFeePerGas\.2$/,
    why: "of the block after a past one: anvil gives that of the block after its head",
  },
  {
    where: /^eth_subscribe: Block/,
    path: /^(uncles|transactions|withdrawals|size)$/,
    why: "anvil tells a header with the empty lists of a block; a header has none",
  },
  { where: /Receipt/, path: /(^|\.)blobGasPrice$/, why: "there are no blobs on L2: only blob transactions have one" },
  { where: /^net_peerCount/, path: /^/, why: "anvil has no peers" },
  {
    where: /^eth_gasPrice|^eth_maxPriorityFeePerGas/,
    path: /^$/,
    why: "anvil suggests a constant tip, we what blocks were paid",
  },
  {
    where: /waiting/,
    path: /^gasPrice$/,
    why: "a waiting transaction's price: the most it pays here and in geth, today's in anvil",
  },
  {
    where: /^eth_estimateGas of a write/,
    path: /^$/,
    why: "both are within 2 % of the least that is enough; checked there",
  },
  {
    where: /^eth_call in another block/,
    path: /^$/,
    why: "a call without a price sees no base fee here and in geth; mixHash as above",
  },
  { where: /^txpool_contentFrom/, path: /^/, why: "anvil lacks it" },
  { where: /^eth_getLogs backwards/, path: /^/, why: "an error here and in geth, no logs in anvil" },
  {
    where: /^eth_getBalance beyond the head/,
    path: /^code$/,
    why: "an unknown block is -32001 as EIP-1898 has it; anvil finds the parameter wrong",
  },
  {
    where: /./,
    path: /^(message|data\.reason|data)$/,
    why: "errors are told in each client's own words; codes are compared, and revert data where there is any",
  },
];

/** The paths at which two answers differ; "" if they do altogether. */
export function differences(a: unknown, b: unknown, path = ""): string[] {
  if (Object.is(a, b)) return [];
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return [path];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) =>
    differences(
      (a as Record<string, unknown>)[key],
      (b as Record<string, unknown>)[key],
      path === "" ? key : `${path}.${key}`,
    ),
  );
}
