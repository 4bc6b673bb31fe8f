import { expect } from "chai";
import { ACCOUNTS, eventsOf, fixtureOf, logsIn, type TestRollup } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { attests, evidenceOf, OTHER_DIGEST, skips } from "../support/evidence.ts";
import { addressOf } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

// As many as fit the creation transaction; the others register.
const GENESIS_SIZE = 64;
const FULL = 256;
/** More than two thirds of 256. */
const QUORUM = 171;
const SLOT = 8;
/** Most gas one transaction may have on L1 (EIP-7825). */
const TRANSACTION_GAS_LIMIT = 2 ** 24;
const NEWCOMER = addressOf(ACCOUNTS.stranger);

const load = fixtureOf({ validators: GENESIS_SIZE, config: SHORT_EPOCHS });

const { deployer, bonded, unbonded, challenger, stranger } = ACCOUNTS;

describe("a full set of 256", () => {
  let test: TestRollup;
  let restore: () => Promise<void>;

  before(async function () {
    this.timeout(180_000);
    test = await load();
    await test.connection.networkHelpers.time.increaseTo(test.time(0));
    for (let seed = GENESIS_SIZE; seed < FULL; seed++) await test.register(seed);
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    restore = () => snapshot.restore();
  });

  afterEach(() => restore());

  it("has every bit set, and no room for another", async () => {
    const [members, count] = await test.rollup.validatorSet(2);
    expect([members, count]).to.deep.equal([(1n << 256n) - 1n, 256n]);
    const attempt = test.attempt(stranger, "register", test.registration(0, NEWCOMER), {
      valueWei: test.config.stakeWei,
    });
    await reverts(attempt, "Validators__SetFull", { size: 256n, maximum: 256n });
  });

  it("has no room while one is leaving either: its index is not free yet", async () => {
    await test.call(deployer, "exit", [7]);
    const attempt = test.attempt(stranger, "register", test.registration(0, NEWCOMER), {
      valueWei: test.config.stakeWei,
    });
    await reverts(attempt, "Validators__SetFull", { size: 255n, maximum: 256n });
  });

  it("lands with 171 signers, verified, and not with 170", async function () {
    this.timeout(30_000);
    const short = test.checkpoint({ slot: SLOT, signers: range(QUORUM - 1) });
    await reverts(test.tryLand(unbonded, [short]), "Rollup__QuorumNotReached", { signed: 170n, setSize: 256n });
    const enough = test.checkpoint({ slot: SLOT, signers: range(FULL).slice(FULL - QUORUM) });
    await test.land(unbonded, [enough], { timeSec: test.time(SLOT, 1) });
  });

  it("lands with all 256", async () => {
    await test.land(unbonded, [test.checkpoint({ slot: SLOT, signers: range(FULL) })]);
    expect((await test.rollup.tips()).number).to.equal(1n);
  });

  it("can be challenged at a cost that a bond covers many times, with as many absent as can be", async () => {
    const forged = test.forged({ slot: SLOT, signers: range(QUORUM) });
    const logs = logsIn(await test.land(bonded, [forged]));
    const { gasUsed } = await test.call(challenger, "challenge", [logs]);
    expect((await test.rollup.tips()).number).to.equal(0n);
    // At 200 gwei, less than half of the half that is credited.
    expect(BigInt(gasUsed) * 200n * 10n ** 9n < test.config.bondWei / 4n).to.equal(true);
  });

  it("can be slashed as a whole in one transaction: all but the minimum leave", async function () {
    this.timeout(60_000);
    const all = range(FULL);
    const evidence = evidenceOf(test, SLOT, attests(all), attests(all, OTHER_DIGEST));
    const mined = await test.call(challenger, "slash", [evidence], {
      timeSec: test.time(SLOT),
      gasLimit: TRANSACTION_GAS_LIMIT,
    });
    expect(mined.gasUsed).to.be.below(TRANSACTION_GAS_LIMIT / 3);
    const slashed = eventsOf(mined).filter(({ type }) => type === "validator-slashed");
    expect(slashed.length).to.equal(FULL);
    expect(await test.rollup.creditOf(challenger.address)).to.equal((test.config.stakeWei / 2n) * BigInt(FULL));
    expect((await test.rollup.validatorSet(4)).members).to.equal(1n << 255n);
  });

  it("can be slashed by two statements whose keys take as long to find as can be", async function () {
    this.timeout(60_000);
    // Half of the set: as many keys to add up as to leave out.
    const evidence = evidenceOf(test, SLOT, attests(range(FULL / 2)), skips(range(FULL).slice(FULL / 2 - 1)));
    const mined = await test.call(challenger, "slash", [evidence], { timeSec: test.time(SLOT) });
    expect(eventsOf(mined)).to.have.length(2);
    expect((await test.rollup.validator(FULL / 2 - 1)).slashed).to.equal(true);
    expect(mined.gasUsed).to.be.below(TRANSACTION_GAS_LIMIT / 10);
  });
});
