import { spawn } from "node:child_process";

/**
 * Runs a script, kills it with SIGKILL as soon as `after` lines came and another `extraMs` passed, and returns every
 * complete line it printed.
 */
export function runAndKill(script: string, args: string[], after: number, extraMs: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    let armed = false;
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (armed || out.split("\n").length <= after) return;
      armed = true;
      setTimeout(() => child.kill("SIGKILL"), extraMs);
    });
    child.on("close", (_code, signal) => {
      if (signal !== "SIGKILL") return reject(new Error(`the child ended by itself: ${err}`));
      resolve(out.split("\n").slice(0, -1));
    });
  });
}
