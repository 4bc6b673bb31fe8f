import { expect } from "chai";
import { run, told } from "./run.ts";
import { type DeploymentName, World } from "./world.ts";

/** The deployment with dear blobs takes long to make. */
const SHORT: DeploymentName[] = ["plain", "proven", "single", "dense"];
const HISTORIES = 4;
const ACTIONS = 60;
/** `npm run test:deep` plays many more. */
const FIRST_SEED = Math.floor(Math.random() * 2 ** 31);

describe("invariants", () => {
  for (const name of SHORT) {
    it(`hold after every action of any history, deployed ${name}`, async function () {
      this.timeout(240_000);
      const world = await World.deploy(name);
      for (let seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
        const failure = await run(world, seed, ACTIONS, new Map());
        if (failure) expect.fail(told(failure));
      }
    });
  }
});
