import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { AbiCoder, keccak256, toBeHex } from "ethers";
import { STORAGE_SLOTS } from "../../../sdk/abi/generated/storage.ts";
import { runClaim } from "../../../sdk/agent/assembly/claim.ts";
import { getCredit } from "../../../sdk/get/bonds.ts";
import { openJournal } from "../../../sdk/submit/journal/file.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hardhatServerL1 } from "../../sdk/submit/l1.ts";
import { createWorld, type World } from "../../sdk/world/world.ts";
import { temporaryDirectory } from "../store/fixtures.ts";
import { run, writeConfig } from "./support.ts";

describe("baton claim", function () {
  // An L1 with a rollup stands behind it.
  this.timeout(180_000);
  let world: World;
  let l1: Awaited<ReturnType<typeof hardhatServerL1>>;
  let directory: ReturnType<typeof temporaryDirectory>;
  let config: string;
  let dataDir: string;
  let accounts: Hex[];

  before(async () => {
    l1 = await hardhatServerL1();
    world = await createWorld(l1);
    directory = temporaryDirectory();
    const written = writeConfig(directory.path, {}, { rpcUrl: l1.url, rollup: world.rollup });
    ({ file: config, dataDir } = written);
    const { bonded, unbonded } = world.senders;
    accounts = [bonded, unbonded].map(({ address }) => address.toLowerCase() as Hex);
    const { l1: section, ...rest } = JSON.parse(readFileSync(config, "utf8")) as { l1: object };
    const accountKeys = [bonded.privateKey, unbonded.privateKey];
    writeFileSync(config, JSON.stringify({ ...rest, l1: { ...section, accountKeys } }));
  });
  after(async () => {
    directory.remove();
    await l1.close();
  });

  const creditOf = (account: Hex): Promise<bigint> =>
    getCredit({ provider: l1.provider, rollup: world.rollup }, account);
  /** As settling would have done it. */
  async function credit(account: Hex, amountWei: bigint): Promise<void> {
    const slot = keccak256(
      AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [account, STORAGE_SLOTS._credits]),
    );
    await l1.provider.send("hardhat_setStorageAt", [world.rollup, slot, toBeHex(amountWei + 1n, 32)]);
  }

  it("pays out what is worth its gas, waits until it is final, and says so for each account", async () => {
    const [rich, poor] = accounts as [Hex, Hex];
    await credit(rich, 10n ** 16n);
    await credit(poor, 1_000n);
    const mining = setInterval(() => void l1.provider.send("evm_mine", []).catch(() => {}), 300);
    const lines: string[] = [];
    const signal = new AbortController().signal;
    const isWell = await runClaim(config, (line) => lines.push(line), signal).finally(() => clearInterval(mining));
    expect(isWell).to.equal(true);
    expect(lines[0]).to.match(new RegExp(`^${rich}: 0\\.01 ether claimed by 0x[0-9a-f]{64}$`));
    expect(lines[1]).to.match(new RegExp(`^${poor}: .* credited, less than claiming costs$`));
    expect([await creditOf(rich), await creditOf(poor)]).to.deep.equal([0n, 1_000n]);
  });

  it("is refused beside a running agent, whose journals it would need", async () => {
    const [account] = accounts as [Hex];
    const path = join(dataDir, `submissions-${account}.jsonl`);
    const held = openJournal({ path, chainId: 31_337, account });
    const { code, output } = await run(["claim", "--config", config], 60_000);
    held.close();
    expect(code, output).to.equal(1);
    expect(output).to.contain("has the journal open");
  });

  it("says which L1 nodes it could not reach, without a stack trace", async () => {
    const nowhere = temporaryDirectory();
    const { file } = writeConfig(nowhere.path, {}, { rpcUrl: "http://127.0.0.1:65534", rollup: world.rollup });
    const written = JSON.parse(readFileSync(file, "utf8")) as { l1: object };
    const accountKeys = [world.senders.bonded.privateKey];
    writeFileSync(file, JSON.stringify({ ...written, l1: { ...written.l1, accountKeys } }));
    const { code, output } = await run(["claim", "--config", file], 60_000);
    nowhere.remove();
    expect(code, output).to.equal(1);
    expect(output).to.contain("http://127.0.0.1:65534 is ").and.not.to.contain("    at ");
  });
});
