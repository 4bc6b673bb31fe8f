/**
 * The rooms of the agent, lowest first: a room imports only from rooms below it, never from its own height. Rooms in
 * one row stand side by side and do not know each other. `ports` are the interfaces of the rooms that stand for the
 * outside world: below whoever implements them and whoever uses them.
 */
export const AGENT_ROOMS: string[][] = [
  ["types"],
  ["http", "time"],
  ["ports"],
  ["messages"],
  ["archive", "engine", "network"],
  ["store"],
  ["guard", "mempool"],
  ["config"],
  ["builder", "chain", "sets"],
  ["l1"],
  ["pipeline"],
  ["flashblocks", "metrics", "rpc"],
  ["commands"],
  ["assembly"],
  ["main.ts"],
  ["cli.ts"],
];

const PORT = /^sdk\/agent\/(archive|engine|network|store|guard|mempool)\/interface\.ts$/;

/** Height of a file of `sdk/agent`; undefined if its room is not declared. */
export function heightOf(path: string): number | undefined {
  const room = roomOf(path);
  const height = AGENT_ROOMS.findIndex((row) => row.includes(room));
  return height === -1 ? undefined : height;
}

/** First path component below `sdk/agent`, or `ports`. */
export function roomOf(path: string): string {
  return PORT.test(path) ? "ports" : (path.split("/")[2] as string);
}
