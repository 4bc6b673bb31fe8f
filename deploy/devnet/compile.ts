import { spawn } from "node:child_process";

/** The contracts do not compile; the compiler's words are on the terminal. */
export class CompilationError extends Error {
  constructor(reason: string) {
    super(`the contracts do not compile: ${reason}`);
    this.name = "CompilationError";
  }
}

/** Compiles the contracts unless that was done before. Rejects with CompilationError, also when aborted. */
export function compileContracts(signal: AbortSignal): Promise<void> {
  const env = { ...process.env, HARDHAT_DISABLE_TELEMETRY: "true" };
  const child = spawn("hardhat", ["build", "--quiet", "--no-tests"], {
    stdio: ["ignore", "inherit", "inherit"],
    env,
    signal,
  });
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new CompilationError(error.message)));
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new CompilationError("see above"))));
  });
}
