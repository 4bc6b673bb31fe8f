import { createServer } from "node:net";

/** A port of the loopback that something else listens on. */
export class PortInUseError extends Error {
  readonly port: number;
  constructor(port: number, purpose: string) {
    super(`port ${port} (${purpose}) is in use: stop what listens there, or choose others with --port-base`);
    this.name = "PortInUseError";
    this.port = port;
  }
}

/** Which port serves what; all follow from the base. */
export interface Ports {
  l1: number;
  /** By agent. */
  rpc: number[];
  p2p: number[];
  metrics: number[];
  flashblocks: number[];
}

export function portsFrom(base: number, agents: number): Ports {
  const run = (first: number): number[] => Array.from({ length: agents }, (_, index) => first + index);
  const nth = (kind: number): number[] => run(base + 1 + kind * agents);
  return { l1: base, rpc: nth(0), p2p: nth(1), metrics: nth(2), flashblocks: nth(3) };
}

/** @throws PortInUseError for the first port that cannot be listened on. */
export async function assertFree(ports: Ports): Promise<void> {
  await assertPortFree(ports.l1, "L1");
  for (const [index, port] of ports.rpc.entries()) await assertPortFree(port, `JSON-RPC of agent ${index}`);
  for (const [index, port] of ports.p2p.entries()) await assertPortFree(port, `p2p of agent ${index}`);
  for (const [index, port] of ports.metrics.entries()) await assertPortFree(port, `metrics of agent ${index}`);
  for (const [index, port] of ports.flashblocks.entries()) await assertPortFree(port, `flashblocks of agent ${index}`);
}

function assertPortFree(port: number, purpose: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", () => reject(new PortInUseError(port, purpose)));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve()));
  });
}
