import { expect } from "chai";
import { AGENT_NAMES } from "../../../deploy/devnet/agents.ts";
import { type DevnetReport, type SlotReport, THIRD_PARTY } from "../../../deploy/devnet/report.ts";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";

const NOTHING = { submitter: null, onTime: null, gasUsed: null, l1Block: null, batch: false, blocks: 0, txs: 0 };
const MOST_BLOCKS = DEVNET_PARAMETERS.slotSeconds / DEVNET_PARAMETERS.blockSeconds;

/** Every field of a report fits the others, whatever happened in the run. */
export function expectConsistent({ slots, totals }: DevnetReport): void {
  expect(slots.map(({ slot }) => slot)).to.deep.equal(slots.map((_, index) => index + 1));
  const landed = slots.filter(({ status }) => status === "submitted");
  for (const row of slots) {
    expect(AGENT_NAMES, `slot ${row.slot}`).to.include(row.proposer);
    if (row.status === "lost") expect(row, `slot ${row.slot}`).to.deep.include(NOTHING);
    else expectLanded(row, landed);
  }
  const l1Blocks = landed.map(({ l1Block }) => l1Block as number);
  expect(l1Blocks, "L1 blocks").to.deep.equal([...l1Blocks].sort((a, b) => a - b));
  const count = (matches: (row: SlotReport) => boolean): number => slots.filter(matches).length;
  expect(totals).to.deep.include({
    slots: slots.length,
    submitted: landed.length,
    onTime: count(({ onTime }) => onTime === true),
    late: count(({ onTime }) => onTime === false),
    lost: count(({ status }) => status === "lost"),
    blocks: slots.reduce((sum, { blocks }) => sum + blocks, 0),
    txs: slots.reduce((sum, { txs }) => sum + txs, 0),
  });
  expect(totals.load.landed + totals.load.lost).to.equal(totals.load.sent);
  // What the load follows is all there is on L2; what a lost checkpoint held may land after the last slot.
  if (totals.lost === 0) expect(totals.load.landed).to.be.at.most(totals.txs);
}

function expectLanded(row: SlotReport, landed: SlotReport[]): void {
  const { slot, signers, validators, blocks, gasUsed, batch, submitter, l1Block } = row;
  const name = `slot ${slot}`;
  expect([...AGENT_NAMES, THIRD_PARTY], name).to.include(submitter);
  expect(3 * signers, name).to.be.greaterThan(2 * validators);
  expect(signers, name).to.be.at.most(validators);
  expect(blocks, name).to.be.within(1, MOST_BLOCKS);
  expect(gasUsed, name).to.be.greaterThan(21_000);
  const company = landed.filter((other) => other.l1Block === l1Block && other.submitter === submitter);
  expect(company.length, name).to.equal(batch ? 2 : 1);
  if (batch) expect(new Set(company.map((other) => other.gasUsed)).size, name).to.equal(1);
}
