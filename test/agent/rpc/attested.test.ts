import { expect } from "chai";
import type { AttestedCheckpoint } from "../../../sdk/agent/rpc/interface.ts";
import { DEFAULT_RPC_OPTIONS } from "../../../sdk/agent/rpc/options.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { DevChain, rpc } from "./support/devchain.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const ADDRESS: Hex = `0x${"c0".repeat(20)}`;

function attested(slot: number): AttestedCheckpoint {
  const digest = word(slot);
  return {
    slot,
    digest,
    proposal: {
      header: {
        slot,
        lastBlockHash: word(1),
        lastBlockNumber: 12,
        inboxCount: 3,
        outboxRoot: word(2),
        coinbase: ADDRESS,
        onTimeRecipient: ADDRESS,
        onTimeCapBps: 500,
      },
      parentDigest: ADDRESS,
      blobHashes: [word(4)],
      inboxHash: word(5),
      signature: "0x01",
    },
    certificate: { kind: "attestation", slot, digest, signers: 11n, signature: "0x02" },
  };
}

describe("what a stranger asks to land a checkpoint", () => {
  let dev: DevChain;
  const result = async (method: string, params: unknown[] = []): Promise<unknown> =>
    (await rpc(dev.url, method, params)).result;

  before(async () => {
    dev = await DevChain.start();
  });
  after(() => dev.stop());

  it("is where the rollup stands on L1", async () => {
    expect(await result("baton_deployment")).to.deep.equal({
      rollup: `0x${"ba".repeat(20)}`,
      chainId: 1,
      deploymentBlock: 7,
    });
  });

  it("is each checkpoint with a quorum, with all that its submission and its digest are made of, oldest first", async () => {
    expect(await result("baton_attestedCheckpoints")).to.deep.equal([]);
    const count = DEFAULT_RPC_OPTIONS.maxAttestedCheckpoints + 2;
    for (let slot = 1; slot <= count; slot++) dev.attestedNow.push(attested(slot));
    const found = (await result("baton_attestedCheckpoints")) as Record<string, unknown>[];
    expect(found).to.have.length(count - 2);
    const { header, parentDigest, inboxHash, blobHashes } = attested(1).proposal;
    const signed = { digest: word(1), signers: "0xb", signature: "0x02" };
    expect(found[0]).to.deep.equal({ header, parentDigest, inboxHash, blobHashes, ...signed });
  });

  it("is the data of its blocks, in order, and null for a slot of which nothing is held", async () => {
    dev.dataOfSlots.set(3, [Uint8Array.of(1, 2), Uint8Array.of(255)]);
    expect(await result("baton_checkpointData", [3])).to.deep.equal({ slot: 3, blocks: ["0x0102", "0xff"] });
    expect(await result("baton_checkpointData", ["0x4"])).to.equal(null);
  });
});
