import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { Links } from "../../deploy/devnet/links.ts";

describe("links between agents", () => {
  let links: Links;
  let echo: Server;
  let port: number;

  beforeEach(async () => {
    links = new Links();
    echo = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.pipe(socket);
    }).listen(0, "127.0.0.1");
    await once(echo, "listening");
    ({ port } = echo.address() as { port: number });
  });

  afterEach(() => {
    links.close();
    echo.close();
  });

  const dial = (to: number): Socket => connect(to, "127.0.0.1").on("error", () => undefined);

  async function answers(socket: Socket): Promise<boolean> {
    socket.write("?");
    return Promise.race([once(socket, "data").then(() => true), once(socket, "close").then(() => false)]);
  }

  it("pass on what is said, in both directions", async () => {
    const socket = dial(await links.open("a", "b", port));
    expect(await answers(socket)).to.equal(true);
    socket.destroy();
  });

  it("that are cut lose their connections and take no new ones, whichever end was named; the others stay", async () => {
    const [ab, ba, ac] = await Promise.all([
      links.open("a", "b", port),
      links.open("b", "a", port),
      links.open("a", "c", port),
    ]);
    const sockets = [ab, ba, ac].map(dial);
    for (const socket of sockets) expect(await answers(socket)).to.equal(true);
    const closed = sockets.slice(0, 2).map((socket) => once(socket, "close"));
    links.separate((one, other) => one === "a" && other === "b");
    await Promise.all(closed);
    expect(await answers(sockets[2] as Socket)).to.equal(true);
    expect(await answers(dial(ab))).to.equal(false);
    links.heal();
    const again = dial(ab);
    expect(await answers(again)).to.equal(true);
    for (const socket of [...sockets, again]) socket.destroy();
  });

  it("to nobody close the connection", async () => {
    echo.close();
    await once(echo, "close");
    expect(await answers(dial(await links.open("a", "b", port)))).to.equal(false);
  });
});
