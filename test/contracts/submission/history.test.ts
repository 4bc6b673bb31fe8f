import { expect } from "chai";
import fc from "fast-check";
import { buildLog, buildLogHead, type CheckpointLog } from "../../../sdk/build/log.ts";
import { ACCOUNTS, fixtureOf, landedIn } from "../fixture.ts";
import { GENESIS, type Parent, type TestCheckpoint } from "../support/checkpoints.ts";

const load = fixtureOf({ config: { ringSize: 3 } });

const { otherBonded, unbonded, challenger, stranger } = ACCOUNTS;
const FIRST_SLOT = 3;
const HANDOFF = 48;
const RING = 3;

/** One step of a history; each takes place in the slot after the step before. */
type Step =
  | { kind: "land"; verified: boolean; late: boolean; forged: boolean }
  | { kind: "batch"; verified: boolean }
  | { kind: "repeat" }
  | { kind: "orphan" }
  | { kind: "challenge" }
  | { kind: "settle" };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("land" as const), verified: fc.boolean(), late: fc.boolean(), forged: fc.boolean() }),
  fc.record({ kind: fc.constant("batch" as const), verified: fc.boolean() }),
  fc.constantFrom(
    { kind: "repeat" } as const,
    { kind: "orphan" } as const,
    { kind: "challenge" } as const,
    { kind: "settle" } as const,
  ),
);

/** What the protocol says is on L1. */
interface Landed {
  checkpoint: TestCheckpoint;
  slot: number;
  log: CheckpointLog;
  verified: boolean;
  forged: boolean;
  late: boolean;
}

describe("any history of landings, challenges and settlements", () => {
  it("leaves exactly what the rules say: what was signed, or what nobody has challenged yet", async function () {
    this.timeout(120_000);
    const test = await load();
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9 }), async (history) => {
        await snapshot.restore();
        const unsettled: Landed[] = [];
        let settled = 0;
        let settledTip: Parent = GENESIS;
        let refill = 0;
        const tip = (): Parent => unsettled.at(-1)?.checkpoint.tip ?? settledTip;
        let now = FIRST_SLOT;
        for (const one of history) {
          now += 2;
          if (one.kind === "land") {
            const slot = one.late ? now - 1 : now;
            const options = { slot, parent: tip(), salt: `${history.length}` };
            const checkpoint = one.forged ? test.forged(options) : test.checkpoint(options);
            const from = one.verified ? unbonded : otherBonded;
            // A challenge may have taken the bond; then its owner is verified like anyone.
            const { active } = await test.rollup.bondOf(from.address);
            const lands = unsettled.length < RING && (active || !one.forged);
            const mined = await test.tryLand(from, [checkpoint], { timeSec: test.time(now, HANDOFF - 1) });
            expect(mined.succeeded, JSON.stringify(one)).to.equal(lands);
            const [landed] = landedIn(mined);
            if (landed) {
              expect(landed).to.include({ verified: !active, late: one.late && slot > refill });
              unsettled.push({
                checkpoint,
                slot,
                log: buildLog(landed),
                verified: !active,
                forged: one.forged,
                late: landed.late,
              });
            }
          } else if (one.kind === "batch") {
            const pair = test.chain([now - 1, now], { parent: tip() });
            const from = one.verified ? unbonded : otherBonded;
            const { active } = await test.rollup.bondOf(from.address);
            const mined = await test.tryLand(from, pair, { timeSec: test.time(now) });
            expect(mined.succeeded).to.equal(unsettled.length + 2 <= RING);
            for (const [index, landed] of landedIn(mined).entries()) {
              const checkpoint = pair[index]!;
              const { slot, late } = landed;
              unsettled.push({ checkpoint, slot, log: buildLog(landed), verified: !active, forged: false, late });
            }
          } else if (one.kind === "repeat") {
            const last = unsettled.at(-1);
            if (last)
              expect((await test.tryLand(unbonded, [last.checkpoint], { timeSec: test.time(now) })).succeeded).to.equal(
                false,
              );
          } else if (one.kind === "orphan") {
            const stranded = test.checkpoint({ slot: now - 1, parent: tip(), salt: "never landed" });
            const orphan = test.checkpoint({ slot: now, parent: stranded.tip });
            expect((await test.tryLand(otherBonded, [orphan])).succeeded).to.equal(false);
          } else if (one.kind === "challenge") {
            const accused = unsettled.at(-1);
            if (!accused) continue;
            const mined = await test.attempt(challenger, "challenge", [[accused.log]], { timeSec: test.time(now) });
            const convicted = accused.forged && !accused.verified;
            expect(mined.succeeded).to.equal(convicted);
            if (convicted) {
              unsettled.pop();
              refill = Math.max(refill, accused.slot);
            }
          } else {
            const heads = unsettled.map(({ log }) => buildLogHead(log));
            await test.attempt(stranger, "settle", [heads], { timeSec: test.time(now, HANDOFF) });
            // Only verified ones: no challenge window is over within a history. A late one also waits for a child that
            // confirms it and can be challenged; that such a child can land no more is so, two slots on.
            while (unsettled[0]?.verified) {
              const [first, child] = unsettled as [Landed, Landed?];
              const open = first.late && child !== undefined && child.slot === first.slot + 1 && !child.verified;
              if (open) break;
              unsettled.shift();
              settled += 1;
              settledTip = first.checkpoint.tip;
            }
          }
          const { number, digest } = await test.rollup.tips();
          expect(number, `after ${JSON.stringify(one)}`).to.equal(BigInt(settled + unsettled.length));
          expect(digest).to.equal(BigInt(tip().digest));
          expect((await test.rollup.settledTip()).number).to.equal(BigInt(settled));
        }
      }),
      { numRuns: 25 },
    );
  });
});
