import { expect } from "chai";
import fc from "fast-check";
import { buildLog, buildSettlement, type CheckpointLog } from "../../../sdk/build/log.ts";
import type { LandedCheckpoint } from "../../../sdk/get/landed.ts";
import { ACCOUNTS, landedIn, type TestRollup } from "../fixture.ts";
import { GENESIS, type Parent, type TestCheckpoint } from "./checkpoints.ts";

/** One step of a history; each takes place two slots after the one before. */
export type Step =
  | { kind: "land"; verified: boolean; late: boolean; forged: boolean }
  | { kind: "batch"; verified: boolean }
  | { kind: "repeat" | "orphan" | "challenge" | "settle" };

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("land" as const), verified: fc.boolean(), late: fc.boolean(), forged: fc.boolean() }),
  fc.record({ kind: fc.constant("batch" as const), verified: fc.boolean() }),
  fc.record({ kind: fc.constantFrom("repeat" as const, "orphan" as const, "challenge" as const, "settle" as const) }),
);

interface Landed {
  checkpoint: TestCheckpoint;
  log: CheckpointLog;
  slot: number;
  late: boolean;
  verified: boolean;
  /** Nobody signed it. */
  forged: boolean;
}

const { otherBonded, unbonded, challenger, stranger } = ACCOUNTS;
const FIRST_SLOT = 3;

/** The protocol's rules of landing, challenging and settling, beside the contract: each step foresees its outcome. */
export class History {
  readonly #test: TestRollup;
  readonly #unsettled: Landed[] = [];
  #settled = 0;
  #settledTip: Parent = GENESIS;
  #refillSlot = 0;
  #now = FIRST_SLOT;

  constructor(test: TestRollup) {
    this.#test = test;
  }

  /** Takes a step, requires the outcome that the rules say, and then the contract to stand where the model does. */
  async take(step: Step): Promise<void> {
    this.#now += 2;
    if (step.kind === "land") await this.#land(step);
    else if (step.kind === "batch") await this.#landTwo(step);
    else if (step.kind === "repeat") await this.#repeat();
    else if (step.kind === "orphan") await this.#landOrphan();
    else if (step.kind === "challenge") await this.#challenge();
    else await this.#settle();
    const { rollup } = this.#test;
    const { number, digest } = await rollup.tips();
    expect(number, `tip after ${step.kind}`).to.equal(BigInt(this.#settled + this.#unsettled.length));
    expect(digest).to.equal(BigInt(this.#tip.digest));
    expect((await rollup.settledTip()).number, `settled after ${step.kind}`).to.equal(BigInt(this.#settled));
  }

  get #tip(): Parent {
    return this.#unsettled.at(-1)?.checkpoint.tip ?? this.#settledTip;
  }

  /** Room in the ring. */
  get #room(): number {
    return this.#test.config.ringSize - this.#unsettled.length;
  }

  async #land({ verified, late, forged }: Extract<Step, { kind: "land" }>): Promise<void> {
    const slot = late ? this.#now - 1 : this.#now;
    const options = { slot, parent: this.#tip };
    const checkpoint = forged ? this.#test.forged(options) : this.#test.checkpoint(options);
    const { from, bonded } = await this.#sender(verified);
    const timeSec = this.#test.time(this.#now, this.#test.config.handoffWindowSeconds - 1);
    const mined = await this.#test.tryLand(from, [checkpoint], { timeSec });
    expect(mined.succeeded).to.equal(this.#room >= 1 && (bonded || !forged));
    const [landed] = landedIn(mined);
    if (!landed) return;
    expect(landed).to.include({ verified: !bonded, late: late && slot > this.#refillSlot });
    this.#add(checkpoint, landed, forged);
  }

  async #landTwo({ verified }: Extract<Step, { kind: "batch" }>): Promise<void> {
    const pair = this.#test.chain([this.#now - 1, this.#now], { parent: this.#tip });
    const { from } = await this.#sender(verified);
    const mined = await this.#test.tryLand(from, pair);
    expect(mined.succeeded).to.equal(this.#room >= 2);
    for (const [index, landed] of landedIn(mined).entries()) this.#add(pair[index]!, landed, false);
  }

  async #repeat(): Promise<void> {
    const last = this.#unsettled.at(-1);
    if (!last) return;
    const mined = await this.#test.tryLand(unbonded, [last.checkpoint], { timeSec: this.#test.time(this.#now) });
    expect(mined.succeeded).to.equal(false);
  }

  async #landOrphan(): Promise<void> {
    const stranded = this.#test.checkpoint({ slot: this.#now - 1, parent: this.#tip, salt: "never landed" });
    const orphan = this.#test.checkpoint({ slot: this.#now, parent: stranded.tip });
    expect((await this.#test.tryLand(otherBonded, [orphan])).succeeded).to.equal(false);
  }

  async #challenge(): Promise<void> {
    const accused = this.#unsettled.at(-1);
    if (!accused) return;
    const timeSec = this.#test.time(this.#now);
    const mined = await this.#test.attempt(challenger, "challenge", [[accused.log]], { timeSec });
    expect(mined.succeeded).to.equal(accused.forged);
    if (!accused.forged) return;
    this.#unsettled.pop();
    this.#refillSlot = Math.max(this.#refillSlot, accused.slot);
  }

  /** Only verified ones settle: no challenge window is over within a history. A late one also waits for its child. */
  async #settle(): Promise<void> {
    const settlement = buildSettlement(this.#unsettled.map(({ log }) => log));
    const timeSec = this.#test.time(this.#now, this.#test.config.handoffWindowSeconds);
    const mined = await this.#test.attempt(stranger, "settle", settlement, { timeSec });
    const before = this.#settled;
    while (this.#unsettled[0]?.verified) {
      const [first, child] = this.#unsettled as [Landed, Landed?];
      if (first.late && child?.slot === first.slot + 1 && !child.verified) break;
      this.#unsettled.shift();
      this.#settled += 1;
      this.#settledTip = first.checkpoint.tip;
    }
    expect(mined.succeeded).to.equal(this.#settled > before);
  }

  #add(checkpoint: TestCheckpoint, landed: LandedCheckpoint, forged: boolean): void {
    const { slot, late, verified } = landed;
    this.#unsettled.push({ checkpoint, log: buildLog(landed), slot, late, verified, forged });
  }

  /** A challenge may have taken the bond; then its owner is verified like anyone. */
  async #sender(verified: boolean) {
    const from = verified ? unbonded : otherBonded;
    const { active } = await this.#test.rollup.bondOf(from.address);
    return { from, bonded: active };
  }
}
