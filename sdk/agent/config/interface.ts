import { z } from "zod";
import type { Hex } from "../../types/hex.ts";

export const hex = (bytes: number, what: string) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`), `expected ${what}: 0x and ${bytes * 2} hex digits`)
    .transform((value) => value.toLowerCase() as Hex);

const wei = z
  .union([
    z.string().regex(/^(0x[0-9a-fA-F]+|[0-9]+)$/, "expected wei as a decimal or 0x string"),
    z.number().int().nonnegative(),
  ])
  .transform((value) => BigInt(value));

/** For whoever sends no credentials of a URL, and would name them in an error: they are refused, not dropped. */
const urlOf = (expected: string) =>
  z
    .url({ protocol: /^https?$/, error: `expected ${expected}` })
    .refine(hasNoCredentials, `expected ${expected}, without a user and a password in it`);

function hasNoCredentials(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === "" && password === "";
}

/** A validator's key stands here, or in a remote signer. */
const validator = z
  .strictObject({
    blsSecretKey: hex(32, "a BLS secret key").optional(),
    signer: z
      .strictObject({
        url: urlOf("a remote signer's URL, such as http://127.0.0.1:9100"),
        publicKey: hex(192, "a BLS public key, uncompressed"),
        /** File with the token that the signer was given too. */
        tokenPath: z.string().min(1),
        /** A signature that takes longer counts as not given. */
        timeoutMs: z.number().int().positive().default(1_000),
      })
      .optional(),
    /** Credited with the rewards of this validator's checkpoints. */
    coinbase: hex(20, "an address"),
  })
  .refine(({ blsSecretKey, signer }) => (blsSecretKey === undefined) !== (signer === undefined), {
    path: ["blsSecretKey"],
    error: "expected a BLS secret key, or a signer, and not both",
  });

const areApart = (validators: z.output<typeof validator>[]): boolean =>
  new Set(validators.map(({ blsSecretKey, signer }) => blsSecretKey ?? signer?.publicKey)).size === validators.length;

/** Off-chain protocol constants; the on-chain ones are read from the rollup itself. */
const timing = z.strictObject({
  blockSeconds: z.number().positive(),
  minBlockSeconds: z.number().positive(),
  flashblockMs: z.number().int().positive(),
  hopSeconds: z.number().positive(),
  proposalWindowSeconds: z.number().positive(),
  maxUnsubmitted: z.number().int().min(1),
  clockDisparityMs: z.number().int().nonnegative(),
});

const address = { host: z.string().default("127.0.0.1"), port: z.number().int().min(0).max(65_535) };

export const agentConfigSchema = z.strictObject({
  /** Shown in logs and in the node's status. */
  name: z.string().min(1),
  /** Everything the agent keeps on disk stands in here. */
  dataDir: z.string().min(1),
  logLevel: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  l1: z.strictObject({
    /**
     * L1 nodes, those that are rather to be used first. L1 is read from one at a time, and from the next as soon as that
     * one stalls, lags or contradicts the others; what is sent goes to all. It takes three for a majority.
     */
    rpcUrls: z
      .array(
        z.url({ protocol: /^https?$/, error: "expected the URL of an L1 node, such as http://127.0.0.1:8545" }),
        "expected a list of L1 nodes' URLs",
      )
      .min(1, "expected one L1 node or more")
      .refine((urls) => new Set(urls).size === urls.length, "expected each L1 node once"),
    /** A call that an L1 node has not answered for this long goes to the next one. */
    rpcTimeoutMs: z.number().int().positive().default(5_000),
    /** How often the L1 nodes' newest blocks are compared, where there are several: two calls to each. */
    compareEveryMs: z.number().int().positive().default(6_000),
    /** JSON file {rollup, chainId, deploymentBlock}; the agent waits for it to appear. */
    deploymentFile: z.string().min(1),
    /**
     * Accounts that pay for submissions; without one the agent never submits. Nothing else may send from them. The first
     * is credited for late landings. Several let a landing go out while a settlement is still on its way, and a small
     * balance be used up before a large one. A key is taken out only when its account has nothing in a pool.
     */
    accountKeys: z
      .array(hex(32, "an L1 private key"))
      .default([])
      .refine((keys) => new Set(keys).size === keys.length, "expected each L1 account once"),
    /** A warning is logged, and `baton doctor` warns, when the accounts pay for fewer landings at today's prices. */
    warnBelowLandings: z.number().int().nonnegative().default(50),
    /** Credits are claimed when they are worth this many times the gas of claiming them. */
    claimFactor: z.number().int().positive().default(20),
    /** Sidecar version of blob transactions: 0 with blob proofs, 1 with cell proofs. */
    blobWrapperVersion: z.union([z.literal(0), z.literal(1)]).default(1),
    /** Highest fee per gas the agent ever pays on L1. */
    maxFeePerGasWei: wei.default(500_000_000_000n),
    maxFeePerBlobGasWei: wei.default(500_000_000_000n),
  }),
  l2: z.strictObject({
    chainId: z.number().int().positive(),
    genesisTimestamp: z.number().int().nonnegative(),
    gasLimit: wei,
    baseFeePerGasWei: wei,
    /** Initial accounts: address -> balance in wei. */
    alloc: z.record(hex(20, "an address"), wei),
  }),
  /** An execution client that executes and builds L2's blocks; without it the agent does so itself. */
  engine: z
    .strictObject({
      url: urlOf("the client's Engine API, such as http://127.0.0.1:8551"),
      /** File with the 32 bytes, in hexadecimal, that the client was given too. */
      jwtSecretPath: z.string().min(1),
      /** Where the client answers `eth_` methods, if not there as well. */
      rpcUrl: urlOf("the client's JSON-RPC, such as http://127.0.0.1:8545").optional(),
      /** How long the client collects transactions for a block. */
      buildMs: z.number().int().nonnegative().default(250),
      /** When a request counts as failed. It is made three times then, but the one that moves the head: the agent ends. */
      timeoutMs: z.number().int().positive().default(8_000),
    })
    .optional(),
  timing,
  /** Without any, the agent follows and serves, and signs nothing. */
  validators: z.array(validator).refine(areApart, "expected each validator once").default([]),
  /**
   * Keeps what is built back until the certificate of what it stands on is seen, instead of showing each block at once:
   * for who would rather lose a slot than show blocks that may be discarded.
   */
  silent: z.boolean().default(false),
  /** Slots to listen after a start for others that sign with these validators' keys, before anything is signed. */
  doppelgangerSlots: z.number().int().nonnegative().default(4),
  /** What is kept of blocks, state and checkpoints that are final; left out: blocks and state since genesis. */
  history: z
    .strictObject({
      /** Final slots of which everything is kept; older ones are pruned. Peers are served no others. */
      keepSlots: z.number().int().min(64, "expected at least 64 slots: peers ask for them"),
    })
    .optional(),
  /** Keeps the blobs of what lands, and serves them to peers: L1 forgets them after some 18 days. */
  archive: z
    .strictObject({
      dir: z.string().min(1),
      /** Beyond it the oldest blobs are removed; a blob is 131,072 bytes. */
      maxBytes: z.number().int().min(131_072),
    })
    .optional(),
  /** Beacon nodes, or blob archives that answer like one; asked for the blobs of checkpoints that no peer serves. */
  blobSources: z.array(urlOf("the URL of a beacon API, such as http://127.0.0.1:5052")).optional(),
  p2p: z.strictObject({
    /** Secret the peer identity is derived from. */
    seed: hex(32, "a 32-byte seed"),
    listen: z.string().startsWith("/", "expected a multiaddress such as /ip4/127.0.0.1/tcp/9000"),
    peers: z.array(z.string().startsWith("/", "expected a multiaddress")).default([]),
  }),
  rpc: z.strictObject(address),
  /** Streams the blocks that this agent builds, as they grow; left out: they are shown when they are whole. */
  flashblocks: z.strictObject(address).optional(),
  /** Serves metrics for Prometheus on `/metrics`; left out: none are kept. */
  metrics: z.strictObject(address).optional(),
});

/** What one agent is told by its operator. */
export type AgentConfig = z.output<typeof agentConfigSchema>;

export const deploymentSchema = z.strictObject({
  rollup: hex(20, "the rollup's address"),
  chainId: z.number().int().positive(),
  /** L1 block of the deployment: nothing earlier concerns the rollup. */
  deploymentBlock: z.number().int().nonnegative(),
});

/** Where a rollup stands on L1. */
export type Deployment = z.output<typeof deploymentSchema>;

export class ConfigError extends Error {
  readonly code: "unreadable" | "not-json" | "invalid" | "wrong-chain" | "l1-unreachable" | "too-small";
  constructor(code: ConfigError["code"], message: string) {
    super(message);
    this.name = "ConfigError";
    this.code = code;
  }
}
