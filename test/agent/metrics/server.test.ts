import { connect } from "node:net";
import { expect } from "chai";
import { type MetricsServer, MetricsServerError, startMetricsServer } from "../../../sdk/agent/metrics/server.ts";
import { recorder } from "../pipeline/support.ts";

const LOCAL = { host: "127.0.0.1", port: 0 };

describe("the metrics server", () => {
  let server: MetricsServer | undefined;
  afterEach(() => server?.stop());

  async function serve(text: () => Promise<string>) {
    const log = recorder();
    server = await startMetricsServer(LOCAL, { text, contentType: "text/plain; version=0.0.4; charset=utf-8", log });
    return { url: server.url, log };
  }

  it("serves the text as it is at that moment, and nothing on other paths", async () => {
    let scrapes = 0;
    const { url } = await serve(async () => `scrapes_total ${++scrapes}\n`);
    expect(await (await fetch(url)).text()).to.equal("scrapes_total 1\n");
    const second = await fetch(url);
    expect(await second.text()).to.equal("scrapes_total 2\n");
    expect(second.headers.get("content-type")).to.equal("text/plain; version=0.0.4; charset=utf-8");
    expect((await fetch(new URL("/", url))).status).to.equal(404);
    expect((await fetch(url, { method: "POST", body: "x" })).status).to.be.oneOf([404, 405, 413]);
    expect(scrapes).to.equal(2);
  });

  it("reads once for all who ask meanwhile", async () => {
    let reads = 0;
    const { promise, resolve: finish } = Promise.withResolvers<string>();
    const { url } = await serve(() => {
      reads++;
      return promise;
    });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let answers = "";
    socket.on("data", (data) => {
      answers += String(data);
    });
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    // In one packet, so that the second is there before the first is answered.
    const request = (connection: string): string =>
      `GET /metrics HTTP/1.1\r\nHost: ${hostname}\r\nConnection: ${connection}\r\n\r\n`;
    socket.write(request("keep-alive") + request("close"));
    while (reads === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    finish("same\n");
    await closed;
    expect(answers.match(/same\n/g)).to.have.length(2);
    expect(reads).to.equal(1);
  });

  it("says that reading failed, and goes on", async () => {
    let fails = true;
    const { url, log } = await serve(async () => {
      if (fails) throw new Error("a bug");
      return "fine\n";
    });
    expect((await fetch(url)).status).to.equal(500);
    expect(log.fields).to.deep.equal([{ error: "Error: a bug" }]);
    fails = false;
    expect(await (await fetch(url)).text()).to.equal("fine\n");
  });

  it("holds a bounded number of connections", async () => {
    const { url } = await serve(async () => "fine\n");
    const { port } = new URL(url);
    const sockets = Array.from({ length: 40 }, () => connect(Number(port), "127.0.0.1").on("error", () => {}));
    const closed = sockets.map((socket) => new Promise<void>((resolve) => socket.on("close", () => resolve())));
    let gone = 0;
    for (const one of closed) void one.then(() => gone++);
    while (gone < 40 - 16) await new Promise<void>((resolve) => setImmediate(resolve));
    expect(gone).to.equal(40 - 16);
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
    let text: string | undefined;
    while (text === undefined)
      text = await fetch(url).then(
        (answer) => answer.text(),
        () => undefined,
      );
    expect(text).to.equal("fine\n");
  });

  it("says which address it cannot have", async () => {
    const { url } = await serve(async () => "");
    const port = Number(new URL(url).port);
    const again = startMetricsServer({ ...LOCAL, port }, { text: async () => "", contentType: "", log: recorder() });
    const error: unknown = await again.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(MetricsServerError);
    expect((error as Error).message)
      .to.contain(`127.0.0.1:${port} (EADDRINUSE)`)
      .and.to.contain("`metrics`");
  });
});
