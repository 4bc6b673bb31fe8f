import { expect } from "chai";
import { ACCOUNTS, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";

// As many as fit the creation transaction; the others register.
const GENESIS_SIZE = 64;
const SIZE = 200;
const SLOT = 8;
/** Every fifth is absent: 40 of 200, spread over all words of keys. */
const SIGNERS = range(SIZE).filter((index) => index % 5 !== 2);
/** Gas of an L1 block. */
const BLOCK_GAS_LIMIT = 30_000_000;

const load = fixtureOf({ validators: GENESIS_SIZE, config: SHORT_EPOCHS });

const { bonded, unbonded, challenger } = ACCOUNTS;

describe("a set of 200 of which 40 are absent", () => {
  let test: TestRollup;
  let restore: () => Promise<void>;

  before(async function () {
    this.timeout(180_000);
    test = await load();
    await test.connection.networkHelpers.time.increaseTo(test.time(0));
    for (let seed = GENESIS_SIZE; seed < SIZE; seed++) await test.register(seed);
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    restore = () => snapshot.restore();
  });

  afterEach(() => restore());

  it("lands unverified at the price of a small set, and a challenge finds nothing wrong", async () => {
    const mined = await test.land(bonded, [test.checkpoint({ slot: SLOT, signers: SIGNERS })]);
    expect(landedIn(mined)[0]).to.include({ verified: false });
    const challenge = await test.attempt(challenger, "challenge", [logsIn(mined)]);
    expect(challenge.error?.name).to.equal("Challenges__AttestationValid");
    // Nobody's key is looked at. The first landing of all writes two words that were empty.
    expect(mined.gasUsed).to.be.below(120_000);
  });

  it("lands verified, for a fiftieth of a block", async () => {
    const mined = await test.land(unbonded, [test.checkpoint({ slot: SLOT, signers: SIGNERS })]);
    expect(landedIn(mined)[0]).to.include({ verified: true });
    expect(mined.gasUsed).to.be.below(BLOCK_GAS_LIMIT / 50);
  });

  it("is challenged for a fiftieth of a block, when those named signed something else", async () => {
    const forged = test.forged({ slot: SLOT, signers: SIGNERS });
    const logs = logsIn(await test.land(bonded, [forged]));
    const { gasUsed } = await test.call(challenger, "challenge", [logs]);
    expect((await test.rollup.tips()).number).to.equal(0n);
    expect(gasUsed).to.be.below(BLOCK_GAS_LIMIT / 50);
  });

  it("does not land with 133, and lands with 134", async () => {
    const attempt = await test.tryLand(bonded, [test.checkpoint({ slot: SLOT, signers: SIGNERS.slice(0, 133) })]);
    expect(attempt.error?.name).to.equal("Rollup__QuorumNotReached");
    await test.land(unbonded, [test.checkpoint({ slot: SLOT, signers: SIGNERS.slice(0, 134) })], {
      timeSec: test.time(SLOT, 1),
    });
  });
});
