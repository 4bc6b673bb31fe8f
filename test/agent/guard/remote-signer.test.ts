import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { Teardown } from "../../../sdk/agent/assembly/teardown.ts";
import { openValidators } from "../../../sdk/agent/assembly/validator.ts";
import { loadConfig } from "../../../sdk/agent/config/load.ts";
import { GuardError, SignerError, type ValidatorSigner } from "../../../sdk/agent/guard/interface.ts";
import { MAX_ANSWER_BYTES, SignerClient } from "../../../sdk/agent/guard/remote/client.ts";
import { RemoteSigner } from "../../../sdk/agent/guard/remote/signer.ts";
import { SystemClock } from "../../../sdk/agent/time/clock.ts";
import { publicKeyOf, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { signingMessage } from "../../../sdk/digest/signingMessage.ts";
import { bytesToHex, type Hex } from "../../../sdk/types/hex.ts";
import { writeConfig } from "../cli/support.ts";
import { MemoryGuard, recorder } from "../pipeline/support.ts";
import { CHAIN_ID, ROLLUP, temporaryDirectory, word } from "../store/fixtures.ts";

const SECRETS = [1, 2].map((seed) => secretKeyFromSeed(new Uint8Array(32).fill(seed)));
const KEYS = SECRETS.map(publicKeyOf) as [Hex, Hex];
const TOKEN = "a token that is said".replaceAll(" ", "-");
const TIMEOUT_MS = 5_000;

const clock = new SystemClock();
const codeOf = async (action: () => Promise<unknown>): Promise<string> => {
  try {
    await action();
    return "signed";
  } catch (error) {
    if (error instanceof SignerError || error instanceof GuardError) return `${error.name} ${error.code}`;
    throw error;
  }
};

describe("a remote signer", function () {
  // A process of its own, which loads on a busy machine.
  this.timeout(60_000);
  let directory: ReturnType<typeof temporaryDirectory>;
  let child: ChildProcess | undefined;
  let output = "";
  const impostors: Server[] = [];

  beforeEach(() => {
    directory = temporaryDirectory();
    output = "";
  });
  afterEach(async () => {
    await kill();
    for (const server of impostors.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    directory.remove();
  });

  const tokenPath = (): string => join(directory.path, "token");

  async function start(over: Record<string, unknown> = {}): Promise<string> {
    writeFileSync(tokenPath(), `${TOKEN}\n`, { mode: 0o600 });
    const keys = SECRETS.map((secretKey, i) => ({ blsSecretKey: bytesToHex(secretKey), oneTime: i === 1 }));
    const config = { dataDir: join(directory.path, "signer"), chainId: CHAIN_ID, rollup: ROLLUP, keys };
    const file = join(directory.path, "signer.json");
    writeFileSync(file, JSON.stringify({ ...config, tokenPath: tokenPath(), listen: { port: 0 }, ...over }));
    const started = spawn("node", ["sdk/agent/cli.ts", "signer", "--config", file], { stdio: "pipe" });
    child = started;
    const said = output.length;
    for (const stream of [started.stdout, started.stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk));
    for (;;) {
      const url = /"url":"([^"]+)"/.exec(output.slice(said))?.[1];
      if (url !== undefined) return url;
      if (started.exitCode !== null) throw new Error(output);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    const ended = child;
    child = undefined;
    if (ended === undefined || ended.exitCode !== null) return ended?.exitCode ?? null;
    ended.kill(signal);
    const [code] = (await once(ended, "close")) as [number | null];
    return code;
  }

  /** An agent's signer with a guard that knows nothing, as after a disk was lost. */
  const signerAt = (
    url: string,
    { publicKey = KEYS[0], timeoutMs = TIMEOUT_MS, token = TOKEN } = {},
  ): ValidatorSigner =>
    new RemoteSigner(
      { publicKey, chainId: CHAIN_ID, rollup: ROLLUP },
      { guard: new MemoryGuard(), bls: BLS, client: new SignerClient({ url, token, timeoutMs }, clock) },
    );

  /** Something that answers every request in its own way. */
  async function impostor(answer: (body: string) => { status: number; text: string } | undefined): Promise<string> {
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk));
      request.on("end", () => {
        const made = answer(body);
        if (made !== undefined) response.writeHead(made.status, { location: "http://127.0.0.1:9/" }).end(made.text);
      });
    });
    impostors.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("signs what verifies, and no second digest for one slot, across kill -9 and whatever agents forget", async () => {
    let url = await start();
    const signature = await signerAt(url).sign("attestation", 5, word(1));
    const message = signingMessage("attestation", { chainId: BigInt(CHAIN_ID), rollup: ROLLUP, slot: 5 }, word(1));
    expect(BLS.verify(message, signature, KEYS[0])).to.equal(true);
    await kill();
    url = await start();
    expect(await signerAt(url).sign("attestation", 5, word(1)), "the same again").to.equal(signature);
    expect(await codeOf(() => signerAt(url).sign("attestation", 5, word(2)))).to.equal("SignerError conflict");
    expect(await codeOf(() => signerAt(url).sign("skip", 5, word(0)))).to.equal("SignerError conflict");
    expect(await codeOf(() => signerAt(url).sign("block", 5, word(3), "0/1"))).to.equal("signed");
    expect(await kill("SIGTERM"), "told to end").to.equal(0);
    for (const secret of [TOKEN, ...SECRETS.map((key) => bytesToHex(key).slice(2))])
      expect(output).not.to.contain(secret);
  });

  it("signs each index of a one-time key once, not even the same again", async () => {
    const url = await start();
    const signer = (): ValidatorSigner => signerAt(url, { publicKey: KEYS[1] });
    expect(await codeOf(() => signer().sign("proposal", 5, word(1)))).to.equal("signed");
    expect(await codeOf(() => signer().sign("proposal", 5, word(1)))).to.equal("SignerError conflict");
    expect(await codeOf(() => signer().sign("proposal", 6, word(1)))).to.equal("signed");
  });

  it("answers nobody without the token, nothing malformed, and for no other key or rollup", async () => {
    const url = await start();
    expect(await codeOf(() => signerAt(url, { token: `${TOKEN}2` }).sign("skip", 1, word(0)))).to.equal(
      "SignerError unauthorized",
    );
    const stranger = publicKeyOf(secretKeyFromSeed(new Uint8Array(32).fill(9)));
    expect(await codeOf(() => signerAt(url, { publicKey: stranger }).sign("skip", 1, word(0)))).to.equal(
      "SignerError unknown-key",
    );
    const request = { chainId: CHAIN_ID, rollup: ROLLUP, publicKey: KEYS[0], kind: "skip", slot: 1, digest: word(0) };
    const post = async (body: string): Promise<number> => {
      const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
      return (await fetch(`${url}/v1/sign`, { method: "POST", headers, body })).status;
    };
    for (const bad of [
      "",
      "{",
      "[]",
      JSON.stringify(request),
      JSON.stringify({ ...request, sequence: "1" }),
      JSON.stringify({ ...request, sequence: "", chainId: 1 }),
      JSON.stringify({ ...request, sequence: "", slot: -1 }),
      "x".repeat(5_000),
    ]) {
      expect(await post(bad), bad.slice(0, 60)).to.be.within(400, 409);
    }
    expect(await post(JSON.stringify({ ...request, sequence: "" }))).to.equal(200);
  });

  it("that is slow, down or no signer costs the signature, in time, and leaves the guard's row", async () => {
    const guard = new MemoryGuard();
    const silent = await impostor(() => undefined);
    const client = new SignerClient({ url: silent, token: TOKEN, timeoutMs: 150 }, clock);
    const signer = new RemoteSigner(
      { publicKey: KEYS[0], chainId: CHAIN_ID, rollup: ROLLUP },
      { guard, bls: BLS, client },
    );
    expect(await codeOf(() => signer.sign("attestation", 5, word(1)))).to.equal("SignerError unavailable");
    expect(guard.rows).to.have.length(1);
    expect(await codeOf(() => signer.sign("attestation", 5, word(2)))).to.equal("GuardError conflict");
    expect(await codeOf(() => signerAt("http://127.0.0.1:9").sign("skip", 1, word(0)))).to.equal(
      "SignerError unavailable",
    );
    for (const made of [
      { status: 200, text: "<html>" },
      { status: 200, text: "{}" },
      { status: 302, text: "" },
      { status: 500, text: "{}" },
    ]) {
      const url = await impostor(() => made);
      expect(await codeOf(() => signerAt(url).sign("skip", 1, word(0)))).to.equal("SignerError unavailable");
    }
  });

  it("is read up to a bound and not beyond it, and not for longer than it may take", async () => {
    const signature = BLS.sign(
      signingMessage("skip", { chainId: BigInt(CHAIN_ID), rollup: ROLLUP, slot: 1 }, word(0)),
      SECRETS[0] as Uint8Array,
    );
    const text = JSON.stringify({ signature });
    for (const [bytes, code] of [
      [MAX_ANSWER_BYTES, "signed"],
      [MAX_ANSWER_BYTES + 1, "SignerError unavailable"],
    ] as const) {
      const url = await impostor(() => ({ status: 200, text: text.padEnd(bytes) }));
      expect(await codeOf(() => signerAt(url).sign("skip", 1, word(0))), `${bytes} bytes`).to.equal(code);
    }
    // A byte now and then, for ever.
    const trickling = createServer((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => trickling.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(trickling.address() as AddressInfo).port}`;
    const client = new SignerClient({ url, token: TOKEN, timeoutMs: 150 }, clock);
    const failure = await client.keys().catch((error: Error) => error.message);
    trickling.closeAllConnections();
    trickling.close();
    expect(failure).to.match(/no answer within 150 ms/);
  });

  it("that lies is found out: nothing is used that does not verify", async () => {
    const other = BLS.sign(word(7), SECRETS[0] as Uint8Array);
    for (const signature of [other, `0x${"00".repeat(96)}`, `0x${"ff".repeat(96)}`]) {
      const url = await impostor(() => ({ status: 200, text: JSON.stringify({ signature }) }));
      expect(await codeOf(() => signerAt(url).sign("skip", 1, word(0)))).to.equal("SignerError bad-signature");
    }
  });

  it("is asked at an agent's start: one with other keys ends the start, one that is down does not", async () => {
    const url = await start();
    const opened = async (remote: object): Promise<string> => {
      const coinbase = `0x${"11".repeat(20)}`;
      const signer = { url, publicKey: KEYS[0], tokenPath: tokenPath(), ...remote };
      const { file } = writeConfig(directory.path, { validators: [{ signer, coinbase }] });
      const log = recorder();
      const teardown = new Teardown();
      const deployment = { chainId: CHAIN_ID, rollup: ROLLUP, deploymentBlock: 1 };
      const code = await codeOf(async () =>
        openValidators(await loadConfig(file), deployment, { bls: BLS, clock, log }, teardown),
      );
      await teardown.run(log);
      return [code, ...log.lines].join(": ");
    };
    expect(await opened({})).to.equal("signed");
    const stranger = publicKeyOf(secretKeyFromSeed(new Uint8Array(32).fill(9)));
    expect(await opened({ publicKey: stranger })).to.equal("SignerError unknown-key");
    writeFileSync(join(directory.path, "other"), `${TOKEN}2`);
    expect(await opened({ tokenPath: join(directory.path, "other") })).to.equal("SignerError unauthorized");
    expect(await opened({ url: "http://127.0.0.1:9" })).to.match(/^signed: the remote signer does not answer/);
  });
});
