import { type ChildProcess, spawn } from "node:child_process";

/** A process started by a test. It leads a group of its own, so that whatever it starts ends with it. */
export interface RunningProcess {
  readonly pid: number;
  /** The part of its output that said it was ready. */
  readonly ready: RegExpMatchArray;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Exit code, or null if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends the group and resolves once the process is gone; harmless when it already is. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface StartOptions {
  /** Printed by the process when it can be used. */
  ready: RegExp;
  /** Real milliseconds until the start counts as failed. */
  timeoutMs?: number;
  env?: Record<string, string>;
}

const alive = new Set<number>();

// A test run that is cut short must not leave nodes behind.
process.on("exit", () => {
  for (const pid of alive) signalGroup(pid, "SIGKILL");
});

/** Starts a command and waits until it says it is ready; rejects with its output if it ends or stays silent. */
export async function start(command: string, args: string[], options: StartOptions): Promise<RunningProcess> {
  const child = spawn(command, args, {
    detached: true,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = await pidOf(child, command);
  alive.add(pid);
  let output = "";
  const exited = new Promise<number | null>((resolve) => {
    child.once("close", (code) => {
      alive.delete(pid);
      resolve(code);
    });
  });
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    if (alive.has(pid)) signalGroup(pid, signal);
    return exited;
  };
  const timeoutMs = options.timeoutMs ?? 30_000;
  const ready = await new Promise<RegExpMatchArray>((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`${command} ${args.join(" ")} ${what}; it printed:\n${output}`));
    const timer = setTimeout(() => fail(`was not ready (${options.ready}) after ${timeoutMs} ms`), timeoutMs);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const match = output.match(options.ready);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    void exited.then((code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  }).catch(async (error: unknown) => {
    await stop("SIGKILL");
    throw error;
  });
  return { pid, ready, output: () => output, exited, stop };
}

/** An anvil node on a free port of the loopback; `url` is where it answers. */
export async function startAnvil(args: string[] = []): Promise<RunningProcess & { url: string }> {
  const node = await start("anvil", ["--port", "0", ...args], { ready: /Listening on (127\.0\.0\.1:\d+)/ });
  return { ...node, url: `http://${node.ready[1]}` };
}

function pidOf(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`cannot start ${command}: ${error.message}`)));
    child.once("spawn", () => resolve(child.pid as number));
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Already gone.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
