import { z } from "zod";
import { RPC_CODES } from "./errors.ts";
import type { RpcMethod } from "./method.ts";

type JsonSchema = Record<string, unknown>;

/** What an error code means to the caller; codes of JSON-RPC itself and those of Ethereum's clients. */
const ERRORS: Record<keyof typeof RPC_CODES, string> = {
  parse: "The body is not JSON.",
  invalidRequest: "The body is no JSON-RPC request, too large, or an empty or too large batch.",
  unknownMethod: "There is no such method, or not over HTTP.",
  invalidParams: "A parameter is not what the method takes; the message names its position.",
  internal: "The node failed; its log has the details.",
  server: "Refused; `data.reason` names the mempool's reason where it was the mempool.",
  notFound: "The block is not known (EIP-1898).",
  responseTooLarge: "The answers of the batch have become too large.",
  limit: "A limit of this node is reached: narrow the request, or try later.",
  pruned: "It was known and is kept no longer (EIP-4444).",
  reverted: "Execution reverted; `data` is what it reverted with.",
  syncTimeout: "Accepted, and not included in time (EIP-7966); `data` is the hash.",
  nonceGap: "Not ready for a missing nonce (EIP-7966); `data` is the expected one.",
};

/** The reference of these methods as an OpenRPC 1.3 document. */
export function openRpcDocument(methods: Iterable<RpcMethod>): JsonSchema {
  const schemas: Record<string, JsonSchema> = {};
  const refer = (schema: z.ZodType): JsonSchema => {
    const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
    for (const [name, shared] of Object.entries($defs as Record<string, JsonSchema>)) {
      schemas[name] = relocated(shared);
    }
    return relocated(rest);
  };
  const described = [...methods].map((method) => describe(method, refer));
  return {
    openrpc: "1.3.2",
    info: {
      title: "Baton agent",
      version: "1",
      description:
        "JSON-RPC 2.0 over HTTP POST and WebSocket on one port. `pending` is `latest` while there is nothing newer than a " +
        "block; `safe` is on L1 and vouched for, and may move back; `finalized` never does.",
    },
    methods: described,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      errors: Object.fromEntries(
        Object.entries(RPC_CODES).map(([name, code]) => [name, { code, message: ERRORS[name as keyof typeof ERRORS] }]),
      ),
    },
  };
}

function describe(method: RpcMethod, refer: (schema: z.ZodType) => JsonSchema): JsonSchema {
  const items = method.params.def.items as z.ZodType[];
  return {
    name: method.name,
    summary: method.summary,
    ...(method.needsSubscriber && { tags: [{ name: "websocket", description: "Over WebSocket only." }] }),
    paramStructure: "by-position",
    params: items.map((item) => {
      const { description, ...schema } = refer(item);
      return {
        name: camelCase(String(item.description)),
        ...(description !== undefined && { description }),
        required: !item.safeParse(undefined).success,
        schema,
      };
    }),
    result: { name: "result", schema: refer(method.result) },
  };
}

/** References to shared schemas, from where the converter puts them to where an OpenRPC document has them. */
function relocated(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema;
}

/** "block hash" as a name: "blockHash". What follows a comma only explains. */
function camelCase(words: string): string {
  return words.replace(/,.*/, "").replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
}
