import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JsonRpcApiProvider, parseEther, Wallet } from "ethers";
import { genesisOf } from "../../../sdk/agent/assembly/genesis.ts";
import type { AgentConfig } from "../../../sdk/agent/config/interface.ts";
import { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { L1Views } from "../../../sdk/agent/l1/endpoints/interface.ts";
import { Inbox } from "../../../sdk/agent/l1/inbox.ts";
import { Landings } from "../../../sdk/agent/l1/landings.ts";
import { L1BlockReader } from "../../../sdk/agent/l1/reader.ts";
import { blockProposalDigest } from "../../../sdk/agent/messages/block-proposal.ts";
import { headerOf, outboxRootAfter } from "../../../sdk/agent/pipeline/checkpoint.ts";
import { attributesOf, NO_MESSAGES } from "../../../sdk/agent/pipeline/rules.ts";
import type { Timetable } from "../../../sdk/agent/time/timetable.ts";
import type { BlockProposal } from "../../../sdk/agent/types/messages.ts";
import { encodeBlockData } from "../../../sdk/blob/blockData.ts";
import { encodeBlocks } from "../../../sdk/blob/blocks.ts";
import { versionedHash } from "../../../sdk/blob/kzg.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { buildCalldata } from "../../../sdk/build/calldata.ts";
import { buildSettlement } from "../../../sdk/build/log.ts";
import { signingMessage } from "../../../sdk/digest/signingMessage.ts";
import { slotStart } from "../../../sdk/get/config.ts";
import { getSettledTip } from "../../../sdk/get/tips.ts";
import { getUnsettled } from "../../../sdk/get/unsettled.ts";
import { getProposer } from "../../../sdk/get/validators.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import { hardhatL1 } from "../../sdk/submit/l1.ts";
import { GENESIS, makeCheckpoint, type Parent, parentOf } from "../../sdk/world/checkpoints.ts";
import { mineCall, transact } from "../../sdk/world/transact.ts";
import { createWorld, type World } from "../../sdk/world/world.ts";
import { timetableOf } from "../pipeline/l1-agent.ts";
import { kzg } from "../pipeline/support.ts";

/** The world's deposits end in slot 4. */
const FIRST_SLOT = 5;
const BLOCKS = 2;
const TRANSFERS = 3;
const COINBASE: Hex = `0x${"c0".repeat(20)}`;
const USER = new Wallet(`0x${"11".repeat(32)}`);

/** A rollup whose chain stands on L1 and nowhere else: what a node can begin with. */
export interface ChainOnL1 {
  world: World;
  /** The world's, as an agent reads it. */
  l1: JsonRpcApiProvider & L1Views;
  timetable: Timetable;
  config: (dataDir: string) => AgentConfig;
  /** All blobs that ever stood on L1, by versioned hash, and the time of their L1 block. */
  blobs: ReadonlyMap<Hex, { blob: Uint8Array; l1TimestampSeconds: number }>;
  lastSlot: number;
  /** The newest that is settled, and final. */
  settledSlot: number;
  /** Hash of the last landed block. */
  lastBlockHash: Hex;
  /** The first block of the slot after the last, signed by its proposer and on no chain yet. */
  nextBlock: () => Promise<BlockProposal>;
  close(): Promise<void>;
}

/** Lands `slots` checkpoints of two blocks each, with transfers and what the inbox demands; four slots are an epoch. */
export async function buildChain(slots: number): Promise<ChainOnL1> {
  const world = await createWorld(await hardhatL1(), { ringSize: 64 });
  const l1 = Object.assign(world.l1.provider, { view: <T>(read: () => Promise<T>) => read() });
  const directory = mkdtempSync(join(tmpdir(), "baton-chain-"));
  const timetable = timetableOf(world);
  const identity = { chainId: world.chainId, rollup: world.rollup };
  const config = (dataDir: string): AgentConfig => configOf(world, dataDir);
  const engine = await EmbeddedEngine.open(
    { path: directory, genesis: genesisOf(config(directory), identity) },
    { nowMs: () => 0 },
  );
  const inbox = new Inbox(timetable);
  const reader = new L1BlockReader(l1, world.rollup, 1, {
    inbox,
    landings: new Landings(),
    isSigned: () => Promise.resolve(true),
  });
  const blobs = new Map<Hex, { blob: Uint8Array; l1TimestampSeconds: number }>();
  let view = { blockNumber: 0, blockHash: "0x" as Hex, timestamp: 0 };
  let parent: Parent = GENESIS;
  let blockHash = engine.genesisHash;
  let nonce = 0;

  const readInbox = async (): Promise<void> => {
    for (let events = await reader.poll(view); events.length > 0; events = await reader.poll(view)) {
      for (const event of events) view = event.type === "rewind" ? event.ancestor : event.l1;
    }
  };
  const buildBlock = async (slot: number, index: number): Promise<{ data: Uint8Array; parentHash: Hex; hash: Hex }> => {
    const share = index === 0 ? inbox.due(slot, parent.inboxCount) : NO_MESSAGES;
    if (share === undefined) throw new Error(`the inbox was not read up to slot ${slot}'s cut-off`);
    const rules = { timetable, gasLimit: config("").l2.gasLimit };
    const id = await engine.startPayload(blockHash, attributesOf(rules, slot, index, COINBASE, share));
    const transfers = Array.from({ length: TRANSFERS }, () => transfer(nonce++));
    await engine.appendTransactions(id, await Promise.all(transfers), Number.POSITIVE_INFINITY);
    const payload = await engine.getPayload(id);
    return { data: encodeBlockData(payload), parentHash: payload.parentHash, hash: payload.blockHash };
  };
  const land = async (slot: number): Promise<void> => {
    await world.l1.provider.send("evm_mine", [slotStart(world.config, slot) - 1]);
    await readInbox();
    const due = inbox.due(slot, parent.inboxCount);
    const datas: Uint8Array[] = [];
    for (let index = 0; index < BLOCKS; index++) {
      const built = await buildBlock(slot, index);
      datas.push(built.data);
      blockHash = built.hash;
    }
    const number = Number((await engine.reader.getBlock(blockHash))?.blockNumber);
    const content = { inboxCount: due?.count ?? 0, outboxRoot: await outboxRootAfter(engine.reader, blockHash) };
    const sidecars = await Promise.all(encodeBlocks(datas, 3).map((blob) => kzg.sidecar(blob, 0)));
    const carried = sidecars.map((sidecar) => ({ sidecar, hash: versionedHash(sidecar.commitment) }));
    const header = headerOf(slot, { hash: blockHash, number }, content, COINBASE);
    const checkpoint = await makeCheckpoint(world, slot, parent, { header, blobs: carried });
    const timeSec = slotStart(world.config, slot) + 2;
    const data = buildCalldata({
      submissions: [checkpoint.submission],
      recipient: COINBASE,
      deadlineSec: Number.MAX_SAFE_INTEGER,
    });
    const mined = await mineCall(world, { from: world.senders.bonded, data, blobs: carried, timeSec });
    if (mined.error) throw new Error(`slot ${slot}: ${mined.error.message}`);
    for (const { hash, sidecar } of carried) blobs.set(hash, { blob: sidecar.data, l1TimestampSeconds: timeSec });
    parent = parentOf(checkpoint);
  };

  const lastSlot = FIRST_SLOT + slots - 1;
  for (let slot = FIRST_SLOT; slot <= lastSlot; slot++) {
    await land(slot);
    if (slot === lastSlot - 1) await settleSome(world, slot);
  }
  const { slot: settledSlot } = await getSettledTip({ provider: world.l1.provider, rollup: world.rollup });
  const close = async (): Promise<void> => {
    await engine.close();
    await world.l1.close();
    rmSync(directory, { recursive: true, force: true });
  };
  const nextBlock = async (): Promise<BlockProposal> => {
    const slot = lastSlot + 1;
    await world.l1.provider.send("evm_mine", [slotStart(world.config, lastSlot) + 4]);
    await readInbox();
    const { data, parentHash, hash } = await buildBlock(slot, 0);
    const unsigned = { slot, index: 0, attempt: 0, last: false, parentHash, blockHash: hash, data } as const;
    const proposer = await getProposer({ provider: world.l1.provider, rollup: world.rollup }, slot);
    const digest = blockProposalDigest(unsigned);
    const message = signingMessage("block", { ...identity, slot }, digest);
    return { ...unsigned, signature: BLS.sign(message, world.secretKeys[proposer] as Uint8Array) };
  };
  return { world, l1, timetable, config, blobs, lastSlot, settledSlot, lastBlockHash: blockHash, nextBlock, close };
}

/** All whose challenge window is over. */
async function settleSome(world: World, slot: number): Promise<void> {
  const { provider } = world.l1;
  const unsettled = await getUnsettled({ provider, rollup: world.rollup }, 1, await provider.getBlockNumber());
  const { challengeWindowEpochs, epochSlots } = world.config;
  const over = unsettled.filter(({ checkpoint }) => checkpoint.slot + challengeWindowEpochs * epochSlots + 2 <= slot);
  if (over.length === 0) return;
  const settlement = buildSettlement(over.map(({ log }) => log));
  await transact(world, world.senders.unbonded, "settle", settlement, slotStart(world.config, slot) + 6);
}

async function transfer(nonce: number): Promise<Hex> {
  return (await USER.signTransaction({
    type: 2,
    chainId: 77,
    nonce,
    to: `0x${"22".repeat(20)}`,
    value: 1n,
    gasLimit: 21_000,
    maxFeePerGas: 10n ** 10n,
    maxPriorityFeePerGas: 1n,
  })) as Hex;
}

function configOf({ config, rollup }: World, dataDir: string): AgentConfig {
  const p = DEVNET_PARAMETERS;
  return {
    name: rollup,
    dataDir,
    logLevel: "silent",
    l1: {
      rpcUrls: ["http://none"],
      accountKeys: [],
      warnBelowLandings: 50,
      claimFactor: 20,
      rpcTimeoutMs: 1_000,
      compareEveryMs: 60_000,
      deploymentFile: "none",
      blobWrapperVersion: 0,
      maxFeePerGasWei: 1n,
      maxFeePerBlobGasWei: 1n,
    },
    l2: {
      chainId: 77,
      genesisTimestamp: config.genesisTime,
      gasLimit: 30_000_000n,
      baseFeePerGasWei: 10n ** 9n,
      alloc: { [USER.address.toLowerCase() as Hex]: parseEther("1") },
    },
    timing: {
      blockSeconds: p.blockSeconds,
      minBlockSeconds: p.minBlockSeconds,
      flashblockMs: p.flashblockMs,
      hopSeconds: p.hopSeconds,
      proposalWindowSeconds: p.proposalWindowSeconds,
      maxUnsubmitted: p.maxUnsubmitted,
      clockDisparityMs: p.clockDisparityMs,
    },
    validators: [],
    silent: false,
    doppelgangerSlots: 0,
    p2p: { seed: `0x${"00".repeat(32)}`, listen: "/ip4/127.0.0.1/tcp/0", peers: [] },
    rpc: { host: "none", port: 0 },
  };
}
