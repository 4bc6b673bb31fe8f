import { oneOf, type Plan } from "./call.ts";

/** Ether sent to the rollup without a call, which it refuses. */
export const sendEther: Plan = ({ world }) => ({
  party: world.sender,
  name: "plain ether",
  args: [],
  valueWei: 1n,
  send: (options) => world.sendEther(options),
  refusal: "Rollup__UnexpectedEther",
  apply: () => {},
});

/** Ether that comes without a transaction, as at the end of a contract that names the rollup its heir. */
export const forceEther: Plan = async ({ world, model }, { pick }) => {
  const wei = 1n + BigInt(pick);
  await world.forceEther(wei);
  model.money.forcedWei += wei;
  return undefined;
};

/** The contract among the parties takes ether from now on, or refuses it. */
export const react: Plan = ({ world, model }, { pick }) => {
  const contract = world.parties.at(-1)!;
  const reaction = oneOf(["refuse", "accept"] as const, pick)!;
  return {
    party: contract,
    name: "react",
    args: [],
    send: (options) => world.contract.react(reaction, undefined, [], options),
    refusal: undefined,
    apply() {
      model.refuses = reaction === "refuse";
    },
  };
};
