import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { bytesToHex } from "../../../sdk/types/hex.ts";
import type { CertifiedCheckpoint } from "../../../sdk/watch/source.ts";
import type { World } from "../world/world.ts";
import { BLOCK_DATAS } from "./support.ts";

/** An agent's JSON-RPC as far as a submitter asks, with the checkpoints that a test gives it. */
export async function serveCheckpoints(
  world: World,
  ...checkpoints: CertifiedCheckpoint[]
): Promise<{ url: string; close: () => void }> {
  const answers: Record<string, unknown> = {
    baton_deployment: { rollup: world.rollup, chainId: Number(world.chainId), deploymentBlock: 0 },
    baton_attestedCheckpoints: checkpoints.map(({ submission, ...rest }) => {
      const { header, digest, attestation } = submission;
      const { signers, signature } = attestation;
      return { ...rest, header, digest, signers: `0x${signers.toString(16)}`, signature };
    }),
    baton_checkpointData: { blocks: BLOCK_DATAS.map(bytesToHex) },
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { id, method } = JSON.parse(body) as { id: number; method: string };
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result: answers[method] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
