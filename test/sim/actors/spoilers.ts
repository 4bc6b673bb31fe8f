import type { BlockProposal } from "../../../sdk/agent/types/messages.ts";
import { decodeBlockData } from "../../../sdk/blob/blockData.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { Withdrawal } from "../../../sdk/types/payload.ts";
import type { Delivery, Message, Scheme } from "./interface.ts";
import { liarOf, twinOf } from "./twins.ts";
import type { Villain } from "./villain.ts";

const OTHER_ACCOUNT: Hex = `0x${"bad1".repeat(10)}`;
const isFirst = (message: Message): message is Extract<Message, { topic: "blocks" }> =>
  message.topic === "blocks" && message.said.index === 0 && message.said.attempt === 0;
const only = (said: BlockProposal | undefined): Delivery[] | undefined =>
  said && [{ message: { topic: "blocks", said } }];

/** The proposal names blobs that nobody has. */
export function otherBlobs(villain: Villain): Scheme {
  return {
    async say(message) {
      if (message.topic !== "checkpoints") return undefined;
      const { signature: _, ...content } = message.said;
      const blobHashes = content.blobHashes.map((hash): Hex => `${hash.slice(0, -4)}dead` as Hex);
      villain.note(`proposes other blobs than its own in slot ${content.header.slot}`);
      return [{ message: { topic: "checkpoints", said: villain.signProposal({ ...content, blobHashes }) } }];
    },
  };
}

/** One block of a slot has the wrong state. */
export function wrongState(villain: Villain): Scheme {
  let slot = 0;
  let spoilt = 0;
  return {
    async say(message) {
      if (message.topic !== "blocks") return undefined;
      const { said } = message;
      if (said.slot !== slot) {
        slot = said.slot;
        spoilt = villain.chance.whole(0, 6);
      }
      if (said.index !== spoilt) return undefined;
      villain.note(`lies about the state after block ${said.slot}.${said.index}`);
      return only(liarOf(villain, said));
    },
  };
}

/** The first block leaves out what it was forced to take; where nothing is forced it stays as it is. */
export function skipsForced(villain: Villain): Scheme {
  return {
    async say(message) {
      if (!isFirst(message)) return undefined;
      const { withdrawals, transactions } = decodeBlockData(message.said.data);
      const forced = withdrawals.filter(({ amountGwei }) => amountGwei === 0n).length;
      if (forced === 0) return undefined;
      villain.note(`leaves out what is forced upon slot ${message.said.slot}`);
      return only(await twinOf(villain, message.said, { transactions: transactions.slice(forced) }));
    },
  };
}

/** The first block leaves out a message, or takes one that does not exist. */
export function wrongInbox(villain: Villain): Scheme {
  return {
    async say(message) {
      if (!isFirst(message)) return undefined;
      const { withdrawals } = decodeBlockData(message.said.data);
      const index = (withdrawals.at(-1)?.index ?? 0) + 1;
      const made: Withdrawal = { index, validatorIndex: 0, address: OTHER_ACCOUNT, amountGwei: 1_000_000n };
      const wrong =
        withdrawals.length > 0 && villain.chance.hits(0.5) ? withdrawals.slice(0, -1) : [...withdrawals, made];
      villain.note(`takes ${wrong.length} messages instead of ${withdrawals.length} in slot ${message.said.slot}`);
      return only(await twinOf(villain, message.said, { withdrawals: wrong }));
    },
  };
}

/** The first block stands on the block before its parent. */
export function wrongParent(villain: Villain): Scheme {
  return {
    async say(message) {
      if (!isFirst(message)) return undefined;
      const parent = villain.haunts.execution.payload(message.said.parentHash);
      if (parent === undefined) return undefined;
      villain.note(`builds slot ${message.said.slot} on the wrong block`);
      return only(await twinOf(villain, message.said, { parentHash: parent.parentHash }));
    },
  };
}

/** In the middle of a slot a second attempt begins on the same parent. */
export function sameParentAgain(villain: Villain): Scheme {
  let first: BlockProposal | undefined;
  return {
    async say(message) {
      if (message.topic !== "blocks" || message.said.attempt !== 0) return undefined;
      if (message.said.index === 0) first = message.said;
      if (first?.slot !== message.said.slot || message.said.index !== 4) return undefined;
      villain.note(`begins slot ${first.slot} again on the same parent`);
      const again = await twinOf(villain, { ...first, attempt: 1 }, { feeRecipient: OTHER_ACCOUNT });
      return again && [{ message }, { message: { topic: "blocks", said: again } }];
    },
  };
}

/** After the proposal a second attempt begins, on the parent's parent. */
export function spentSlotAgain(villain: Villain): Scheme {
  let first: BlockProposal | undefined;
  return {
    async say(message) {
      if (isFirst(message)) first = message.said;
      if (message.topic !== "checkpoints" || first?.slot !== message.said.header.slot) return undefined;
      const parent = villain.haunts.execution.payload(first.parentHash);
      if (parent === undefined) return undefined;
      villain.note(`begins slot ${first.slot} again after its proposal`);
      const again = await twinOf(villain, { ...first, attempt: 1 }, { parentHash: parent.parentHash });
      return again && [{ message }, { message: { topic: "blocks", said: again } }];
    },
  };
}
