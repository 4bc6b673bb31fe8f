import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Progress, type StatusAnswer, TransactionProgress } from "../../../sdk/agent/commands/send-report.ts";
import type { Tips } from "../../../sdk/agent/types/tips.ts";
import { DevChain } from "../rpc/support/devchain.ts";
import { temporaryDirectory } from "../store/fixtures.ts";
import { type Ending, run } from "./support.ts";

describe("baton send", function () {
  // Each run starts a Node of its own.
  this.timeout(60_000);
  const directory = temporaryDirectory();
  const keyFile = join(directory.path, "key");
  let dev: DevChain;

  before(async () => {
    dev = await DevChain.start();
    writeFileSync(keyFile, dev.wallets[0]?.privateKey ?? "");
  });
  after(async () => {
    await dev.stop();
    directory.remove();
  });

  const send = (...args: string[]): Promise<Ending> => run(["send", "--agent", dev.url, "--key", keyFile, ...args]);
  /** The tips move up to the head one after the other, once a transaction is in a block. */
  const settleAll = async (): Promise<void> => {
    await dev.mine();
    for (const tip of ["proposed", "attested", "submitted", "settled", "finalized"] as (keyof Tips)[]) {
      dev.tipsNow = { ...dev.tipsNow, [tip]: dev.tipsNow.head };
    }
  };

  it("prints when the transaction reached each status, in order, and ends at the one asked for", async () => {
    const stop = dev.pool.onAdded(() => void settleAll());
    const { code, output } = await send("--to", dev.wallets[1]?.address ?? "", "--value", "1.5", "--until", "settled");
    stop();
    expect(code, output).to.equal(0);
    const [first, ...rest] = output.trimEnd().split("\n");
    expect(first).to.match(/^0x[0-9a-f]{64} from 0x/);
    expect(rest.map((line) => line.split(" ")[0])).to.include.ordered.members([
      "accepted",
      "included",
      "proposed",
      "attested",
      "submitted",
      "settled",
    ]);
    const seconds = rest.map((line) => Number(/ (\d+\.\d{3}) s$/.exec(line)?.[1]));
    expect(seconds).to.deep.equal([...seconds].sort((a, b) => a - b));
    expect(
      (await dev.chain.getAccount(dev.wallets[1]?.address as `0x${string}`, "latest")).balance % 10n ** 18n,
    ).to.equal(5n * 10n ** 17n);
  });

  it("ends with 1 when it does not come that far in time, or is dropped, and says which", async () => {
    const late = await send("--timeout", "1", "--until", "included");
    expect([late.code, late.output]).to.satisfy(
      ([code, output]: [number, string]) => code === 1 && output.includes("not included within 1 s"),
    );
    const stop = dev.pool.onAdded(({ hash }) => dev.pool.drop(hash, "the builder found no sense in it"));
    const dropped = await send("--until", "included");
    stop();
    expect(dropped.code).to.equal(1);
    expect(dropped.output).to.include("dropped, invalid: the builder found no sense in it");
  });

  it("says what is wrong with a key, an address and an agent", async () => {
    const noKey = await run(["send", "--agent", dev.url, "--key", join(directory.path, "none")]);
    expect([noKey.code, noKey.output.includes("expected a readable file with the key")]).to.deep.equal([2, true]);
    const noAddress = await send("--to", "0x12");
    expect([noAddress.code, noAddress.output.includes("Expected an address")]).to.deep.equal([2, true]);
    const nobody = await run(["send", "--agent", "http://127.0.0.1:9", "--key", keyFile]);
    expect(nobody.code).to.equal(1);
    expect(nobody.output).to.include("http://127.0.0.1:9").and.not.include("    at ");
    const refused = await send("--value", "99999999");
    expect(refused.code).to.equal(1);
    expect(refused.output)
      .to.match(/insufficient funds/)
      .and.not.include("    at ");
  });
});

describe("the progress of a transaction", () => {
  const follow = (answers: StatusAnswer[]): Progress[] => {
    const progress = new TransactionProgress();
    return answers.map((answer) => progress.take(answer));
  };
  const nothing: Progress = { reached: [], isDiscarded: false };

  it("tells each milestone once, and those between with it", () => {
    expect(
      follow([
        { status: "runnable", preconfirmed: false },
        { status: "runnable", preconfirmed: false },
        { status: "included", stage: "attested" },
        { status: "included", stage: "head" },
        { status: "included", stage: "finalized" },
      ]),
    ).to.deep.equal([
      { reached: ["accepted"], isDiscarded: false },
      nothing,
      { reached: ["included", "proposed", "attested"], isDiscarded: false },
      nothing,
      { reached: ["submitted", "settled", "finalized"], isDiscarded: false },
    ]);
  });

  it("tells a discard, and begins anew after it", () => {
    expect(
      follow([
        { status: "included", stage: "proposed" },
        { status: "runnable", preconfirmed: true },
        { status: "runnable", preconfirmed: true },
        { status: "included", stage: "head" },
      ]).slice(1),
    ).to.deep.equal([{ reached: [], isDiscarded: true }, nothing, { reached: ["included"], isDiscarded: false }]);
  });

  it("tells why one was dropped", () => {
    expect(follow([{ status: "dropped", reason: "evicted", detail: "full" }])[0]?.dropped).to.equal("evicted: full");
  });
});
