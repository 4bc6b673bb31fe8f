import { posix } from "node:path";
import { childrenOf, type Node, parse, type Span, spanOf } from "../ast.ts";
import { type Change, changesOf, type Kind, REMOVABLE } from "./operators.ts";

/** One change of the code. */
export interface Mutant {
  /** From 1 on; the same in every run over the same sources. */
  id: number;
  path: string;
  line: number;
  kind: Kind;
  /** Where it is and what it changes into what, without the line: by it the explanations know it. */
  name: string;
}

/** A file to be changed; all of its functions if none are named. */
export interface Scope {
  path: string;
  functions?: readonly string[];
  /** Folders and files of `test/contracts` that are to kill its mutants. */
  tests: readonly string[];
}

/** The library that tells which mutant is awake: the one whose number is the balance, in wei, of an account. */
export const SWITCH_PATH = "contracts/Mutant.sol";
export const SWITCH_ACCOUNT = 0x6d7574616e74n;
export const SWITCH_SOURCE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

library Mutant {
    function on(uint256 id) internal view returns (bool) {
        return address(uint160(${SWITCH_ACCOUNT})).balance == id;
    }
}
`;

/** What takes no mutant: types, and assembly, whose language is another. */
const UNTOUCHED: ReadonlySet<string> = new Set([
  "InlineAssembly",
  "ArrayTypeName",
  "ElementaryTypeName",
  "UserDefinedTypeName",
]);

const PRAGMA = /^pragma solidity .*;$/m;

/** Writes every mutant into the sources, all of them asleep: so that one compilation is enough for all. */
export class Schema {
  readonly mutants: Mutant[] = [];
  readonly #names = new Map<string, number>();
  readonly #constants: ReadonlySet<string>;
  readonly #left: ReadonlySet<string>;
  /** What is being written. */
  #path = "";
  #bytes = Buffer.alloc(0);
  #function = "";

  /**
   * @param constants Names of number constants.
   * @param left Names of mutants to be left out of the sources, for they do not compile.
   */
  constructor(constants: ReadonlySet<string>, left: ReadonlySet<string>) {
    this.#constants = constants;
    this.#left = left;
  }

  /** @returns The source with the mutants of this file. */
  write({ path, functions }: Scope, source: string): string {
    this.#path = path;
    this.#bytes = Buffer.from(source);
    const bodies = functionsOf(parse(source)).flatMap(({ name = "", body }): Piece[] => {
      if (body === undefined || (functions && !functions.includes(name))) return [];
      this.#function = name;
      return [{ ...spanOf(body), text: this.#render(body) }];
    });
    const text = this.#assemble({ start: 0, end: this.#bytes.length }, bodies);
    const library = posix.relative(posix.dirname(path), SWITCH_PATH);
    return text.replace(PRAGMA, (line) => `${line}\n\nimport {Mutant} from "${library}";`);
  }

  /** A node with all mutants in it. */
  #render(node: Node, isCondition = false, isRemovable = true): string {
    const pieces = childrenOf(node)
      .filter(({ nodeType }) => !UNTOUCHED.has(nodeType))
      .map((child): Piece => {
        const text = this.#render(child, child === node.condition, child !== node.loopExpression);
        return { start: spanOf(child).start, end: this.#endOf(child, child !== node.loopExpression), text };
      });
    const span = { start: spanOf(node).start, end: this.#endOf(node, isRemovable) };
    const text = this.#assemble(span, pieces);
    if (isRemovable && REMOVABLE.has(node.nodeType)) return this.#removable(node, text);
    const changes = changesOf(node, (part) => this.#textOf(part), isCondition, this.#constants);
    const asleep = changes.flatMap((change) => {
      const id = this.#add(node, change);
      return id === undefined ? [] : [`Mutant.on(${id}) ? (${change.to}) : `];
    });
    return asleep.length === 0 ? text : `(${asleep.join("")}(${text}))`;
  }

  #removable(node: Node, text: string): string {
    const id = this.#add(node, { kind: "removed", to: "" });
    return id === undefined ? text : `{ if (!Mutant.on(${id})) { ${text} } }`;
  }

  /** @returns Its number, unless it is left out. */
  #add(node: Node, { kind, to }: Change): number | undefined {
    const file = posix.basename(this.#path, ".sol");
    const change = kind === "removed" ? `without ${this.#textOf(node)}` : `${this.#textOf(node)} -> ${to}`;
    const plain = `${file}.${this.#function}: ${change.replace(/\s+/g, " ")}`;
    const times = (this.#names.get(plain) ?? 0) + 1;
    this.#names.set(plain, times);
    const name = times === 1 ? plain : `${plain} (${times})`;
    const line = this.#bytes.subarray(0, spanOf(node).start).toString().split("\n").length;
    const id = this.mutants.push({ id: this.mutants.length + 1, path: this.#path, line, kind, name });
    return this.#left.has(name) ? undefined : id;
  }

  /** A statement ends behind its semicolon, which the tree mostly leaves out; so does what ends with that statement. */
  #endOf(node: Node, isStatement: boolean): number {
    const { end } = spanOf(node);
    if (isStatement && REMOVABLE.has(node.nodeType)) return this.#bytes.indexOf(";", end - 1) + 1;
    const parts = childrenOf(node).filter((child) => child !== node.loopExpression);
    return Math.max(end, ...parts.map((child) => this.#endOf(child, true)));
  }

  /** The source of a span, with pieces of it replaced. */
  #assemble({ start, end }: Span, pieces: readonly Piece[]): string {
    const parts: string[] = [];
    let from = start;
    for (const piece of pieces) {
      parts.push(this.#bytes.subarray(from, piece.start).toString(), piece.text);
      from = piece.end;
    }
    return [...parts, this.#bytes.subarray(from, end).toString()].join("");
  }

  #textOf(node: Node | undefined): string {
    if (node === undefined) return "";
    const { start, end } = spanOf(node);
    return this.#bytes.subarray(start, end).toString();
  }
}

interface Piece extends Span {
  text: string;
}

function functionsOf(node: Node): Node[] {
  return node.nodeType === "FunctionDefinition" ? [node] : childrenOf(node).flatMap(functionsOf);
}
