// Preloaded into a simulation: breaks one rule in the sources as they are loaded, and nothing on disk.
import { registerHooks } from "node:module";
import { MUTATIONS } from "./mutations/all.ts";

const mutation = MUTATIONS.find(({ name }) => name === process.env.SIM_MUTATION);
if (mutation === undefined)
  throw new Error(`expected a mutation's name in SIM_MUTATION, got ${process.env.SIM_MUTATION}`);

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const edits = mutation.edits.filter(({ file }) => url.endsWith(`/${file}`));
    if (edits.length === 0) return loaded;
    let source = String(loaded.source);
    for (const { file, from, to } of edits) {
      if (!source.includes(from)) throw new Error(`${mutation.name}: ${file} no longer says ${from}`);
      source = source.replace(from, to);
    }
    return { ...loaded, source };
  },
});
