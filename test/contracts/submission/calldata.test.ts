import { expect } from "chai";
import { concat, dataSlice, keccak256, toBeHex } from "ethers";
import { CHECKPOINT_TYPE } from "../../../sdk/digest/checkpoint.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, fixtureOf, landedIn, type TestRollup } from "../fixture.ts";
import { claiming } from "../support/checkpoints.ts";
import { addressOf, mine } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf();

const { bonded, recipient } = ACCOUNTS;
const SLOT = 5;
const WORD = 32;
/** Selector, then offset, recipient, deadline and length: where the first submission begins. */
const SUBMISSION_AT = 4 + 4 * WORD;
/** Word of each field of a submission. */
const FIELDS = { blobCount: 0, slot: 1, inboxCount: 4, coinbase: 6, onTimeRecipient: 7, onTimeCapBps: 8, digest: 9 };
const HEADER_WORDS = 8;

function calldataOf(test: TestRollup): Hex {
  const { submission } = test.checkpoint({ slot: SLOT });
  const args = [[submission], recipient.address, test.time(SLOT)] as const;
  return test.rollup.interface.encodeFunctionData("submit", args as never) as Hex;
}

const wordAt = (data: Hex, word: number): Hex =>
  dataSlice(data, SUBMISSION_AT + word * WORD, SUBMISSION_AT + (word + 1) * WORD) as Hex;

function withWord(data: Hex, word: number, value: string): Hex {
  const at = SUBMISSION_AT + word * WORD;
  return concat([dataSlice(data, 0, at), value, dataSlice(data, at + WORD)]) as Hex;
}

/** The digest of a header taken word by word, whatever its words are: a bonded sender may claim any. */
function digestOf(test: TestRollup, data: Hex): string {
  const header = Array.from({ length: HEADER_WORDS }, (_, index) => wordAt(data, FIELDS.slot + index));
  const [blob] = test.blobs;
  const head = [CHECKPOINT_TYPE, toBeHex(test.chainId, WORD), concat([new Uint8Array(12), test.address])];
  const rest = [EMPTY_INBOX_HASH, EMPTY_INBOX_HASH, toBeHex(1, WORD), blob!.hash];
  return keccak256(concat([...head, ...header, ...rest]));
}

const send = (test: TestRollup, data: Hex) =>
  mine(test.connection, {
    from: bonded,
    to: test.address,
    data,
    blobs: test.blobs.slice(0, 1),
    timeSec: test.time(SLOT),
  });

describe("submit: calldata that no encoder makes", () => {
  it("lands as it is, to begin with", async () => {
    const test = await load();
    const data = calldataOf(test);
    expect(wordAt(data, FIELDS.digest)).to.equal(digestOf(test, data));
    expect(landedIn(await send(test, data))).to.have.length(1);
  });

  for (const field of ["blobCount", "slot", "inboxCount", "coinbase", "onTimeRecipient", "onTimeCapBps"] as const) {
    for (const bit of [255n, field === "coinbase" || field === "onTimeRecipient" ? 160n : 32n]) {
      it(`is refused with bit ${bit} of ${field} set, though the digest says so too`, async () => {
        const test = await load();
        const plain = calldataOf(test);
        const value = BigInt(wordAt(plain, FIELDS[field])) | (1n << bit);
        const dirty = withWord(plain, FIELDS[field], toBeHex(value, WORD));
        const mined = await send(test, withWord(dirty, FIELDS.digest, digestOf(test, dirty)));
        expect(mined.succeeded).to.equal(false);
        expect((await test.rollup.tips()).number).to.equal(0n);
      });
    }
  }

  it("is refused when it ends inside a submission", async () => {
    const test = await load();
    const data = calldataOf(test);
    for (const missing of [1, WORD, 10 * WORD]) {
      const mined = await mine(test.connection, {
        from: bonded,
        to: test.address,
        data: dataSlice(data, 0, (data.length - 2) / 2 - missing) as Hex,
        blobs: test.blobs.slice(0, 1),
        timeSec: test.time(SLOT, missing),
      });
      expect(mined.succeeded).to.equal(false);
    }
  });

  it("does not take a zero digest for genesis' own", async () => {
    const test = await load();
    const zero = claiming(test.checkpoint({ slot: SLOT }), { digest: EMPTY_INBOX_HASH });
    await reverts(test.tryLand(bonded, [zero]), "Rollup__SlotAlreadySubmitted", {
      slot: BigInt(SLOT),
      lastSubmittedSlot: 0n,
    });
    expect(await test.rollup.logHash(1)).to.equal(EMPTY_INBOX_HASH);
  });

  it("calls nothing when it carries ether", async () => {
    const test = await load();
    const attempt = await test.attempt(bonded, "poke", [], { valueWei: 1n, timeSec: test.time(SLOT) });
    expect(attempt.succeeded).to.equal(false);
    const plain = await mine(test.connection, {
      from: bonded,
      to: addressOf({ address: test.address }),
      data: "0x",
      valueWei: 1n,
    });
    expect(plain.succeeded).to.equal(false);
  });
});
