import { expect } from "chai";
import { Interface } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { assertLogsComplete, readContractState } from "../../../sdk/agent/l1/contract-state.ts";
import { L1AnswerError } from "../../../sdk/agent/l1/endpoints/interface.ts";
import { ROLLUP, word } from "../store/fixtures.ts";

const abi = new Interface(ROLLUP_ABI);

describe("the rollup's own words at an L1 block", () => {
  it("are that it has nothing, where it is not deployed yet: an agent that was ended there starts again", async () => {
    const state = await readContractState({ send: () => Promise.resolve("0x") }, ROLLUP, word(1));
    expect(state).to.deep.include({ tipNumber: 0, messages: 0 });
    assertLogsComplete(state, { tip: { number: 0, digest: undefined }, messages: 0 });
    expect(() => assertLogsComplete(state, { tip: { number: 0, digest: undefined }, messages: 1 })).to.throw(
      L1AnswerError,
    );
  });

  it("are not made up where a node answers otherwise", async () => {
    const total = abi.encodeFunctionResult("inboxTotal", [3]);
    const broken = { send: (_: string, params: unknown[]) => Promise.resolve(isTotal(params) ? total : "0x00") };
    let refused: unknown;
    await readContractState(broken, ROLLUP, word(1)).catch((error) => (refused = error));
    expect(String(refused)).to.contain("tips");
  });
});

const isTotal = ([call]: unknown[]): boolean =>
  (call as { data: string }).data.startsWith(abi.getFunction("inboxTotal")?.selector as string);
