import { keccak256, Transaction } from "ethers";
import type { ForcedMessage, InboxMessage } from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { Violation } from "../violation.ts";

const WEI_PER_GWEI = 10n ** 9n;

/**
 * What L1's inbox was sent arrives on L2 once, in order and whole, and what was forced is executed in the very block
 * that consumes it, if it is a transaction: here each is its sender's first. Judged by L1's events and the blocks alone.
 * @param messages As L1 has them now, from the first on.
 * @param blocks A chain that is on L1, oldest first.
 * @throws Violation.
 */
export function checkInbox(messages: readonly InboxMessage[], blocks: readonly ExecutionPayload[]): void {
  const executed = new Set<Hex>();
  let next = 0;
  for (const { withdrawals, transactions, blockNumber } of blocks) {
    const forced: ForcedMessage[] = [];
    for (const { index, address, amountGwei } of withdrawals) {
      const message = messages[next];
      const [whom, wei] = message === undefined ? ["nobody", 0n] : creditOf(message);
      if (index !== next || address.toLowerCase() !== whom || amountGwei * WEI_PER_GWEI !== wei) {
        const found = `message ${index}, ${amountGwei} gwei for ${address}`;
        throw new Violation(
          "each deposit is credited once",
          `block ${blockNumber}: expected message ${next} for ${whom}, found ${found}`,
        );
      }
      if (message !== undefined && "transaction" in message) forced.push(message);
      next++;
    }
    const included = new Set(transactions);
    for (const { transaction, index } of forced) {
      if (!isTransaction(transaction) || executed.has(transaction) || included.has(transaction)) continue;
      throw new Violation("what is forced and valid is executed", `message ${index}, due in block ${blockNumber}`);
    }
    for (const raw of transactions) executed.add(raw);
  }
}

/** Whom a message credits, and with how much: a forced transaction is a credit of nothing that names it. */
function creditOf(message: InboxMessage): [Hex, bigint] {
  if (!("transaction" in message)) return [message.l2Recipient.toLowerCase() as Hex, message.amountWei];
  return [`0x${keccak256(message.transaction).slice(-40)}`, 0n];
}

function isTransaction(raw: Hex): boolean {
  try {
    Transaction.from(raw);
    return true;
  } catch {
    return false;
  }
}
