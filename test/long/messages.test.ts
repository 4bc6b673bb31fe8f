import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Contract, HDNodeWallet, Interface, JsonRpcProvider, keccak256, parseEther, Wallet } from "ethers";
import { WALLET } from "../../deploy/devnet/accounts.ts";
import { L2_CHAIN_ID } from "../../deploy/devnet/agents.ts";
import { L2_OUTBOX_ABI } from "../../sdk/abi/generated/l2Outbox.ts";
import { ROLLUP_ABI } from "../../sdk/abi/generated/rollup.ts";
import { buildLog } from "../../sdk/build/log.ts";
import { buildWithdrawal } from "../../sdk/build/withdrawal.ts";
import { getEvents } from "../../sdk/get/events.ts";
import { getBridgedWei, isWithdrawn } from "../../sdk/get/outbox.ts";
import { L2_OUTBOX_ADDRESS } from "../../sdk/outbox/predeploy.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import { type RunningProcess, start } from "../support/processes.ts";

/** Away from the launcher's default and from the other tests'. */
const PORT_BASE = 28_845;
const DEPLOYED = /^L2 chain id/m;
const START_TIMEOUT_MS = 150_000;
/** The withdrawal's checkpoint settles a challenge window of 8 slots after it landed, with the next run of settling. */
const SETTLED_WITHIN_MS = 360_000;
const INCLUDED_WITHIN_MS = 90_000;
const LOOK_MS = 500;
const GWEI = 10n ** 9n;

interface ProofAnswer {
  recipient: Hex;
  amountWei: Hex;
  siblings: Hex[];
  checkpoint: { number: number; l1BlockNumber: number };
}

describe("messages between L1 and L2", function () {
  this.timeout(600_000);
  let directory: string;
  let devnet: RunningProcess | undefined;
  const providers: JsonRpcProvider[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "baton-messages-test-"));
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") console.error(devnet?.output());
    for (const provider of providers.splice(0)) provider.destroy();
    await devnet?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  function provider(url: string): JsonRpcProvider {
    const made = new JsonRpcProvider(url, undefined, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
    providers.push(made);
    return made;
  }

  /** Polls until there is something other than undefined. */
  async function eventually<T>(what: string, withinMs: number, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`${what} did not happen in ${withinMs} ms`);
      await sleep(LOOK_MS);
    }
  }

  it("ether goes to L2, is spent there, and comes back; a forced transaction lands that no pool has seen", async () => {
    const args = ["deploy/devnet/main.ts", "--port-base", String(PORT_BASE), "--rate", "2"];
    devnet = await start("node", args, { ready: DEPLOYED, timeoutMs: START_TIMEOUT_MS, env: { TMPDIR: directory } });
    const [, l1Url, rollup] = /^L1 +(\S+), rollup at (0x\w+)/m.exec(devnet.output()) as unknown as [
      string,
      string,
      Hex,
    ];
    const [, l2Url] = /^L2 RPC +(\S+)/m.exec(devnet.output()) as unknown as [string, string];
    const [l1, l2] = [provider(l1Url), provider(l2Url)];
    const ref = { provider: l1, rollup };
    const chainId = (await l1.getNetwork()).chainId;

    // On L1: a deposit for a fresh account, and a transaction of the funded wallet that nobody else is shown.
    const user = HDNodeWallet.createRandom().connect(l2);
    const friend = HDNodeWallet.createRandom().address;
    const recipient = HDNodeWallet.createRandom().address.toLowerCase() as Hex;
    const contract = new Contract(rollup, ROLLUP_ABI, new Wallet(WALLET.key, l1));
    const forced = await new Wallet(WALLET.key).signTransaction({
      type: 2,
      chainId: L2_CHAIN_ID,
      nonce: 0,
      to: friend,
      value: 7n,
      gasLimit: 21_000n,
      maxFeePerGas: 100n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
    const nonce = await l1.getTransactionCount(WALLET.address);
    // All at once, so no estimate: what one costs depends on the others.
    const gasLimit = 300_000n;
    const sent = [
      await contract.getFunction("deposit")(user.address, { value: parseEther("3"), nonce, gasLimit }),
      // No transaction: everybody passes over it.
      await contract.getFunction("force")("0xc0ffee", { nonce: nonce + 1, gasLimit }),
      await contract.getFunction("force")(forced, { nonce: nonce + 2, gasLimit }),
    ];
    for (const one of sent) await one.wait();

    await eventually("the deposit", INCLUDED_WITHIN_MS, async () =>
      (await l2.getBalance(user.address)) === parseEther("3") ? true : undefined,
    );
    expect(await l2.getBalance(friend), "the forced transaction came first, in the deposit's block").to.equal(7n);
    expect((await l2.getTransactionReceipt(keccak256(forced)))?.index).to.equal(0);

    // On L2: the user spends some and withdraws some.
    const fees = { maxFeePerGas: 100n * GWEI, maxPriorityFeePerGas: GWEI };
    const spent = await user.sendTransaction({ to: friend, value: parseEther("1"), nonce: 0, ...fees });
    const withdrawn = await user.sendTransaction({
      to: L2_OUTBOX_ADDRESS,
      value: parseEther("0.5"),
      data: new Interface(L2_OUTBOX_ABI).encodeFunctionData("withdraw", [recipient]),
      nonce: 1,
      gasLimit: 200_000n,
      ...fees,
    });
    for (const { hash } of [spent, withdrawn]) {
      const receipt = await eventually(
        "inclusion",
        INCLUDED_WITHIN_MS,
        async () => (await l2.getTransactionReceipt(hash)) ?? undefined,
      );
      expect(receipt.status).to.equal(1);
    }
    expect(await l2.getBalance(friend)).to.equal(parseEther("1") + 7n);

    // Settled by the agents; then the user claims.
    const proof = await eventually("settling", SETTLED_WITHIN_MS, async () =>
      l2.send("baton_getWithdrawalProof", [withdrawn.hash]).then(
        (answer: ProofAnswer) => answer,
        (error: { error?: { data?: { reason?: string } } }) => {
          expect(error.error?.data?.reason, String(error)).to.equal("not-settled");
          return undefined;
        },
      ),
    );
    const { number, l1BlockNumber } = proof.checkpoint;
    const log = (await getEvents(ref, l1BlockNumber, l1BlockNumber)).flatMap((event) =>
      event.type === "submitted" && event.checkpoint.number === number ? [buildLog(event.checkpoint)] : [],
    )[0];
    if (log === undefined) throw new Error(`checkpoint ${number} did not land in L1 block ${l1BlockNumber}`);
    const withdrawal = { index: 0, recipient: proof.recipient, amountWei: BigInt(proof.amountWei) };
    const call = buildWithdrawal({ chainId, rollup }, { withdrawal, log, siblings: proof.siblings });
    await (await contract.getFunction("withdraw")(...call)).wait();
    expect(await l1.getBalance(recipient)).to.equal(parseEther("0.5"));
    expect(await isWithdrawn(ref, 0)).to.equal(true);
    expect(await getBridgedWei(ref)).to.equal(parseEther("2.5"));

    expect(await devnet.stop("SIGINT"), devnet.output()).to.equal(0);
  });
});
