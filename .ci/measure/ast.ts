import solc from "solc";

/** A node of Solidity's syntax tree, as far as measuring reads it. */
export interface Node {
  nodeType: string;
  /** `start:length:file`, in bytes. */
  src: string;
  name?: string;
  operator?: string;
  kind?: string;
  prefix?: boolean;
  value?: unknown;
  condition?: Node;
  loopExpression?: Node;
  leftExpression?: Node;
  rightExpression?: Node;
  leftHandSide?: Node;
  rightHandSide?: Node;
  subExpression?: Node;
  expression?: Node;
  body?: Node;
}

export interface Span {
  start: number;
  end: number;
}

/** The tree of a source file, without its types. */
export function parse(content: string): Node {
  const input = {
    language: "Solidity",
    sources: { file: { content } },
    settings: { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } },
  };
  return JSON.parse(solc.compile(JSON.stringify(input))).sources.file.ast;
}

export function spanOf({ src }: Node): Span {
  const [start = 0, length = 0] = src.split(":").map(Number);
  return { start, end: start + length };
}

/** What a node is made of, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  const found = Object.values(node).flat().filter(isNode);
  return found.toSorted((a, b) => spanOf(a).start - spanOf(b).start);
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "nodeType" in value;
