import { type EventFragment, Interface, type InterfaceAbi, LogDescription } from "ethers";

/** A log's own part, as providers and raw JSON-RPC answer it. */
export interface LogContent {
  topics: readonly string[];
  data: string;
}

/**
 * Makes a reader of a contract's logs; it answers null for events that the contract does not have. Like ethers'
 * `parseLog`, which hashes the signature of one event after the other, for each log again.
 */
export function logParser(abi: InterfaceAbi): (log: LogContent) => LogDescription | null {
  const contract = new Interface(abi);
  const events = new Map<string | undefined, EventFragment>();
  contract.forEachEvent((event) => events.set(event.topicHash, event));
  return ({ topics, data }) => {
    const [topic] = topics;
    const event = events.get(topic?.toLowerCase());
    if (event === undefined || topic === undefined) return null;
    return new LogDescription(event, topic.toLowerCase(), contract.decodeEventLog(event, data, topics));
  };
}
