// Hardhat measures statements; the two outcomes of a condition are measured here, in what it has instrumented.
import { createHash } from "node:crypto";
import { childrenOf, type Node, parse, type Span, spanOf } from "./ast.ts";

/** What Hardhat's instrumented sources call. */
const LIBRARY = "__NomicFoundationCoverage";
/** Node types whose condition takes one way or the other. */
const FORKS = new Set(["IfStatement", "Conditional"]);

/** One condition of a source file. */
export interface Branch {
  /** Path from the root. */
  path: string;
  line: number;
  /** The condition as it stands. */
  text: string;
  /** What a hit of each outcome is told by, 32 bytes without 0x. */
  whenTrue: string;
  whenFalse: string;
}

/** Added to Hardhat's library. */
export const BRANCH_FUNCTION = `
  function branch(bool condition, uint256 whenTrue, uint256 whenFalse) internal pure returns (bool) {
    sendHit(condition ? whenTrue : whenFalse);
    return condition;
  }
`;

/**
 * Makes every condition tell which way it went.
 * @param original The source as it is in the repository, and `instrumented` what Hardhat made of it: statements more,
 * conditions the same and in the same order.
 */
export function instrumentBranches(
  path: string,
  original: string,
  instrumented: string,
): { source: string; branches: Branch[] } {
  const before = Buffer.from(original);
  const after = Buffer.from(instrumented);
  const spans = conditionsOf(original);
  const branches = spans.map(({ start, end }, i): Branch => {
    const line = before.subarray(0, start).toString().split("\n").length;
    const text = before.subarray(start, end).toString().replace(/\s+/g, " ");
    return { path, line, text, whenTrue: tagOf(path, i, true), whenFalse: tagOf(path, i, false) };
  });
  const insertions = conditionsOf(instrumented).flatMap(({ start, end }, i) => {
    const { whenTrue, whenFalse } = branches[i] as Branch;
    return [
      { at: start, text: `${LIBRARY}.branch(` },
      { at: end, text: `, 0x${whenTrue}, 0x${whenFalse})` },
    ];
  });
  return { source: insertAll(after, insertions), branches };
}

/** Where the conditions of a source are, in bytes, in the order of the tree. */
function conditionsOf(content: string): Span[] {
  const found: Span[] = [];
  const visit = (node: Node): void => {
    if (node.condition !== undefined && FORKS.has(node.nodeType)) found.push(spanOf(node.condition));
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parse(content));
  return found;
}

const tagOf = (path: string, index: number, outcome: boolean): string =>
  createHash("sha256").update(`${path} ${index} ${outcome}`).digest("hex");

/** At one place, what closes stands before what opens. */
function insertAll(source: Buffer, insertions: { at: number; text: string }[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { at, text } of insertions.toSorted((a, b) => a.at - b.at)) {
    parts.push(source.subarray(from, at).toString(), text);
    from = at;
  }
  return [...parts, source.subarray(from).toString()].join("");
}
