import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { NetworkError } from "./options.ts";

/** Where TCP connections are taken. */
export interface TcpAddress {
  /** An IP address or a name. */
  host: string;
  port: number;
}

const HOST_PROTOCOLS = ["ip4", "ip6", "dns", "dns4", "dns6"];

/** @throws NetworkError "bad-address". */
export function assertAddress(address: string): void {
  parse(address);
}

/** The TCP part of a multiaddress, or undefined if it has none. @throws NetworkError "bad-address". */
export function tcpAddressOf(address: string): TcpAddress | undefined {
  const [first, second] = parse(address).getComponents();
  if (first?.value === undefined || !HOST_PROTOCOLS.includes(first.name)) return undefined;
  if (second?.value === undefined || second.name !== "tcp") return undefined;
  return { host: first.value, port: Number(second.value) };
}

function parse(address: string): Multiaddr {
  try {
    return multiaddr(address);
  } catch (error) {
    throw new NetworkError(
      "bad-address",
      `expected a multiaddress such as /ip4/127.0.0.1/tcp/9000, got ${address} (${(error as Error).message})`,
    );
  }
}
