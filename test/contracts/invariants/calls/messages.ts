import { parseEther } from "ethers";
import { buildWithdrawal } from "../../../../sdk/build/withdrawal.ts";
import type { InboxMessage } from "../../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";
import type { Action } from "../actions.ts";
import { isRefused } from "./accounts.ts";
import { oneOf, type Plan, partyOf, type Scene } from "./call.ts";

const GWEI = 10n ** 9n;
const CHANGE_DELAY_EPOCHS = 2;
const DEPOSITS_WEI = [GWEI, parseEther("0.3"), 7n * GWEI, GWEI - 1n, GWEI + 1n];
const FORCED: Hex[] = ["0x02aa", "0x02aabb", "0x", `0x${"02".repeat(1_025)}`];

export const deposit: Plan = (scene, { actor, pick }) => {
  const { messages, money, config, nowSec } = scene.model;
  const party = partyOf(scene, actor);
  const l2Recipient = partyOf(scene, pick).address;
  const amountWei = oneOf(DEPOSITS_WEI, pick) as bigint;
  const notWhole = amountWei % GWEI === 0n ? undefined : "Inbox__NotWholeGwei";
  return {
    party,
    name: "deposit",
    args: [l2Recipient],
    valueWei: amountWei,
    refusal: amountWei < config.minDepositWei ? "Inbox__DepositTooSmall" : notWhole,
    apply() {
      const index = messages.sent.length;
      messages.send({ index, depositor: party.address, l2Recipient, amountWei, timestamp: nowSec });
      money.bridgedWei += amountWei;
    },
  };
};

export const force: Plan = (scene, { actor, pick }) => {
  const { messages, chain, config, nowSec } = scene.model;
  const transaction = oneOf(FORCED, pick % 8 < 6 ? pick % 2 : pick) as Hex;
  const bytes = transaction.length / 2 - 1;
  const isFull = messages.isForcedFull(chain.tip.inboxCount);
  const refusal = bytes < 1 || bytes > config.maxForcedBytes ? "Inbox__ForcedLengthOutOfRange" : undefined;
  return {
    party: partyOf(scene, actor),
    name: "force",
    args: [transaction],
    refusal: refusal ?? (isFull ? "Inbox__ForcedFull" : undefined),
    apply: () => messages.send({ index: messages.sent.length, transaction, timestamp: nowSec }),
  };
};

/** A deposit, who says it is theirs, and its words in a call. */
function depositOf(scene: Scene, waiting: readonly InboxMessage[], { actor, pick, detail }: Action) {
  const message = oneOf(waiting, pick);
  if (message === undefined) return undefined;
  const isDeposit = "depositor" in message;
  const own = scene.world.parties.find(({ address }) => isDeposit && address === message.depositor);
  const party = own && detail % 8 !== 1 ? own : partyOf(scene, actor);
  const [to, amountWei] = isDeposit ? [message.l2Recipient, message.amountWei] : [party.address, GWEI];
  const { index, timestamp } = message;
  return { index, timestamp, amountWei, party, isTheirs: party === own, args: [index, to, amountWei, timestamp] };
}

/** Asks for a deposit back, as its depositor or as another. */
export const requestRefund: Plan = (scene, action) => {
  const { messages, chain, config, nowSec, epoch } = scene.model;
  const consumed = chain.tip.inboxCount;
  const found = depositOf(scene, messages.sent.slice(action.detail % 4 === 0 ? 0 : consumed), action);
  if (found === undefined) return undefined;
  const { index, timestamp, party, isTheirs, args } = found;
  const { refundWindowEpochs, epochSlots, slotSeconds } = config;
  return {
    party,
    name: "requestRefund",
    args,
    refusal: refusal(),
    apply: () => messages.requested.set(index, epoch + CHANGE_DELAY_EPOCHS),
  };

  function refusal(): string | undefined {
    if (!isTheirs) return "Inbox__DepositMismatch";
    if (index < consumed) return "Inbox__AlreadyConsumed";
    if (nowSec < timestamp + refundWindowEpochs * epochSlots * slotSeconds) return "Inbox__RefundTooEarly";
    return messages.requested.has(index) ? "Inbox__RefundRequested" : undefined;
  }
};

/** Takes back a deposit that was asked for, mostly; its epoch is that of the checkpoint that consumed it. */
export const refund: Plan = (scene, action) => {
  const { messages, chain, config, money, nowSec } = scene.model;
  const requested = messages.sent.filter(({ index }) => messages.requested.has(index));
  const found = depositOf(scene, action.detail % 4 === 0 ? messages.sent : requested, action);
  if (found === undefined) return undefined;
  const { index, amountWei, party, isTheirs, args } = found;
  const slot = chain.consumingSlot(index);
  const epoch = slot === undefined ? 0 : chain.epochOf(slot);
  return {
    party,
    name: "refund",
    args: [...args, epoch],
    refusal: refusal(),
    apply() {
      messages.refunded.add(index);
      money.bridgedWei -= amountWei;
      money.credit(party.address, amountWei);
    },
  };

  function refusal(): string | undefined {
    if (!isTheirs) return "Inbox__DepositMismatch";
    const fromEpoch = messages.requested.get(index);
    if (fromEpoch === undefined) return "Inbox__RefundNotRequested";
    const inForceSec = chain.startOf(fromEpoch * config.epochSlots) + config.handoffWindowSeconds;
    if (nowSec < inForceSec) return "Inbox__RefundTooEarly";
    if (slot !== undefined && epoch < fromEpoch) return "Inbox__AlreadyConsumed";
    if (messages.refunded.has(index)) return "Inbox__AlreadyRefunded";
    return amountWei > money.bridgedWei ? "Outbox__NotBridged" : undefined;
  }
};

/** L2 appends a withdrawal, at times of more than there is. */
export const withdrawOnL2: Plan = (scene, { actor, pick }) => {
  const { messages, money } = scene.model;
  messages.withdrawOnL2(partyOf(scene, actor).address, money.bridgedWei / BigInt(1 + (pick % 4)) + BigInt(pick % 2));
  return undefined;
};

export const withdraw: Plan = (scene, { actor, pick, detail }) => {
  const { model, world } = scene;
  const { messages, chain, money } = model;
  const roots = [...chain.settled, ...(detail % 4 === 0 ? chain.unsettled : [])].filter((one) => one.outboxSize > 0);
  const landed = oneOf(roots, pick);
  if (landed === undefined) return undefined;
  const withdrawal = messages.withdrawals[(detail >> 2) % landed.outboxSize]!;
  const siblings = messages.outbox.proof(withdrawal.index, landed.outboxSize);
  const owner = { chainId: world.test.chainId, rollup: world.test.address };
  return {
    party: partyOf(scene, actor),
    name: "withdraw",
    args: buildWithdrawal(owner, { log: landed.log, withdrawal, siblings }),
    refusal: refusal(landed),
    apply() {
      messages.withdrawn.add(withdrawal.index);
      money.bridgedWei -= withdrawal.amountWei;
      money.pay(withdrawal.recipient, withdrawal.amountWei);
    },
  };

  function refusal(root: typeof landed & {}): string | undefined {
    if (root.number > chain.settledTip.number) return "Outbox__NotSettled";
    if (!chain.holds(root)) return "Outbox__LogMismatch";
    if (messages.withdrawn.has(withdrawal.index)) return "Outbox__AlreadyWithdrawn";
    if (withdrawal.amountWei > money.bridgedWei) return "Outbox__NotBridged";
    return isRefused(scene, withdrawal.recipient) ? "Bonds__PaymentRefused" : undefined;
  }
};
