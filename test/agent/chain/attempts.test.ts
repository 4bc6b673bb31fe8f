import { expect } from "chai";
import { type AttemptsMade, attemptOn } from "../../../sdk/agent/chain/attempts.ts";
import { hash } from "./support.ts";

const [A, B, C] = [hash("parent a"), hash("parent b"), hash("parent c")];
const NONE: AttemptsMade = { isProposed: false, isSigned: [false, false], parents: {}, draft: undefined };
const ONE: AttemptsMade = { ...NONE, isSigned: [true, false], parents: { 0: A } };

describe("the attempt a proposer begins", () => {
  const cases: [name: string, made: AttemptsMade, base: typeof A, attempt: 0 | 1 | undefined][] = [
    ["is the first when nothing was signed", NONE, A, 0],
    ["is the second on another parent", ONE, B, 1],
    ["is none on the parent of the first", ONE, A, undefined],
    ["is none when both were signed", { ...ONE, isSigned: [true, true], parents: { 0: A, 1: B } }, C, undefined],
    ["is none once the proposal was signed", { ...ONE, isProposed: true }, B, undefined],
    ["is the first again when its block was lost", { ...ONE, parents: {}, draft: { attempt: 0, baseHash: A } }, A, 0],
    [
      "is the second when the first was lost and its parent is gone",
      { ...ONE, parents: {}, draft: { attempt: 0, baseHash: A } },
      B,
      1,
    ],
    [
      "is the second again when its block was lost",
      { ...ONE, isSigned: [true, true], draft: { attempt: 1, baseHash: B } },
      B,
      1,
    ],
    ["is none when nobody knows what the first was built on", { ...ONE, parents: {} }, B, undefined],
  ];
  for (const [name, made, base, attempt] of cases) {
    it(name, () => expect(attemptOn(base, made)).to.equal(attempt));
  }
});
