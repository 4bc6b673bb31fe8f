import { expect } from "chai";
import { findAll, importsOf, sources } from "../support/sources.ts";
import { heightOf, roomOf } from "./rooms.ts";

const sdk = sources("sdk/**/*.ts");
const agent = sdk.filter((file) => file.path.startsWith("sdk/agent/"));
const isAgent = (path: string): boolean => path.startsWith("sdk/agent/");

describe("imports", () => {
  it("the SDK never imports the agent", () => {
    const offenders = sdk
      .filter((file) => !isAgent(file.path))
      .flatMap((file) =>
        importsOf(file)
          .filter(isAgent)
          .map((target) => `${file.path} -> ${target}`),
      );
    expect(offenders).to.deep.equal([]);
  });

  it("production code never imports tests, deployment or benchmarks", () => {
    const offenders = sdk.flatMap((file) =>
      importsOf(file)
        .filter((target) => !target.startsWith("sdk/") && target !== "package.json")
        .map((target) => `${file.path} -> ${target}`),
    );
    expect(offenders).to.deep.equal([]);
  });

  it("every file of the agent stands in a declared room", () => {
    expect(agent.length).to.be.greaterThan(20);
    expect(agent.filter((file) => heightOf(file.path) === undefined).map((file) => file.path)).to.deep.equal([]);
  });

  it("imports between the agent's rooms point down only", () => {
    const offenders = agent.flatMap((file) =>
      importsOf(file)
        .filter((target) => isAgent(target) && roomOf(target) !== roomOf(file.path))
        .filter((target) => (heightOf(target) ?? Infinity) >= (heightOf(file.path) ?? -1))
        .map((target) => `${file.path} -> ${target}`),
    );
    expect(offenders).to.deep.equal([]);
  });

  it("only the composition root knows what stands behind another room's port", () => {
    const roomOfClass = new Map(
      agent.flatMap((file) =>
        [...file.code.matchAll(/^export class (\w+)(?:<[^>]*>)? implements /gm)].map((match) => [
          match[1],
          roomOf(file.path),
        ]),
      ),
    );
    const offenders = agent
      .filter((file) => roomOf(file.path) !== "main.ts" && roomOf(file.path) !== "assembly")
      .flatMap((file) =>
        [...file.code.matchAll(/\bnew (\w+)\(/g)]
          .filter((match) => (roomOfClass.get(match[1]) ?? roomOf(file.path)) !== roomOf(file.path))
          .map((match) => `${file.path}: new ${match[1]}`),
      );
    expect(offenders).to.deep.equal([]);
  });

  it("nothing but sdk/agent/time reads a clock or sets a timer", () => {
    const clock =
      /\bDate\.now\b|\bnew Date\(\)|\b(setTimeout|setInterval|setImmediate)\(|\bperformance\.now\b|timers\/promises/;
    const outside = sdk.filter((file) => !file.path.startsWith("sdk/agent/time/"));
    expect(findAll(outside, clock)).to.deep.equal([]);
  });
});
