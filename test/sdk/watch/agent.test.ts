import { expect } from "chai";
import type { BlobSidecar } from "../../../sdk/blob/kzg.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { type AgentRpc, agentSource, getDeployment } from "../../../sdk/watch/agent.ts";
import { blobsOf } from "../../../sdk/watch/blobs.ts";
import { WatchError } from "../../../sdk/watch/error.ts";
import type { CertifiedCheckpoint } from "../../../sdk/watch/source.ts";
import { kzg } from "../submitter/support.ts";
import { makeBlobs } from "../world/blobs.ts";

const word = (byte: string): Hex => `0x${byte.repeat(32)}`;
const address: Hex = `0x${"ab".repeat(20)}`;

const HEADER = {
  slot: 7,
  lastBlockHash: word("01"),
  lastBlockNumber: 84,
  inboxCount: 2,
  outboxRoot: word("02"),
  coinbase: address,
  onTimeRecipient: address,
  onTimeCapBps: 500,
};
const ANSWER = {
  header: HEADER,
  digest: word("03"),
  parentDigest: address,
  inboxHash: word("04"),
  blobHashes: [word("05")],
  signers: "0xb",
  signature: `0x${"06".repeat(96)}`,
};

const answering = (answer: unknown): AgentRpc => ({ send: async () => answer });

async function refusal(work: Promise<unknown>): Promise<WatchError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof WatchError) return error;
  throw new Error(`expected a WatchError, found ${String(error)}`);
}

describe("an agent as a source of checkpoints", () => {
  it("gives what a submission is made of", async () => {
    const [checkpoint] = await agentSource(answering([ANSWER])).certified();
    const { parentDigest, inboxHash, blobHashes, digest, signature } = ANSWER;
    expect(checkpoint).to.deep.equal({
      submission: { header: HEADER, digest, blobCount: 1, attestation: { signers: 11n, signature } },
      parentDigest,
      inboxHash,
      blobHashes,
    });
  });

  const wrong: [string, unknown, RegExp][] = [
    ["no list", { ...ANSWER }, /checkpoints: expected a list of at most 64/],
    ["more checkpoints than there can be", Array(65).fill(ANSWER), /at most 64, found "65 items"/],
    ["a header that is missing", [{ ...ANSWER, header: undefined }], /header: expected an object/],
    ["a slot that is no number", [{ ...ANSWER, header: { ...HEADER, slot: "7" } }], /slot: expected a whole number/],
    ["a slot beyond the contract's", [{ ...ANSWER, header: { ...HEADER, slot: 2 ** 32 } }], /below 2\^32/],
    ["a short digest", [{ ...ANSWER, digest: "0x03" }], /digest: expected 32 bytes of hex/],
    ["signers that are no quantity", [{ ...ANSWER, signers: 11 }], /signers: expected a hexadecimal quantity/],
    ["a signature that is too long", [{ ...ANSWER, signature: `0x${"06".repeat(97)}` }], /signature: expected 96/],
  ];
  for (const [what, answer, message] of wrong) {
    it(`refuses ${what}, and says what it expected`, async () => {
      const error = await refusal(agentSource(answering(answer)).certified());
      expect(error.code).to.equal("bad-answer");
      expect(error.message).to.match(message);
      expect(error.message.length).to.be.below(200);
    });
  }

  it("gives the blocks' data, and says when it holds none", async () => {
    const checkpoint = { submission: { header: { slot: 7 } } } as CertifiedCheckpoint;
    const source = agentSource(answering({ slot: 7, blocks: ["0x0102", "0xff"] }));
    const datas = await source.blockDatas(checkpoint);
    expect(datas.map((data) => [...data])).to.deep.equal([[1, 2], [255]]);
    expect((await refusal(agentSource(answering(null)).blockDatas(checkpoint))).code).to.equal("data-missing");
  });

  it("says which rollup it serves", async () => {
    const deployment = { rollup: address, chainId: 1, deploymentBlock: 9 };
    expect(await getDeployment(answering(deployment))).to.deep.equal(deployment);
    expect((await refusal(getDeployment(answering({ ...deployment, rollup: "0x" })))).code).to.equal("bad-answer");
  });
});

describe("the blobs of a checkpoint", () => {
  it("are made of its data, and refused unless they are those that were signed", async () => {
    const [blob] = await makeBlobs(1, 0);
    const checkpoint = (hash: Hex): CertifiedCheckpoint =>
      ({ submission: { header: { slot: 7 } }, blobHashes: [hash] }) as unknown as CertifiedCheckpoint;
    const data = [new Uint8Array(100).fill(1)];
    const made: BlobSidecar[] = await blobsOf(checkpoint(blob?.hash as Hex), data, kzg, 0);
    expect(made).to.deep.equal([blob?.sidecar]);
    for (const [hash, datas] of [
      [word("05"), data],
      [blob?.hash as Hex, [new Uint8Array(99).fill(1)]],
      [blob?.hash as Hex, []],
      [blob?.hash as Hex, [new Uint8Array(200_000)]],
    ] as const) {
      expect((await refusal(blobsOf(checkpoint(hash), datas, kzg, 0))).code).to.equal("data-differs");
    }
  });
});
