import { readFileSync } from "node:fs";
import { expect } from "chai";
import { METHODS } from "../../sdk/agent/rpc/methods/index.ts";
import { openRpcDocument } from "../../sdk/agent/rpc/openrpc.ts";

interface Described {
  name: string;
  params: { name: string; required: boolean }[];
}

describe("the reference of the JSON-RPC", () => {
  const written = readFileSync("docs/rpc/openrpc.json", "utf8");
  const made = openRpcDocument(METHODS.values()) as { methods: Described[] };

  it("is what the methods declare; after a change run `node .ci/openrpc.ts`", () => {
    expect(JSON.parse(written)).to.deep.equal(JSON.parse(JSON.stringify(made)));
  });

  it("has every schema that it refers to", () => {
    const { schemas } = (JSON.parse(written) as { components: { schemas: object } }).components;
    const named = new Set([...written.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] as string));
    expect(named.size).to.be.greaterThan(10);
    expect([...named].sort()).to.deep.equal(Object.keys(schemas).sort());
  });

  it("names the parameters of a method apart", () => {
    for (const { name, params } of made.methods) {
      const names = params.map((param) => param.name);
      expect(names, name).to.deep.equal([...new Set(names)]);
      for (const one of names) expect(one, name).to.match(/^[a-z][a-zA-Z]*$/);
    }
  });

  it("explains in words every method that no other client has", () => {
    const words = readFileSync("docs/rpc/README.md", "utf8");
    const own = [...METHODS.keys()].filter((name) => name.startsWith("baton_"));
    expect(own.length).to.be.greaterThan(7);
    expect(own.filter((name) => !words.includes(`\`${name}\``))).to.deep.equal([]);
  });
});
