import { expect } from "chai";
import type { Reading } from "../world.ts";
import type { Plan } from "./call.ts";
import { candidateFor, landingCall, submitterOf } from "./landing.ts";

/** What a landing leaves that the next checkpoint, or anybody's ether, depends on: all but its log and fees paid to L1. */
function stateOf({ unsettled: _, balancesWei: __, ...state }: Reading): Omit<Reading, "unsettled" | "balancesWei"> {
  return state;
}

/** E9: the checkpoint of the current slot, landed at its last second in a rehearsal, and then late in earnest. */
export const landLateAsOnTime: Plan = async (scene, action) => {
  const { world, model } = scene;
  const { chain, config, slot } = model;
  const party = submitterOf(scene, action);
  const candidate = candidateFor(scene, action, slot, chain.tip, action.defect);
  const lateSec = chain.startOf(slot + 1) + (action.detail % config.handoffWindowSeconds);
  const epoch = chain.epochOf(chain.slotAt(lateSec));

  const snapshot = await world.test.connection.networkHelpers.takeSnapshot();
  model.nowSec = chain.startOf(slot + 1) - 1;
  const { name, args, blobs, refusal } = landingCall(scene, action, [candidate], party);
  const options = { timeSec: model.nowSec, baseFeeWei: action.baseFeeWei, ...(blobs && { blobs }) };
  const onTime = await party.send(name, args, options);
  expect(onTime.error?.name, "on time").to.equal(refusal);
  const expected = await world.read(epoch, model.members.indexCount);
  await snapshot.restore();

  model.nowSec = lateSec;
  const call = landingCall(scene, action, [candidate], party);
  expect(call.refusal, "E9 late as on time").to.equal(refusal);
  return { ...call, check: (reading) => expect(stateOf(reading), "E9").to.deep.equal(stateOf(expected)) };
};
