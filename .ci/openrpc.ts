// Writes the reference of the JSON-RPC, docs/rpc/openrpc.json, from the methods' declarations.
import { writeFileSync } from "node:fs";
import { METHODS } from "../sdk/agent/rpc/methods/index.ts";
import { openRpcDocument } from "../sdk/agent/rpc/openrpc.ts";

writeFileSync("docs/rpc/openrpc.json", `${JSON.stringify(openRpcDocument(METHODS.values()), null, 2)}\n`);
