import { WorkerEngine } from "../../../sdk/agent/engine/worker/worker-engine.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { testToken } from "../../support/erc20.ts";
import { build, genesis, setHead, sign, transfer, wallets } from "./fixture.ts";

// Builds blocks on the head of a database until it is killed, and says what it was promised: "built" once a block came
// out, "head" once the engine answered that it is the head.
const [path] = process.argv.slice(2) as [string];
const engine = await WorkerEngine.open({ path, genesis }, { onCrash: () => process.exit(1) });
const [alice, bob] = wallets as [(typeof wallets)[number], (typeof wallets)[number]];

for (;;) {
  const head = await engine.getBlock("latest");
  if (head === undefined) throw new Error("a head is always there");
  const { nonce } = await engine.getAccount(alice.address as Hex, "latest");
  const { payload } = await build(engine, head, [
    await transfer(alice, nonce, bob.address),
    await sign(alice, { nonce: nonce + 1, data: testToken().bytecode, gasLimit: 2_000_000 }),
  ]);
  console.log(`built ${payload.blockHash}`);
  await setHead(engine, payload.blockHash);
  console.log(`head ${payload.blockHash}`);
}
