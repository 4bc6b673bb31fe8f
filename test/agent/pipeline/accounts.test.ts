import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { AbiCoder, type HDNodeWallet, type JsonRpcProvider, keccak256, toBeHex } from "ethers";
import { STORAGE_SLOTS } from "../../../sdk/abi/generated/storage.ts";
import { openAccounts, policyOf } from "../../../sdk/agent/assembly/accounts.ts";
import type { AgentConfig } from "../../../sdk/agent/config/interface.ts";
import { L1Endpoints } from "../../../sdk/agent/l1/endpoints/endpoints.ts";
import { httpTransport } from "../../../sdk/agent/l1/endpoints/http.ts";
import type { SubmissionAccounts } from "../../../sdk/agent/pipeline/accounts.ts";
import { Claimer } from "../../../sdk/agent/pipeline/claimer.ts";
import type { Funding } from "../../../sdk/agent/pipeline/funding.ts";
import { type AgentRequest, simulateRequest } from "../../../sdk/agent/pipeline/requests.ts";
import { SystemClock } from "../../../sdk/agent/time/clock.ts";
import { getCredit } from "../../../sdk/get/bonds.ts";
import { slotStart } from "../../../sdk/get/config.ts";
import { getTips } from "../../../sdk/get/tips.ts";
import { createSimulator } from "../../../sdk/simulate/simulator.ts";
import { openJournal } from "../../../sdk/submit/journal/file.ts";
import { landingRequest, simulateLanding } from "../../../sdk/submit/landings.ts";
import type { StepOutcome } from "../../../sdk/submit/outcome.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { FaultyL1 } from "../../actors/faulty-l1.ts";
import { account, anvilL1 } from "../../sdk/submit/l1.ts";
import { GENESIS, makeCheckpoint, type TestCheckpoint } from "../../sdk/world/checkpoints.ts";
import { transact } from "../../sdk/world/transact.ts";
import { createWorld, type World } from "../../sdk/world/world.ts";
import { type Recorder, recorder } from "./support.ts";

const SLOT = 6;
const ETHER = 10n ** 18n;
const lower = ({ address }: HDNodeWallet): Hex => address.toLowerCase() as Hex;

describe("several L1 accounts on anvil", function () {
  // Anvil prepares for the first blob it is given, which takes a loaded machine half a minute.
  this.timeout(240_000);
  let world: World;
  let checkpoint: TestCheckpoint;
  let rich: HDNodeWallet;
  let small: HDNodeWallet;
  let directory: string;
  let node: FaultyL1;
  let l1: L1Endpoints;
  let log: Recorder;
  let accounts: SubmissionAccounts;
  let funding: Funding;
  let snapshot: unknown;

  /** A time so many seconds into the checkpoint's slot. */
  const at = (seconds: number): number => slotStart(world.config, SLOT) + seconds;
  const send = (method: string, params: unknown[]): Promise<unknown> => world.l1.provider.send(method, params);
  const hasInPool = async (wallet: HDNodeWallet): Promise<number> => {
    const { provider } = world.l1;
    const pending = await provider.getTransactionCount(wallet.address, "pending");
    return pending - (await provider.getTransactionCount(wallet.address, "latest"));
  };

  before(async () => {
    world = await createWorld(await anvilL1("prague"));
    rich = world.senders.bonded;
    small = account(5, world.l1.provider);
    const last = (await world.l1.time()) + 1;
    await transact(world, small, "bond", [], last, world.config.bondWei);
    await send("anvil_setBalance", [small.address, `0x${(ETHER / 2n).toString(16)}`]);
    checkpoint = await makeCheckpoint(world, SLOT, GENESIS);
    await send("evm_mine", [at(0)]);
  });
  after(() => world.l1.close());

  beforeEach(async () => {
    snapshot = await send("evm_snapshot", []);
    directory = mkdtempSync(join(tmpdir(), "baton-accounts-"));
    node = await FaultyL1.before((world.l1.provider as JsonRpcProvider)._getConnection().url);
    log = recorder();
    await open();
  });
  afterEach(async () => {
    await close();
    node.close();
    rmSync(directory, { recursive: true });
    await send("evm_revert", [snapshot]);
    await send("anvil_dropAllTransactions", []);
  });

  async function open(warnBelowLandings = 50): Promise<void> {
    const { rollup } = world;
    const options = { chainId: Number(world.chainId), timeoutMs: 120_000, compareEveryMs: 6_000 };
    const transports = [httpTransport(node.url, "anvil")];
    l1 = new L1Endpoints(options, { transports, clock: new SystemClock(), log });
    const config = {
      accountKeys: [rich.privateKey as Hex, small.privateKey as Hex],
      warnBelowLandings,
      maxFeePerGasWei: 500_000_000_000n,
      maxFeePerBlobGasWei: 500_000_000_000n,
      blobWrapperVersion: 0,
    } as AgentConfig["l1"];
    const landing = simulateLanding(await createSimulator({ provider: l1, rollup }));
    mkdirSync(directory, { recursive: true });
    ({ accounts, funding } = await openAccounts(config, {
      l1,
      rollup,
      policy: policyOf(config, world.config.l1SlotSeconds),
      simulate: simulateRequest(l1, landing, { simulate: () => Promise.reject(new Error("no challenges here")) }),
      openJournal: (of) => openJournal({ path: join(directory, `${of}.jsonl`), chainId: options.chainId, account: of }),
      maxBlobsPerCheckpoint: world.config.maxBlobsPerCheckpoint,
      log,
    }));
  }

  async function close(): Promise<void> {
    await accounts.close();
    l1.destroy();
  }

  function landing(): AgentRequest {
    const { submission, blobs } = checkpoint;
    const item = { submission, blobs: blobs.map(({ sidecar }) => sidecar), blobHashes: blobs.map(({ hash }) => hash) };
    return landingRequest(world.rollup, [item], { recipient: lower(rich), notBeforeSec: at(0), deadlineSec: at(11) });
  }

  /** As settling would have done it. */
  async function credit(wallet: HDNodeWallet, amountWei: bigint): Promise<void> {
    const slot = keccak256(
      AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [wallet.address, STORAGE_SLOTS._credits]),
    );
    await send("anvil_setStorageAt", [world.rollup, slot, toBeHex(amountWei + 1n, 32)]);
  }

  const claimer = (factor: number): Claimer =>
    new Claimer({
      provider: l1,
      rollup: world.rollup,
      accounts: [lower(rich), lower(small)],
      journalOf: (of) => accounts.historyOf(of),
      market: () => funding.last?.market,
      factor,
    });

  const said = (outcome: StepOutcome): string =>
    outcome.status === "sent" ? outcome.action : "reason" in outcome ? `${outcome.status} ${outcome.reason}` : "";

  it("send by the smaller balance, keep a checkpoint whose sending was not answered, and over a restart", async () => {
    node.fault = (method) => (method === "eth_sendRawTransaction" ? "lose" : undefined);
    expect((await accounts.step(at(1), landing())).status).to.equal("unanswered");
    node.fault = () => undefined;
    expect([await hasInPool(rich), await hasInPool(small)]).to.deep.equal([0, 1]);
    // Now it has next to nothing left: still nobody else sends what it may have in a pool.
    await send("anvil_setBalance", [small.address, "0x1"]);
    expect(said(await accounts.step(at(1), landing()))).to.equal("waiting in-flight");
    await close();
    await open();
    expect(said(await accounts.step(at(1), landing()))).to.equal("waiting in-flight");
    expect([await hasInPool(rich), await hasInPool(small)]).to.deep.equal([0, 1]);
  });

  it("land once, by one of them", async () => {
    expect(said(await accounts.step(at(1), landing()))).to.equal("send");
    await send("evm_mine", [at(2)]);
    expect(said(await accounts.step(at(3), landing()))).to.equal("waiting confirming");
    const { number } = await getTips({ provider: world.l1.provider, rollup: world.rollup });
    expect(number).to.equal(1);
    expect(await world.l1.provider.getTransactionCount(rich.address)).to.equal(1);
    expect(accounts.historyOf(lower(rich)).records).to.deep.equal([]);
    expect(accounts.history.records.map(({ mined }) => mined?.success)).to.deep.equal([true]);
  });

  it("land by the other account while an errand of the one is on its way", async () => {
    await funding.look(at(1));
    await credit(small, ETHER / 100n);
    expect(said(await accounts.step(at(1), await claimer(1).request(SLOT)))).to.equal("send");
    expect([await hasInPool(rich), await hasInPool(small)]).to.deep.equal([0, 1]);
    expect(said(await accounts.step(at(1), landing()))).to.equal("send");
    expect([await hasInPool(rich), await hasInPool(small)]).to.deep.equal([1, 1]);
  });

  it("say what they pay for, warn when it is little, and say when it is enough again", async () => {
    await funding.look(at(1));
    expect(log.lines.filter((line) => /L1 accounts/.test(line))).to.deep.equal([]);
    for (const { address } of [rich, small]) await send("anvil_setBalance", [address, "0x5af3107a4000"]);
    const view = await funding.look(at(2));
    expect(view.accounts.map(({ bonded }) => bonded)).to.deep.equal([true, true]);
    expect(view.landingsLeft).to.be.lessThan(50);
    await send("anvil_setBalance", [rich.address, `0x${ETHER.toString(16)}`]);
    expect((await funding.look(at(3))).landingsLeft).to.be.greaterThan(50);
    await funding.look(at(4));
    expect(log.lines.filter((line) => /L1 accounts/.test(line))).to.deep.equal([
      "the L1 accounts pay for few landings more: send them money",
      "the L1 accounts are funded again",
    ]);
  });

  it("claim what one of them was credited, from itself, when it pays its gas so many times over", async () => {
    const amountWei = ETHER / 1000n;
    await credit(small, amountWei);
    expect(await claimer(1).request(SLOT), "while prices are not known").to.equal(undefined);
    const { market } = await funding.look(at(1));
    const gasWei = 60_000n * (market.nextBaseFeeWei + market.priorityFeeWei);
    const factor = Number(amountWei / gasWei);
    expect(await claimer(factor + 1).request(SLOT)).to.equal(undefined);
    const request = await claimer(factor).request(SLOT);
    expect(request?.from).to.equal(lower(small));
    const before = await world.l1.provider.getBalance(small.address);
    expect(said(await accounts.step(at(1), request))).to.equal("send");
    await send("evm_mine", [at(2)]);
    expect(await world.l1.provider.getBalance(small.address)).to.be.greaterThan(before);
    expect(await getCredit({ provider: world.l1.provider, rollup: world.rollup }, lower(small))).to.equal(0n);
    // A further claim is another one, though its bytes are the same.
    for (const time of [4, 6, 8]) {
      await send("evm_mine", [at(time)]);
      await accounts.step(at(time));
    }
    await credit(small, amountWei);
    expect((await claimer(1).request(SLOT))?.content).to.not.equal(request?.content);
  });

  it("are closed again when one of their journals cannot be opened", async () => {
    await close();
    const path = join(directory, `${lower(small)}.jsonl`);
    const taken = openJournal({ path, chainId: Number(world.chainId), account: lower(small) });
    expect(String(await open().catch((error: unknown) => error))).to.contain("the journal open");
    taken.close();
    await open();
  });
});
