import { z } from "zod";
import type { Hex } from "../../types/hex.ts";

const lower = (value: string): Hex => value.toLowerCase() as Hex;

const hexOf = (bytes: number, what: string) =>
  z
    .string(`expected ${what}: 0x and ${2 * bytes} hex digits`)
    .length(2 + 2 * bytes, `expected ${what}: 0x and ${2 * bytes} hex digits`)
    .regex(/^0x[0-9a-fA-F]*$/, `expected ${what}: 0x and ${2 * bytes} hex digits`)
    .transform(lower);

export const address = hexOf(20, "an address").meta({ id: "AnyAddress", description: "An account, in any case." });
export const hash = hexOf(32, "a 32-byte hash").meta({ id: "AnyHash", description: "32 bytes, in any case." });

/** Bytes of any length. */
export const data = z
  .string("expected bytes: a hex string starting with 0x")
  .regex(/^0x[0-9a-fA-F]*$/, "expected bytes: a hex string starting with 0x")
  .refine((value) => value.length % 2 === 0, "expected whole bytes: an even number of hex digits")
  .transform(lower)
  .meta({ id: "AnyBytes", description: "Whole bytes, in any case." });

const QUANTITY = "expected a quantity: a hex number starting with 0x, at most 256 bits";
/** An unsigned number of at most 256 bits. */
export const quantity = z
  .string(QUANTITY)
  .regex(/^0x[0-9a-fA-F]{1,64}$/, QUANTITY)
  .transform(BigInt)
  .meta({ id: "AnyQuantity", description: "An unsigned number of at most 256 bits; leading zeros do no harm." });

const SMALL = "expected a hex number starting with 0x below 2^53";
/** A quantity that counts something, such as blocks. */
export const count = z
  .string(SMALL)
  .regex(/^0x[0-9a-fA-F]{1,64}$/, SMALL)
  .transform(Number)
  .refine(Number.isSafeInteger, SMALL)
  .meta({ id: "Count", description: "A quantity below 2^53." });

/** A count as a quantity or as a JSON number: clients send both. */
export const countOrNumber = z.union([count, z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)], {
  error: "expected a whole number, as a hex string or a JSON number",
});

const BLOCK = "expected a block: latest, pending, safe, finalized, earliest, a hex number";
const tag = z.enum(["latest", "pending", "safe", "finalized", "earliest"]);

/** A block by name or number. */
export const blockNumber = z
  .union([tag, count], { error: BLOCK })
  .meta({ id: "BlockNumberOrTag", description: "A block by name or number." });

/** A block by name, number, or hash, the latter also as EIP-1898 writes it. */
export const block = z
  .union(
    [
      tag,
      hash.transform((blockHash) => ({ blockHash, requireCanonical: false })),
      count,
      z.object({ blockHash: hash, requireCanonical: z.boolean().default(false) }),
      z.object({ blockNumber: count }).transform((by) => by.blockNumber),
    ],
    { error: `${BLOCK}, a 32-byte hash, or an EIP-1898 object` },
  )
  .meta({ id: "AnyBlock", description: "A block by name, number or hash, the latter also as EIP-1898 writes it." });
export type BlockSelector = z.output<typeof block>;

const accessList = z.array(
  z.object({ address, storageKeys: z.array(hash) }, "expected {address, storageKeys}"),
  "expected an access list",
);

const authorization = z.object(
  { chainId: quantity, address, nonce: quantity, yParity: quantity, r: quantity, s: quantity },
  "expected a signed authorization: {chainId, address, nonce, yParity, r, s}",
);

const storage = z.record(hash, hash, "expected words of 32 bytes by slots of 32 bytes");

/** What accounts are during a call (eth_call's third parameter). */
export const stateOverrides = z.record(
  address,
  z
    .strictObject(
      {
        balance: quantity.optional(),
        nonce: quantity.optional(),
        code: data.optional(),
        state: storage.optional(),
        stateDiff: storage.optional(),
      },
      "expected {balance, nonce, code, state or stateDiff}",
    )
    .refine(({ state, stateDiff }) => state === undefined || stateDiff === undefined, {
      error: "state and stateDiff exclude each other",
    }),
  "expected state overrides by address",
);

/** What the block around a call is (its fourth). */
export const blockOverrides = z.strictObject(
  {
    number: quantity.optional(),
    time: quantity.optional(),
    gasLimit: quantity.optional(),
    feeRecipient: address.optional(),
    prevRandao: hash.optional(),
    baseFeePerGas: quantity.optional(),
  },
  "expected {number, time, gasLimit, feeRecipient, prevRandao, baseFeePerGas}",
);

/** A call as wallets describe it; fields that do not change the outcome here (nonce, type, chain id) are passed over. */
export const call = z
  .object(
    {
      from: address.nullish(),
      to: address.nullish(),
      data: data.nullish(),
      input: data.nullish(),
      value: quantity.nullish(),
      gas: quantity.nullish(),
      gasPrice: quantity.nullish(),
      maxFeePerGas: quantity.nullish(),
      maxPriorityFeePerGas: quantity.nullish(),
      accessList: accessList.nullish(),
      authorizationList: z.array(authorization, "expected a list of authorizations").nullish(),
    },
    "expected a call object",
  )
  .refine((request) => !request.data || !request.input || request.data === request.input, {
    error: "data and input are both given and differ",
  })
  .meta({ id: "Call", description: "A call as wallets describe it." });

/** Alternatives for one topic or address are at most this many. */
const MAX_ALTERNATIVES = 256;
const alternatives = <T extends z.ZodType>(item: T) => z.array(item).max(MAX_ALTERNATIVES);

/** Addresses and topics of eth_getLogs and of log subscriptions. */
export const logMatch = z.object(
  {
    address: z
      .union([address.transform((one) => [one]), alternatives(address)], {
        error: "expected an address or a list of them",
      })
      .nullish(),
    topics: z
      .array(
        z.union([z.null(), hash.transform((one) => [one]), alternatives(hash)], {
          error: "expected null, a 32-byte topic or a list of them",
        }),
        "expected a list of topics",
      )
      .max(4, "a log has at most four topics")
      .nullish(),
  },
  "expected a filter object",
);
export type LogMatch = z.output<typeof logMatch>;

export const logFilter = logMatch
  .extend({ fromBlock: blockNumber.nullish(), toBlock: blockNumber.nullish(), blockHash: hash.nullish() })
  .refine((filter) => filter.blockHash == null || (filter.fromBlock == null && filter.toBlock == null), {
    error: "blockHash excludes fromBlock and toBlock",
  });
