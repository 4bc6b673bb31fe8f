import { AsyncLocalStorage } from "node:async_hooks";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";

/** What is run in here is the simulated program: it has no clock and no chance but those of its ports. */
const simulated = new AsyncLocalStorage<boolean>();

/** The simulated program read a clock, set a timer or threw dice past its ports. */
export class ForbiddenError extends Error {
  constructor(what: string) {
    super(`${what} was used outside the ports: the run would not be the same again`);
    this.name = "ForbiddenError";
  }
}

/** Runs part of the simulated program. */
export const inSimulation = <T>(work: () => T): T => simulated.run(true, work);

/** Runs what stands behind a port: there, the machine's clock and chance are allowed. */
export const behindPort = <T>(work: () => T): T => simulated.run(false, work);

/** The same object, its methods run behind a port. */
export function portOf<T extends object>(target: T): T {
  return new Proxy(target, {
    get(_, name) {
      const value = behindPort(() => Reflect.get(target, name, target) as unknown);
      return typeof value === "function" ? (...args: unknown[]) => behindPort(() => value.apply(target, args)) : value;
    },
  });
}

const CRYPTO = ["randomBytes", "randomUUID", "randomInt", "getRandomValues"] as const;
const TIMERS = ["setTimeout", "setInterval", "setImmediate"] as const;

/** From here on the simulated program is kept from the machine's clock, timers and chance; the result undoes it. */
export function forbidMachine(): () => void {
  const undo: (() => void)[] = [];
  const guard = (owner: object, name: string): void => {
    const original = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
    const guarded = function (this: unknown, ...args: unknown[]): unknown {
      if (simulated.getStore() === true) throw new ForbiddenError(name);
      return original.apply(this, args);
    };
    Reflect.set(owner, name, Object.assign(guarded, original));
    undo.push(() => Reflect.set(owner, name, original));
  };
  const MachineDate = Date;
  globalThis.Date = new Proxy(MachineDate, {
    construct(target, args, newTarget) {
      if (args.length === 0 && simulated.getStore() === true) throw new ForbiddenError("new Date()");
      return Reflect.construct(target, args, newTarget) as Date;
    },
    get: (target, name) =>
      name === "now" && simulated.getStore() === true
        ? () => {
            throw new ForbiddenError("Date.now");
          }
        : Reflect.get(target, name, target),
  });
  undo.push(() => {
    globalThis.Date = MachineDate;
  });
  guard(Math, "random");
  guard(performance, "now");
  for (const name of TIMERS) {
    guard(globalThis, name);
    guard(timers, name);
  }
  for (const name of CRYPTO) guard(crypto, name);
  guard(globalThis.crypto, "getRandomValues");
  guard(globalThis.crypto, "randomUUID");
  syncBuiltinESMExports();
  return () => {
    for (const step of undo.reverse()) step();
    syncBuiltinESMExports();
  };
}
