import { createKzg } from "../../../sdk/blob/kzg.ts";
import { buildCalldata } from "../../../sdk/build/calldata.ts";
import { buildSettlement } from "../../../sdk/build/log.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import { slotStart } from "../../../sdk/get/config.ts";
import { getInboxHash } from "../../../sdk/get/inbox.ts";
import { getUnsettled } from "../../../sdk/get/unsettled.ts";
import type { SubmitPolicy } from "../../../sdk/submit/policy.ts";
import { IndependentSubmitter, type IndependentSubmitterOptions } from "../../../sdk/submitter/submitter.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { CertifiedCheckpoint, CheckpointSource } from "../../../sdk/watch/source.ts";
import { GENESIS, makeCheckpoint, type Parent, parentOf, type TestCheckpoint } from "../world/checkpoints.ts";
import { mineCall, transact } from "../world/transact.ts";
import type { Sender, World } from "../world/world.ts";

/** The data of the first of a world's blobs. */
export const BLOCK_DATAS = [new Uint8Array(100).fill(1)];

export const kzg = createKzg();

/** A checkpoint as a stranger's node would tell of it. */
export async function certified(
  world: World,
  checkpoint: TestCheckpoint,
  parent: Parent,
): Promise<CertifiedCheckpoint> {
  const { submission, blobs } = checkpoint;
  const { inboxCount } = submission.header;
  const ref = { provider: world.l1.provider, rollup: world.rollup };
  return {
    submission,
    parentDigest: parent.digest,
    inboxHash: inboxCount > parent.inboxCount ? await getInboxHash(ref, inboxCount) : EMPTY_INBOX_HASH,
    blobHashes: blobs.map(({ hash }) => hash),
  };
}

/** A source that tells what a test puts in. */
export function listSource(...checkpoints: CertifiedCheckpoint[]): CheckpointSource & { list: CertifiedCheckpoint[] } {
  return {
    list: checkpoints,
    async certified() {
      return [...this.list];
    },
    blockDatas: async () => BLOCK_DATAS,
  };
}

/** A submitter of one of the world's accounts, final after one block. */
export function openSubmitter(
  world: World,
  sender: Sender,
  source: CheckpointSource,
  changes: Partial<IndependentSubmitterOptions> = {},
): Promise<IndependentSubmitter> {
  const { provider, blobWrapperVersion, poolsBlobs } = world.l1;
  const policy: Partial<SubmitPolicy> = {
    blobWrapperVersion,
    minesOnArrival: !poolsBlobs,
    confirmations: 1,
    ...changes.policy,
  };
  const signer = world.senders[sender];
  return IndependentSubmitter.open({ provider, signer, rollup: world.rollup, source, kzg, ...changes, policy });
}

const WARM_SLOTS = [5, 6, 7, 8];
/** A slot whose checkpoint finds every word it writes written before, as in a rollup that has run for a while. */
export const SLOT = 10;

/** Lands and settles as many checkpoints as the ring holds. @returns the parent of `SLOT`'s checkpoint. */
export async function warmUp(world: World): Promise<Parent> {
  const ref = { provider: world.l1.provider, rollup: world.rollup };
  const fromBlock = await world.l1.provider.getBlockNumber();
  let parent = GENESIS;
  for (const slot of WARM_SLOTS) {
    const { submission, blobs } = await makeCheckpoint(world, slot, parent);
    const timeSec = slotStart(world.config, slot);
    const call = { submissions: [submission], recipient: world.rollup, deadlineSec: timeSec };
    // Verified, and so settled without waiting.
    const mined = await mineCall(world, { from: world.senders.unbonded, data: buildCalldata(call), blobs, timeSec });
    if (mined.error) throw new Error(mined.error.message);
    parent = parentOf({ submission, blobs });
  }
  const logs = await getUnsettled(ref, fromBlock, await world.l1.provider.getBlockNumber());
  const settlement = buildSettlement(logs.map(({ log }) => log));
  await transact(world, world.senders.unbonded, "settle", settlement, slotStart(world.config, 9));
  return parent;
}

/** Moments of a checkpoint's slot and of the window after it, Unix seconds. */
export function momentsOf({ config }: World, slot: number) {
  const late = slotStart(config, slot + 1);
  return {
    start: slotStart(config, slot),
    successor: late,
    open: late + config.successorWindowSeconds,
    closes: late + config.handoffWindowSeconds,
  };
}

export const addressOf = (wallet: { address: string }): Hex => wallet.address.toLowerCase() as Hex;
