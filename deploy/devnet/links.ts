import { createServer, type Server, Socket } from "node:net";

const HOST = "127.0.0.1";

/** One agent's way to another: what connects to `port` is connected to the other's. */
interface Link {
  from: string;
  to: string;
  server: Server;
  /** Both ends of every connection. */
  sockets: Set<Socket>;
  isCut: boolean;
}

/** The connections between agents, each through a port of its own, so that they can be cut and joined again. */
export class Links {
  readonly #links: Link[] = [];

  /** Resolves with the port under which `from` reaches what listens on `toPort`. */
  async open(from: string, to: string, toPort: number): Promise<number> {
    const link: Link = { from, to, server: createServer(), sockets: new Set(), isCut: false };
    link.server.on("connection", (near) => {
      if (link.isCut) return near.destroy();
      const far = new Socket();
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        link.sockets.add(one);
        one.setNoDelay(true);
        one.on("error", () => one.destroy());
        one.on("close", () => {
          link.sockets.delete(one);
          other.destroy();
        });
      }
      far.connect(toPort, HOST, () => {
        near.pipe(far);
        far.pipe(near);
      });
    });
    await new Promise<void>((resolve, reject) => {
      link.server.once("error", reject);
      link.server.listen(0, HOST, resolve);
    });
    this.#links.push(link);
    return (link.server.address() as { port: number }).port;
  }

  /** Cuts the connections between agents that are apart, and refuses new ones; joins all others. */
  separate(areApart: (one: string, other: string) => boolean): void {
    for (const link of this.#links) {
      link.isCut = areApart(link.from, link.to) || areApart(link.to, link.from);
      if (link.isCut) for (const socket of link.sockets) socket.destroy();
    }
  }

  heal(): void {
    this.separate(() => false);
  }

  close(): void {
    for (const { server, sockets } of this.#links) {
      server.close();
      for (const socket of sockets) socket.destroy();
    }
  }
}
