#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { pino } from "pino";
import { SubmitError } from "../submit/errors.ts";
import type { AgentSeams } from "./assembly/ports.ts";
import { addClaimCommand } from "./commands/claim.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addGenesisCommand } from "./commands/genesis.ts";
import { addGuardCommands } from "./commands/guard.ts";
import { KeyError } from "./commands/key.ts";
import { addSendCommand, SendError } from "./commands/send.ts";
import { addSignerCommand, type SignerCommandOptions } from "./commands/signer.ts";
import { addSubmitCommand, type SubmitCommandOptions, SubmitUsageError } from "./commands/submit.ts";
import { addTimetableCommand } from "./commands/timetable.ts";
import { ConfigError } from "./config/interface.ts";
import { loadConfig, loadSignerConfig } from "./config/load.ts";
import { GuardError, SignerError } from "./guard/interface.ts";
import { L1EndpointsError } from "./l1/endpoints/interface.ts";
import type { Logger } from "./types/logger.ts";

/** Exit codes: 0 ended as asked, 1 failed, 2 called or configured wrongly. */
const FAILED = 1;
const MISUSED = 2;

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** The command line, which loads no command but the one it is given; `seams` is how tests run a faulty agent as a process of its own. */
export async function runCli(argv: string[], seams: AgentSeams = {}): Promise<void> {
  const program = new Command("baton")
    .description("A rollup node: follows, builds, attests and lands checkpoints.")
    .exitOverride();
  program
    .command("agent")
    .description("run an agent until it is told to stop (SIGINT or SIGTERM)")
    .requiredOption("--config <file>", "the agent's configuration, a JSON file")
    .action((options: { config: string }) => runAgent(options.config, seams));
  addSubmitCommand(program, runSubmitter);
  addSignerCommand(program, runSigner);
  addGenesisCommand(program, ({ config }) =>
    saying(async () => {
      const { printGenesis } = await import("./assembly/genesis.ts");
      await printGenesis(config, (text) => process.stdout.write(text));
    }),
  );
  addTimetableCommand(program, (from, given) =>
    saying(async () => {
      const { printTimetable } = await import("./assembly/timetable.ts");
      await printTimetable(from, given, print);
    }),
  );
  addClaimCommand(program, ({ config }) =>
    saying(async () => {
      const { runClaim } = await import("./assembly/claim.ts");
      const { signal } = stopSignal();
      const isWell = await runClaim(config, print, signal).catch((error: unknown) => {
        if (signal.aborted) return false;
        throw error;
      });
      if (!isWell) process.exitCode = FAILED;
    }),
  );
  addSendCommand(program, (options) =>
    saying(async () => {
      const { runSend } = await import("./assembly/send.ts");
      const { signal } = stopSignal();
      const isWell = await runSend(options, print, signal).catch((error: unknown) => {
        if (signal.aborted) return false;
        throw error;
      });
      if (!isWell) process.exitCode = FAILED;
    }),
  );
  addDoctorCommand(program, async ({ config }) => {
    const { runDoctor } = await import("./assembly/doctor/run.ts");
    if (!(await runDoctor(config, print))) process.exitCode = FAILED;
  });
  addGuardCommands(program, {
    export: (options) =>
      saying(async () => {
        const { runGuardExport } = await import("./assembly/guard.ts");
        await runGuardExport(options, print);
      }),
    import: (options) =>
      saying(async () => {
        const { runGuardImport } = await import("./assembly/guard.ts");
        for (const { kind, slot, digest } of await runGuardImport(options, print)) {
          process.stderr.write(`${kind} of slot ${slot}: another was signed than ${digest}; the one held here stays\n`);
          process.exitCode = FAILED;
        }
      }),
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : MISUSED;
    else throw error;
  }
}

async function runAgent(configFile: string, seams: AgentSeams): Promise<void> {
  const { stop, now } = stopSignals();
  const { signal } = stop;
  let log: Logger | undefined;
  const fail = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    if (log === undefined || error instanceof ConfigError) process.stderr.write(`${message}\n`);
    else log.error({ error: error instanceof Error ? error.stack : message }, "agent failed");
    process.exit(error instanceof ConfigError ? MISUSED : FAILED);
  };
  process.on("unhandledRejection", fail);
  try {
    const config = await loadConfig(configFile);
    log = pino({ name: config.name, level: config.logLevel });
    const { startAgent } = await import("./main.ts");
    const agent = await startAgent(
      config,
      {
        log,
        signal,
        onReady: () => process.send?.({ type: "ready" }),
        onFatal: fail,
      },
      seams,
    );
    await aborted(signal);
    await agent.finish(now.signal);
    log.info({}, "stopping");
    await agent.stop();
    process.exit(0);
  } catch (error) {
    if (signal.aborted) process.exit(0);
    fail(error);
  }
}

/** Runs a command that ends by itself; of what the operator can set right it says what that is, and nothing else. */
async function saying(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const isSaid = [ConfigError, GuardError, KeyError, L1EndpointsError, SendError, SignerError, SubmitError].some(
      (known) => error instanceof known,
    );
    if (!(isSaid && error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof ConfigError || error instanceof KeyError ? MISUSED : FAILED;
  }
}

async function runSubmitter(options: SubmitCommandOptions): Promise<void> {
  const { signal } = stopSignal();
  try {
    const { runSubmit } = await import("./assembly/submit.ts");
    await runSubmit(options, print, signal);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof KeyError || error instanceof SubmitUsageError ? MISUSED : FAILED);
  }
}

async function runSigner({ config: configFile }: SignerCommandOptions): Promise<void> {
  const { signal } = stopSignal();
  await saying(async () => {
    const config = await loadSignerConfig(configFile);
    const { startSigner } = await import("./assembly/signer.ts");
    const signer = await startSigner(config, pino({ name: "signer", level: config.logLevel }));
    await aborted(signal);
    await signer.stop();
  });
  process.exit();
}

/**
 * `stop` aborts when the process is told to end, `now` when it is told so again, or nobody is there any more who could.
 * Told a third time it ends on the spot: what is durable is durable.
 */
function stopSignals(): { stop: AbortController; now: AbortController } {
  const stop = new AbortController();
  const now = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (now.signal.aborted) process.exit(FAILED);
      (stop.signal.aborted ? now : stop).abort(new Error(`received ${name}`));
    });
  }
  process.once("disconnect", () => {
    for (const one of [stop, now]) one.abort(new Error("the process that started this one is gone"));
  });
  return { stop, now };
}

/** Aborts when the process is told to end. */
function stopSignal(): AbortController {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => stop.abort(new Error(`received ${name}`)));
  // Whoever started it over a channel and is gone can no longer tell it to stop.
  process.once("disconnect", () => stop.abort(new Error("the process that started this one is gone")));
  return stop;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

if (import.meta.main) await runCli(process.argv);
