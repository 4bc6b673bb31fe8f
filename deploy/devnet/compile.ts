import { spawnSync } from "node:child_process";

/** The contracts do not compile; the compiler's words are on the terminal. */
export class CompilationError extends Error {
  constructor() {
    super("the contracts do not compile, see above");
    this.name = "CompilationError";
  }
}

/** Compiles the contracts unless that was done before. */
export function compileContracts(): void {
  const environment = { ...process.env, HARDHAT_DISABLE_TELEMETRY: "true" };
  const { status } = spawnSync("hardhat", ["build", "--quiet", "--no-tests"], {
    stdio: ["ignore", "inherit", "inherit"],
    env: environment,
  });
  if (status !== 0) throw new CompilationError();
}
