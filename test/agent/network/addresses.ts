import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A loopback port that nobody listens on and none of `taken` is. */
export async function freePort(taken: readonly number[] = []): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return taken.includes(port) ? freePort(taken) : port;
}

export const addressOf = (port: number): string => `/ip4/127.0.0.1/tcp/${port}`;
