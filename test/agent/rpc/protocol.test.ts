import { connect } from "node:net";
import { expect } from "chai";
import fc from "fast-check";
import { type Answer, DevChain, post, rpc } from "./support/devchain.ts";

const request = (method: unknown, params: unknown = [], id: unknown = 1) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });

describe("JSON-RPC protocol", () => {
  let dev: DevChain;
  const send = async (body: string): Promise<{ status: number; answer: Answer }> => post(dev.url, body);
  const codeOf = async (body: string): Promise<number | undefined> => (await send(body)).answer.error?.code;

  before(async () => {
    dev = await DevChain.start({ maxBatch: 5, maxBodyBytes: 100_000, maxBatchResponseBytes: 3_000 });
  });
  afterEach(async () => {
    expect((await rpc(dev.url, "eth_chainId")).result, "the server still answers").to.equal("0x1e15");
    expect(
      dev.logged.filter((line) => line.level === "error"),
      "nothing was an internal error",
    ).to.deep.equal([]);
  });
  after(() => dev.stop());

  it("answers what is not JSON with -32700 and no id", async () => {
    for (const body of ["", "{", "nonsense", '{"jsonrpc": "2.0",}', "\u0000", "[1,", '"\\ud800']) {
      const { answer } = await send(body);
      expect(answer, body).to.deep.equal({
        jsonrpc: "2.0",
        id: null,
        error: { code: -32700, message: "parse error: the body is not JSON" },
      });
    }
  });

  it("answers what is no request with -32600, with the id if there is a usable one", async () => {
    const bodies = ["1", "null", '"x"', "true", "{}", '{"id":7}', '{"jsonrpc":"1.0","method":"eth_chainId","id":7}'];
    for (const body of bodies) expect(await codeOf(body), body).to.equal(-32600);
    expect((await send('{"jsonrpc":"2.0","method":5,"id":7}')).answer.id).to.equal(7);
    expect((await send('{"jsonrpc":"2.0","method":5,"id":{"a":1}}')).answer.id).to.equal(null);
    expect(await codeOf(request("eth_chainId", "0x1"))).to.equal(-32600);
  });

  it("answers unknown methods with -32601, whatever they are called", async () => {
    for (const name of [
      "eth_nothing",
      "",
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "x".repeat(50_000),
    ]) {
      const { answer } = await send(request(name));
      expect(answer.error?.code, name.slice(0, 20)).to.equal(-32601);
      expect(answer.error?.message.length).to.be.below(120);
    }
    expect(await codeOf(request("eth_subscribe", ["newHeads"]))).to.equal(-32601);
  });

  it("answers wrong parameters with -32602, saying which and what was expected", async () => {
    const messageOf = async (method: string, params: unknown) => (await send(request(method, params))).answer.error;
    expect(await messageOf("eth_getBalance", ["0x12", "latest"])).to.deep.equal({
      code: -32602,
      message: "invalid params[0]: expected an address: 0x and 40 hex digits",
    });
    expect((await messageOf("eth_getBalance", [`0x${"11".repeat(20)}`, "newest"]))?.message).to.match(
      /params\[1\]: expected a block/,
    );
    expect((await messageOf("eth_call", [{ to: 5 }, "latest"]))?.message).to.match(
      /params\[0\]\.to: expected an address/,
    );
    expect((await messageOf("eth_getLogs", [{ topics: [["0x1"]] }]))?.message).to.match(/params\[0\]\.topics\[0\]/);
    for (const [method, params] of [
      ["eth_getBalance", []],
      ["eth_getBalance", {}],
      ["eth_getBalance", [null]],
      ["eth_getBalance", [{}, {}]],
      ["eth_getBalance", [`0x${"11".repeat(20)}`, "latest", "more"]],
      ["eth_getBalance", [`0x${"11".repeat(20)}`, `0x${"f".repeat(20)}`]],
      ["eth_getBlockByNumber", ["0x0", "yes"]],
      ["eth_getBlockByNumber", [-1, false]],
      ["eth_getBlockByNumber", ["0xzz", false]],
      ["eth_call", [{ data: "0x1", to: null }]],
      ["eth_call", [{ data: "0x11", input: "0x12" }]],
      ["eth_call", [{ value: "-0x1" }]],
      ["eth_sendRawTransaction", ["0x"]],
      ["eth_sendRawTransaction", ["0x02c0"]],
      ["eth_sendRawTransaction", [["0x"]]],
      ["eth_feeHistory", ["0x1", "latest", [50, 10]]],
      ["eth_feeHistory", ["0x0", "latest"]],
      ["eth_feeHistory", ["0xffffff", "latest"]],
      ["eth_getLogs", [{ fromBlock: "0x5", toBlock: "0x1" }]],
      ["eth_getLogs", [{ blockHash: `0x${"11".repeat(32)}`, fromBlock: "0x0" }]],
      ["eth_getStorageAt", [`0x${"11".repeat(20)}`, `0x1${"0".repeat(64)}`]],
      ["baton_slots", ["0x5", "0x1"]],
      ["baton_slots", ["0x0", "0xffff"]],
      ["baton_checkpoint", ["latest"]],
    ] as const) {
      expect((await messageOf(method, params))?.code, `${method} ${JSON.stringify(params)}`).to.equal(-32602);
    }
  });

  it("answers batches in order, leaves out notifications, and bounds them", async () => {
    const one = JSON.parse(request("eth_chainId"));
    const { id: _, ...notification } = one;
    const { answer } = await send(
      JSON.stringify([{ ...one, id: "a" }, notification, 5, { ...one, method: "no", id: 3 }]),
    );
    const answers = answer as unknown as Answer[];
    expect(answers.map((part) => [part.id, part.error?.code])).to.deep.equal([
      ["a", undefined],
      [null, -32600],
      [3, -32601],
    ]);
    expect(await codeOf("[]")).to.equal(-32600);
    expect(await codeOf(JSON.stringify(Array(6).fill(one)))).to.equal(-32600);
    const silent = await send(JSON.stringify([notification]));
    expect(silent).to.deep.equal({ status: 204, answer: undefined });
    expect((await send(JSON.stringify(notification))).status).to.equal(204);
  });

  it("stops a batch whose answers outgrow the bound", async () => {
    const block = (id: number) => JSON.parse(request("eth_getBlockByNumber", ["latest", false], id));
    const { answer } = await send(JSON.stringify([1, 2, 3, 4, 5].map(block)));
    const codes = (answer as unknown as Answer[]).map((part) => part.error?.code);
    expect(codes[0]).to.equal(undefined);
    expect(codes.at(-1)).to.equal(-32003);
    expect((answer as unknown as Answer[]).map((part) => part.id)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it("refuses bodies over the limit with 413, before reading them", async () => {
    const { status, answer } = await send(request("eth_chainId", ["x".repeat(100_000)]));
    expect(status).to.equal(413);
    expect(answer.error).to.deep.equal({ code: -32600, message: "invalid request: body larger than 100000 bytes" });
    const atLimit = request("eth_chainId").padEnd(100_000, " ");
    expect((await send(atLimit)).answer.result).to.equal("0x1e15");
  });

  it("survives nesting as deep as the body allows", async () => {
    const deep = "[".repeat(49_000) + "]".repeat(49_000);
    expect(await codeOf(deep)).to.equal(undefined);
    expect(await codeOf(`{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[${deep}]}`)).to.equal(-32602);
    expect(await codeOf(`{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{"topics":${deep}}]}`)).to.equal(
      -32602,
    );
    expect(await codeOf("[".repeat(90_000))).to.equal(-32700);
  });

  it("is not polluted by prototype keys", async () => {
    const body =
      '{"jsonrpc":"2.0","id":1,"method":"eth_call","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},' +
      '"params":[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"to":"0x0000000000000000000000000000000000000001"}]}';
    expect((await send(body)).answer.result).to.equal("0x");
    expect(({} as { polluted?: number }).polluted).to.equal(undefined);
    await send('{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":{"__proto__":[]}}');
  });

  it("answers any JSON value as parameters of any method", async function () {
    this.timeout(30_000);
    const methods = [
      "eth_call",
      "eth_getLogs",
      "eth_getBlockByNumber",
      "eth_sendRawTransaction",
      "eth_feeHistory",
      "eth_getStorageAt",
      "baton_slots",
      "eth_sendRawTransactionSync",
      "eth_getTransactionByHash",
      "eth_getBlockReceipts",
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...methods), fc.jsonValue({ maxDepth: 4 }), async (method, params) => {
        const { status, answer } = await send(request(method, params));
        expect(status).to.equal(200);
        if (answer.error !== undefined) expect(answer.error.code).to.not.equal(-32603);
      }),
      { numRuns: 300 },
    );
  });

  it("survives bytes that are no HTTP", async () => {
    const { port } = new URL(dev.url);
    for (const bytes of [
      "\u0000\u0001\u0002",
      "GET / HTTP/1.1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
      `GET /${"a".repeat(50_000)} HTTP/1.1\r\n\r\n`,
    ]) {
      await new Promise<void>((resolve, reject) => {
        const socket = connect(Number(port), "127.0.0.1", () => socket.end(bytes));
        socket
          .on("error", reject)
          .on("close", () => resolve())
          .resume();
      });
    }
  });

  it("answers other verbs and paths with an explanation", async () => {
    const got = await fetch(dev.url);
    expect(got.status).to.equal(404);
    expect(((await got.json()) as Answer).error?.message).to.include("POST");
    expect((await fetch(`${dev.url}/other`, { method: "POST", body: "{}" })).status).to.equal(404);
  });

  it("takes any content type, and none", async () => {
    const body = request("eth_chainId");
    for (const type of ["text/plain", "application/json; charset=utf-8", "application/json-rpc"]) {
      expect((await post(dev.url, body, { "content-type": type })).answer.result, type).to.equal("0x1e15");
    }
    const untyped = await fetch(dev.url, { method: "POST", body: new TextEncoder().encode(body) });
    expect(((await untyped.json()) as Answer).result).to.equal("0x1e15");
  });

  it("lets web pages in by origin only", async () => {
    const url = await dev.serve({ allowedOrigins: ["https://wallet.example"] });
    const allowed = await fetch(url, { method: "OPTIONS", headers: { origin: "https://wallet.example" } });
    expect(allowed.headers.get("access-control-allow-origin")).to.equal("https://wallet.example");
    const other = await fetch(url, { method: "OPTIONS", headers: { origin: "https://evil.example" } });
    expect(other.headers.get("access-control-allow-origin")).to.equal(null);
  });
});
