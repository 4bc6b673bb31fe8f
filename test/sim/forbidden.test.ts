import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { behindPort, ForbiddenError, forbidMachine, inSimulation } from "./forbidden.ts";

const SOURCES: Record<string, () => unknown> = {
  "Date.now": () => Date.now(),
  "new Date()": () => new Date(),
  "Math.random": () => Math.random(),
  "performance.now": () => performance.now(),
  setTimeout: () => clearTimeout(setTimeout(() => {}, 0)),
  setImmediate: () => clearImmediate(setImmediate(() => {})),
  "crypto.getRandomValues": () => crypto.getRandomValues(new Uint8Array(1)),
  "crypto.randomUUID": () => crypto.randomUUID(),
  randomBytes: () => randomBytes(1),
};

describe("the simulated program", () => {
  let permit: () => void;
  beforeEach(() => {
    permit = forbidMachine();
  });
  afterEach(() => permit());

  for (const [name, use] of Object.entries(SOURCES)) {
    it(`has no ${name} but behind a port`, async () => {
      expect(() => inSimulation(use)).to.throw(ForbiddenError);
      expect(() => inSimulation(() => behindPort(use))).not.to.throw();
      const later = inSimulation(async () => {
        await behindPort(() => new Promise<void>((resolve) => setImmediate(resolve)));
        return use();
      });
      expect(await later.catch((error: unknown) => error)).to.be.instanceOf(ForbiddenError);
      expect(use, "outside the simulation").not.to.throw();
    });
  }

  it("may name a time", () => {
    expect(inSimulation(() => new Date(0).getTime())).to.equal(0);
  });

  it("has its freedom back afterwards", () => {
    permit();
    expect(() => inSimulation(() => Date.now())).not.to.throw();
    permit = forbidMachine();
  });
});
