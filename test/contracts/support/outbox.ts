import type { CheckpointLog } from "../../../sdk/build/log.ts";
import { buildWithdrawal, type WithdrawArguments } from "../../../sdk/build/withdrawal.ts";
import { type OutboxWithdrawal, outboxLeaf } from "../../../sdk/outbox/leaf.ts";
import { OutboxTree } from "../../../sdk/outbox/tree.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, logsIn, settlementOf, type TestRollup } from "../fixture.ts";
import { GENESIS, type Parent } from "./checkpoints.ts";
import { consuming } from "./inbox.ts";

const { stranger, unbonded } = ACCOUNTS;

/** An L2's outbox, and the checkpoints that take its root to L1, one a slot; they consume what messages are due. */
export class TestOutbox {
  readonly #test: TestRollup;
  readonly #tree = new OutboxTree();
  readonly withdrawals: OutboxWithdrawal[] = [];
  #parent: Parent;
  #slot: number;

  /** @param start Parent and slot of the first checkpoint. */
  constructor(test: TestRollup, start: { parent: Parent; slot: number } = { parent: GENESIS, slot: 1 }) {
    this.#test = test;
    this.#parent = start.parent;
    this.#slot = start.slot;
  }

  get owner() {
    return { chainId: this.#test.chainId, rollup: this.#test.address };
  }

  get root(): Hex {
    return this.#tree.root();
  }

  /** L2 appends a withdrawal, as that of `owner`, which is the rollup unless said otherwise. */
  add(recipient: Hex, amountWei: bigint, owner = this.owner): OutboxWithdrawal {
    const withdrawal = { index: this.withdrawals.length, recipient, amountWei };
    this.withdrawals.push(withdrawal);
    this.#tree.append(outboxLeaf(owner, withdrawal));
    return withdrawal;
  }

  /** Lands a checkpoint with the present root, verified; the coinbase may be given. */
  async land(coinbase?: Hex): Promise<{ log: CheckpointLog; settle: () => Promise<void> }> {
    const header = { outboxRoot: this.#tree.root(), ...(coinbase && { coinbase }) };
    const options = { slot: this.#slot, parent: this.#parent, header };
    const due = Number(await this.#test.rollup.inboxCountDue(this.#slot));
    const checkpoint = await consuming(this.#test, due, options);
    const mined = await this.#test.land(unbonded, [checkpoint]);
    this.#parent = checkpoint.tip;
    this.#slot++;
    const settle = async () => void (await this.#test.call(stranger, "settle", settlementOf(mined)));
    return { log: logsIn(mined)[0] as CheckpointLog, settle };
  }

  /** As `land`, and settles it. */
  async settle(coinbase?: Hex): Promise<CheckpointLog> {
    const { log, settle } = await this.land(coinbase);
    await settle();
    return log;
  }

  /** What proves a withdrawal by a checkpoint, which had the first `size` ones, by default all. */
  siblings(index: number, size = this.withdrawals.length): Hex[] {
    return this.#tree.proof(index, size);
  }

  /** Arguments of `withdraw`. */
  proof(log: CheckpointLog, withdrawal: OutboxWithdrawal, size?: number): WithdrawArguments {
    return buildWithdrawal(this.owner, { log, withdrawal, siblings: this.siblings(withdrawal.index, size) });
  }
}
