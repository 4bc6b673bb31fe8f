import { expect } from "chai";
import { Transaction, type Wallet } from "ethers";
import type { GenesisConfig } from "../../../sdk/agent/engine/genesis.ts";
import { MAX_OPEN_PAYLOADS } from "../../../sdk/agent/engine/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import {
  attributes,
  build,
  CHAIN_ID,
  ETHER,
  FOREVER,
  GAS_LIMIT,
  GWEI,
  genesis,
  genesisPoint,
  probeContract,
  sign,
  transfer,
  Workshop,
  wallets,
} from "./fixture.ts";
import { rejection } from "./rejection.ts";

const [alice, bob] = wallets as [Wallet, Wallet];
const RECIPIENT: Hex = "0x00000000000000000000000000000000000000aa";
const WITHDRAWAL_REQUESTS = "0x00000961Ef480Eb55e80D19ad83579A64c007002";

describe("engine: building payloads", () => {
  const workshop = new Workshop();
  after(() => workshop.cleanUp());

  it("what is refused leaves no trace: the block equals one that never saw it", async () => {
    const engine = await workshop.open();
    const start = genesisPoint(engine);
    const good = [await transfer(alice, 0, RECIPIENT), await transfer(alice, 1, RECIPIENT)];
    const bad = [
      await transfer(alice, 5, RECIPIENT),
      await transfer(bob, 0, RECIPIENT, 10n ** 30n),
      await sign(bob, { nonce: 0, to: RECIPIENT, gasLimit: Number(GAS_LIMIT) }),
      "0x02" as Hex,
      "nonsense" as Hex,
    ];
    const clean = await build(engine, start, good);
    const noisy = await build(engine, start, [bad[0], good[0], ...bad, good[1], good[0]] as Hex[]);
    expect(noisy.payload).to.deep.equal(clean.payload);
    expect(noisy.results.map(({ outcome }) => outcome)).to.deep.equal([
      ...["skipped", "included"],
      ...["skipped", "skipped", "skipped", "invalid", "invalid"],
      ...["included", "invalid"],
    ]);
  });

  it("tells what can still run later from what never will", async () => {
    const engine = await workshop.open();
    const id = await engine.startPayload(engine.genesisHash, attributes(genesisPoint(engine)));
    const code = `0x60${"00".repeat(200 * 1024)}`;
    const cases: [string, Hex, RegExp][] = [
      ["included", await transfer(alice, 0, RECIPIENT), /^$/],
      ["invalid", await transfer(alice, 0, RECIPIENT, 2n), /nonce too low: account is at 1, transaction has 0/],
      ["skipped", await transfer(alice, 2, RECIPIENT), /nonce gap: account is at 1, transaction has 2/],
      ["skipped", await transfer(bob, 0, RECIPIENT, 2_000n * ETHER), /insufficient funds/],
      [
        "skipped",
        await sign(bob, { nonce: 0, to: RECIPIENT, gasLimit: 21_000, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }),
        /below the base fee/,
      ],
      ["skipped", await sign(bob, { nonce: 0, to: RECIPIENT, gasLimit: Number(GAS_LIMIT) }), /block has 29979000 left/],
      ["invalid", await sign(bob, { nonce: 0, to: RECIPIENT, gasLimit: Number(GAS_LIMIT) + 1 }), /exceeds the block's/],
      ["invalid", await sign(bob, { nonce: 0, to: RECIPIENT, gasLimit: 20_999 }), /too low/],
      ["invalid", await sign(bob, { nonce: 0, to: RECIPIENT, gasLimit: 21_000, chainId: CHAIN_ID + 1 }), /chain/i],
      ["invalid", await sign(bob, { nonce: 0, data: code, gasLimit: 29_000_000 }), /initcode|bytes, at most/],
      ["invalid", `0x03${(await transfer(bob, 0, RECIPIENT)).slice(4)}`, /blob transactions/],
      ["invalid", highS(await transfer(bob, 0, RECIPIENT)), /s-values|signature/i],
      [
        "invalid",
        await sign(bob, {
          nonce: 0,
          to: WITHDRAWAL_REQUESTS,
          value: 1n,
          data: `0x${"01".repeat(56)}`,
          gasLimit: 300_000,
        }),
        /beacon chain request/,
      ],
    ];
    for (const [outcome, raw, reason] of cases) {
      const [result] = await engine.appendTransactions(id, [raw], FOREVER);
      expect(
        result?.outcome,
        JSON.stringify(result, (_, v) => (typeof v === "bigint" ? `${v}` : v)),
      ).to.equal(outcome);
      expect(result !== undefined && "reason" in result ? result.reason : "").to.match(reason);
    }
    expect((await engine.getPayload(id)).transactions).to.have.length(1);
  });

  it("the base fee, the fee recipient and a withdrawal get exactly their wei", async () => {
    const engine = await workshop.open();
    const withdrawals = [{ index: 9, validatorIndex: 3, address: RECIPIENT, amountGwei: 7n }];
    const { payload } = await build(engine, genesisPoint(engine), [await transfer(alice, 0, bob.address)], {
      withdrawals,
    });
    const at = async (address: string) => (await engine.reader.getAccount(address as Hex, payload.blockHash)).balance;
    expect(await at(RECIPIENT)).to.equal(7n * GWEI);
    expect(await at(payload.feeRecipient)).to.equal(21_000n * GWEI);
    expect(await at(bob.address)).to.equal(1_000n * ETHER + 1n);
    expect(await at(alice.address)).to.equal(1_000n * ETHER - 1n - 21_000n * (payload.baseFeePerGas + GWEI));
    expect(payload.withdrawals).to.deep.equal(withdrawals);
  });

  it("stops at the deadline and leaves the rest unanswered", async () => {
    let now = 0;
    const engine = await workshop.open(workshop.path(), () => now++);
    const id = await engine.startPayload(engine.genesisHash, attributes(genesisPoint(engine)));
    const batch = await Promise.all(Array.from({ length: 6 }, (_, nonce) => transfer(alice, nonce, RECIPIENT)));
    expect(await engine.appendTransactions(id, batch, 4)).to.have.length(4);
    expect(await engine.appendTransactions(id, batch.slice(4), 4)).to.have.length(0);
    expect((await engine.getPayload(id)).transactions).to.deep.equal(batch.slice(0, 4));
  });

  it("open payloads do not see each other", async () => {
    const engine = await workshop.open();
    const start = genesisPoint(engine);
    const ids = await Promise.all(
      [1, 2, 3].map((variant) => engine.startPayload(engine.genesisHash, attributes(start, variant))),
    );
    const raw = await transfer(alice, 0, RECIPIENT);
    const results = await Promise.all(ids.map((id) => engine.appendTransactions(id, [raw], FOREVER)));
    expect(results.map(([result]) => result?.outcome)).to.deep.equal(["included", "included", "included"]);
    const payloads = await Promise.all(ids.map((id) => engine.getPayload(id)));
    expect(new Set(payloads.map(({ blockHash }) => blockHash)).size).to.equal(3);
  });

  it(`the oldest of more than ${MAX_OPEN_PAYLOADS} payloads is dropped, and a sealed one is forgotten`, async () => {
    const engine = await workshop.open();
    const ids: string[] = [];
    for (let variant = 1; variant <= MAX_OPEN_PAYLOADS + 1; variant++) {
      ids.push(await engine.startPayload(engine.genesisHash, attributes(genesisPoint(engine), variant)));
    }
    const [oldest, second] = ids as [string, string];
    expect(await rejection(engine.appendTransactions(oldest, [], FOREVER))).to.include({ code: "unknown-payload" });
    await engine.getPayload(second);
    expect(await rejection(engine.getPayload(second))).to.include({ code: "unknown-payload" });
  });

  it("refuses unknown parents and attributes that no valid block can have", async () => {
    const engine = await workshop.open();
    const good = attributes(genesisPoint(engine));
    const start = (parent: Hex, change: object) => rejection(engine.startPayload(parent, { ...good, ...change }));
    expect(await start(`0x${"12".repeat(32)}`, {})).to.include({ code: "unknown-block" });
    for (const change of [
      { timestamp: good.timestamp - 1 },
      { gasLimit: GAS_LIMIT * 2n },
      { gasLimit: 5 },
      { prevRandao: "0x00" },
      { feeRecipient: undefined },
      { withdrawals: [{}] },
    ]) {
      expect(await start(engine.genesisHash, change)).to.include({ code: "bad-request" });
    }
  });

  it("a sender that is a contract is refused unless it is a delegated account (EIP-3607, EIP-7702)", async () => {
    const runtime = probeContract().runtime;
    const alloc: GenesisConfig["alloc"] = {
      [alice.address as Hex]: { balanceWei: ETHER, code: runtime },
      [bob.address as Hex]: { balanceWei: ETHER, code: `0xef0100${RECIPIENT.slice(2)}` },
    };
    const engine = await workshop.open(workshop.path(), Date.now, { ...genesis, alloc });
    const batch = [await transfer(alice, 0, RECIPIENT), await transfer(bob, 0, RECIPIENT)];
    const { results } = await build(engine, genesisPoint(engine), batch);
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(["invalid", "included"]);
  });
});

/** The other signature that recovers to the same sender, which EIP-2 forbids. */
function highS(raw: Hex): Hex {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const { signature } = Transaction.from(raw);
  if (signature === null) throw new Error("transaction is not signed");
  const flipped = (order - BigInt(signature.s)).toString(16).padStart(64, "0");
  const parity = signature.yParity === 0 ? ["80a0", "01a0"] : ["01a0", "80a0"];
  return raw
    .replace(`${parity[0]}${signature.r.slice(2)}`, `${parity[1]}${signature.r.slice(2)}`)
    .replace(signature.s.slice(2), flipped) as Hex;
}
