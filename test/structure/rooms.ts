/**
 * The rooms of the agent, lowest first: a room imports only from rooms below it, never from its own height.
 * Rooms in one row stand side by side and do not know each other.
 */
export const AGENT_ROOMS: string[][] = [
  ["types"],
  ["time"],
  ["engine", "network"],
  ["messages"],
  ["store"],
  ["guard", "mempool"],
  ["config"],
  ["chain", "sets"],
  ["l1"],
  ["pipeline"],
  ["rpc"],
  ["main.ts"],
  ["cli.ts"],
];

/** Height of a file of `sdk/agent`; undefined if its room is not declared. */
export function heightOf(path: string): number | undefined {
  const room = roomOf(path);
  const height = AGENT_ROOMS.findIndex((row) => row.includes(room));
  return height === -1 ? undefined : height;
}

/** First path component below `sdk/agent`. */
export function roomOf(path: string): string {
  return path.split("/")[2] as string;
}
