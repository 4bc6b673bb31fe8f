import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { JsonRpcApiProvider } from "ethers";
import type { Direction } from "../../deploy/devnet/messages.ts";
import type { IsProposer } from "../../sdk/agent/chain/publish.ts";
import type { ChainState } from "../../sdk/agent/chain/state.ts";
import { certificatesRequestCodec, checkpointRequestCodec } from "../../sdk/agent/messages/checkpoint-data.ts";
import { certificateCodec, voteCodec } from "../../sdk/agent/messages/votes.ts";
import type { Network, RequestHandler, Topic } from "../../sdk/agent/network/interface.ts";
import { directedL1 } from "../actors/directed-l1.ts";
import { DirectedNetwork } from "../actors/directed-network.ts";
import { directedPublisher } from "../actors/directed-publisher.ts";
import { Directions } from "../actors/directions.ts";
import { chainOf, timetable } from "../agent/chain/support.ts";

const RIVAL = `0x${"ab".repeat(20)}` as const;

/** Tells this process what to do, as the launcher tells an agent's. */
function directed(...told: Direction[]): Directions {
  const directions = new Directions();
  for (const direction of told) process.emit("message", direction, undefined);
  return directions;
}

describe("an agent that is told to do wrong", () => {
  const moment = (nowMs: number) => timetable.moment(nowMs);
  const state = chainOf("certified", "certified");
  const SLOT = state.unsubmitted[0]?.slot as number;

  afterEach(() => process.removeAllListeners("message"));

  /** What the real publisher is shown: how many checkpoints, and whether it is the proposer. */
  function shownTo(direction: Direction, nowMs: number, of: ChainState = state): string[] {
    const shown: string[] = [];
    const real = {
      tick: ({ unsubmitted }: ChainState, _: unknown, isProposer: IsProposer) =>
        void shown.push(`${unsubmitted.length} ${isProposer(SLOT + 1)}`),
      stop: () => Promise.resolve(),
    };
    directedPublisher(real, directed(direction)).tick(of, moment(nowMs), (slot) => slot === SLOT);
    return shown;
  }

  it("never lands a checkpoint it was told to hold, and every other as always", () => {
    expect(shownTo({ type: "hold-checkpoint", slot: SLOT }, 9_000)).to.deep.equal([]);
    expect(shownTo({ type: "hold-checkpoint", slot: SLOT + 1 }, 9_000)).to.deep.equal(["2 false"]);
  });

  it("lands one it was told to hold for a while once that is over", () => {
    const hold: Direction = { type: "hold-checkpoint", slot: SLOT, untilMs: 10_000 };
    const real = {
      tick: (_: unknown, __: unknown, isProposer: IsProposer) => void own.push(isProposer(SLOT)),
      stop: () => Promise.resolve(),
    };
    const own: boolean[] = [];
    const publisher = directedPublisher(real, directed(hold));
    for (const nowMs of [9_999, 10_000]) publisher.tick(state, moment(nowMs), (slot) => slot === SLOT);
    expect(own).to.deep.equal([false, true]);
  });

  it("takes itself for the successor, with nothing else to land, when it races it", () => {
    const race: Direction = { type: "race-successor", slot: SLOT, fromMs: 10_000, rival: RIVAL };
    expect(shownTo(race, 9_999)).to.deep.equal(["2 false"]);
    expect(shownTo(race, 10_000)).to.deep.equal(["1 true"]);
  });

  it("sends right after the rival it races, and at once when there is no race", async () => {
    let pending = 3;
    const sent: string[] = [];
    const real = {
      broadcastTransaction: async (raw: string) => void sent.push(raw),
      getTransactionCount: async (_: unknown, tag: unknown) => (tag === "latest" ? 3 : pending),
    };
    const around = (fromMs: number) =>
      directedL1(
        { ...real } as unknown as JsonRpcApiProvider,
        directed({ type: "race-successor", slot: SLOT, fromMs, rival: RIVAL }),
      );
    const racing = around(Date.now()).broadcastTransaction("0xa");
    await around(Date.now() + 60_000).broadcastTransaction("0xb");
    await sleep(30);
    expect(sent).to.deep.equal(["0xb"]);
    pending = 4;
    await racing;
    expect(sent).to.deep.equal(["0xb", "0xa"]);
  });

  it("keeps back its attestation of a slot, its certificate and what it would serve of it, and nothing else", async () => {
    const published: string[] = [];
    const asked: unknown[][] = [];
    let served: RequestHandler = () => Promise.resolve(undefined);
    const real = {
      publish: async (topic: Topic) => void published.push(topic),
      request: async (...given: unknown[]) => void asked.push(given),
      serve: (_: string, handler: RequestHandler) => {
        served = handler;
      },
    } as unknown as Network;
    const untilMs = Date.now() + 60;
    const network = new DirectedNetwork(real, directed({ type: "hold-attestation", slot: SLOT, untilMs }));
    const signature = `0x${"11".repeat(96)}` as const;
    const vote = {
      kind: "attestation",
      slot: SLOT,
      digest: `0x${"22".repeat(32)}`,
      validatorIndex: 1,
      signature,
    } as const;
    const certificate = { kind: vote.kind, slot: SLOT, digest: vote.digest, signers: 7n, signature };
    await network.publish("votes", voteCodec.encode(vote));
    await network.publish("certificates", certificateCodec.encode(certificate));
    expect(published).to.deep.equal([]);
    await network.publish("votes", voteCodec.encode({ ...vote, slot: SLOT + 1 }));
    await network.publish("votes", voteCodec.encode({ ...vote, kind: "skip", digest: `0x${"00".repeat(32)}` }));
    expect(published.splice(0)).to.deep.equal(["votes", "votes"]);
    network.serve("checkpoint", async () => Uint8Array.of(1));
    const ask = (slot: number) => served(checkpointRequestCodec.encode({ digest: undefined, slot }), "peer");
    const isAccepted = (): Promise<boolean> => Promise.resolve(true);
    await network.request("checkpoint", Uint8Array.of(2), 1_000, isAccepted);
    expect(asked).to.deep.equal([["checkpoint", Uint8Array.of(2), 1_000, isAccepted]]);
    expect(await ask(SLOT)).to.equal(undefined);
    expect(await served(certificatesRequestCodec.encode({ slot: SLOT }), "peer")).to.equal(undefined);
    expect(await ask(SLOT + 1)).to.deep.equal(Uint8Array.of(1));
    while (published.length < 2) await sleep(5);
    expect(Date.now()).to.be.at.least(untilMs - 5);
    expect(published.sort()).to.deep.equal(["certificates", "votes"]);
    expect(await ask(SLOT)).to.deep.equal(Uint8Array.of(1));
  });
});
