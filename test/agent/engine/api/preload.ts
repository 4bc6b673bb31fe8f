import { registerHooks } from "node:module";

// The client wants its libraries in the versions it names, and this project has newer ones: npm puts the older copies
// into the client's own folder, but some packages of the client beside it, where they would find the newer copies and
// mix both in one process. Loaded before the client, this lets those packages look from the client's folder.
const client = import.meta.resolve("@ethereumjs/client");
const beside = /\/@ethereumjs\/(blockchain|devp2p|ethash|genesis|verkle)\/dist\//;

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith("@ethereumjs/") || !beside.test(context.parentURL ?? "")) return next(specifier, context);
    return next(specifier, { ...context, parentURL: client });
  },
});

// At a change of branch the client waits for its synchronisation with peers to pause, 8 seconds; it has no peers here.
const PAUSE_MS = 8_000;
const { setTimeout: real } = globalThis;
globalThis.setTimeout = Object.assign(
  (task: () => void, ms?: number, ...args: []) => real(task, ms === PAUSE_MS ? 50 : ms, ...args),
  real,
);
