import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AgentConfig } from "../../config/interface.ts";
import { type TcpAddress, tcpAddressOf } from "../../network/addresses.ts";
import { type Finding, fail, failed, ok, warn } from "./finding.ts";

const CONNECT_TIMEOUT_MS = 3_000;

/** Whether the agent could listen where it is told to. */
export async function examinePorts({ rpc, p2p, metrics }: AgentConfig): Promise<Finding[]> {
  const served = [await portFinding("rpc port", rpc)];
  if (metrics !== undefined) served.push(await portFinding("metrics port", metrics));
  try {
    const address = tcpAddressOf(p2p.listen);
    if (address === undefined) {
      return [...served, ok("p2p port", `${p2p.listen} names no TCP port that could be tried`)];
    }
    return [...served, await portFinding("p2p port", address)];
  } catch (error) {
    return [...served, failed("p2p port", error, "Set p2p.listen right")];
  }
}

/** Whether each peer has an address at which somebody takes connections; it is not asked who. */
export async function examinePeers({ p2p }: AgentConfig): Promise<Finding[]> {
  if (p2p.peers.length === 0) {
    return [warn("peers", "none is configured, so only those that know this agent connect", "Name some in p2p.peers")];
  }
  return Promise.all(p2p.peers.map(peerFinding));
}

async function peerFinding(peer: string): Promise<Finding> {
  let address: TcpAddress | undefined;
  try {
    address = tcpAddressOf(peer);
  } catch (error) {
    return failed("peer", error, "Set it right in p2p.peers");
  }
  if (address === undefined) return warn("peer", `${peer} names no TCP port that could be tried`, "Use a TCP address");
  const reason = await whyNotReached(address);
  if (reason === undefined) return ok("peer", `${peer} takes connections`);
  return warn("peer", `${peer} takes no connection: ${reason}`, "Start it, or let this machine through to it");
}

async function portFinding(check: string, { host, port }: TcpAddress): Promise<Finding> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, "listening");
    return ok(check, port === 0 ? `any on ${host}` : `${host}:${port} is free`);
  } catch (error) {
    const text = `${host}:${port} cannot be listened on: ${(error as NodeJS.ErrnoException).code}`;
    return fail(check, text, "Stop what uses it, which may be this very agent, or choose another");
  } finally {
    server.close();
  }
}

async function whyNotReached({ host, port }: TcpAddress): Promise<string | undefined> {
  const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
  try {
    socket.on("timeout", () => socket.destroy(new Error(`no answer in ${CONNECT_TIMEOUT_MS} ms`)));
    await once(socket, "connect");
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String((error as Error).message);
  } finally {
    socket.destroy();
  }
}
