import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** How long a child may take to end after SIGTERM before it is killed. */
const GRACE_MS = 5_000;
/** Lines of a child's log that are shown when it ends by itself. */
const LAST_LINES = 20;

/** A child that ended although nobody asked it to. */
export class ChildEndedError extends Error {
  constructor(name: string, how: string, lastLines: string) {
    super(`${name} ended by itself (${how}); the end of its log:\n${lastLines}`);
    this.name = "ChildEndedError";
  }
}

export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  readonly logFile: string;
  /** Resolves once it is gone. */
  readonly ended: Promise<void>;
  /** True once the launcher has ended it, or is about to. */
  expectedToEnd: boolean;
}

/** The launcher's processes: each leads its own group, logs to its own file, and none outlives the launcher. */
export class Children {
  readonly #directory: string;
  readonly #onUnexpectedEnd: (error: ChildEndedError) => void;
  readonly #children = new Set<Child>();

  constructor(logDirectory: string, onUnexpectedEnd: (error: ChildEndedError) => void) {
    this.#directory = logDirectory;
    this.#onUnexpectedEnd = onUnexpectedEnd;
    process.on("exit", () => {
      for (const child of this.#children) signalGroup(child, "SIGKILL");
    });
  }

  /** @param environment What its environment has besides the launcher's. */
  start(name: string, script: string, args: string[], environment: NodeJS.ProcessEnv = {}): Child {
    const logFile = join(this.#directory, `${name}.log`);
    const log = openSync(logFile, "a");
    // A group of its own keeps the terminal's Ctrl-C from it: the launcher decides the order of the end.
    const env = { ...childEnvironment(), ...environment };
    const child = fork(script, args, { detached: true, stdio: ["ignore", log, log, "ipc"], env });
    closeSync(log);
    const entry: Child = {
      name,
      process: child,
      logFile,
      expectedToEnd: false,
      ended: new Promise((resolve) => {
        child.once("exit", (code, signal) => {
          this.#children.delete(entry);
          resolve();
          if (entry.expectedToEnd) return;
          this.#onUnexpectedEnd(new ChildEndedError(name, signal ?? `exit code ${code}`, lastLinesOf(logFile)));
        });
      }),
    };
    this.#children.add(entry);
    return entry;
  }

  /** Ends a child at once, as a power cut would. */
  async kill(child: Child): Promise<void> {
    child.expectedToEnd = true;
    signalGroup(child, "SIGKILL");
    await child.ended;
  }

  /** Asks the children to end, kills those that do not in time, and resolves when all are gone. */
  async stop(children: Child[]): Promise<void> {
    for (const child of children) {
      child.expectedToEnd = true;
      if (!this.#children.has(child)) continue;
      child.process.kill("SIGTERM");
      // The others go too: no agent shall stay to finish its slot.
      if (child.process.connected) child.process.disconnect();
    }
    const timer = setTimeout(() => {
      for (const child of children) if (this.#children.has(child)) signalGroup(child, "SIGKILL");
    }, GRACE_MS);
    await Promise.all(children.map((child) => (this.#children.has(child) ? child.ended : undefined)));
    clearTimeout(timer);
  }

  async stopAll(): Promise<void> {
    await this.stop([...this.#children]);
  }
}

function childEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, HARDHAT_DISABLE_TELEMETRY: "true", HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "false" };
}

function lastLinesOf(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-LAST_LINES).join("\n");
}

function signalGroup(child: Child, signal: NodeJS.Signals): void {
  const { pid } = child.process;
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Already gone.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
