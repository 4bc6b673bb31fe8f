import type { Node } from "../ast.ts";

export type Kind = "comparison" | "logic" | "arithmetic" | "bits" | "assignment" | "constant" | "condition" | "removed";

/** What may stand in a node's place. */
export interface Change {
  kind: Kind;
  /** Solidity, of the node's own kind; empty where it is removed. */
  to: string;
}

/** Operators that take an operator's place: a bound moved by one, and the opposite. */
const SWAPS: Readonly<Record<string, readonly [Kind, ...string[]]>> = {
  "<": ["comparison", "<=", ">="],
  "<=": ["comparison", "<", ">"],
  ">": ["comparison", ">=", "<="],
  ">=": ["comparison", ">", "<"],
  "==": ["comparison", "!="],
  "!=": ["comparison", "=="],
  "&&": ["logic", "||"],
  "||": ["logic", "&&"],
  "+": ["arithmetic", "-"],
  "-": ["arithmetic", "+"],
  "*": ["arithmetic", "/"],
  "/": ["arithmetic", "*"],
  "&": ["bits", "|"],
  "|": ["bits", "&"],
  "^": ["bits", "|"],
  "<<": ["bits", ">>"],
  ">>": ["bits", "<<"],
  "+=": ["assignment", "-="],
  "-=": ["assignment", "+="],
  "|=": ["assignment", "&="],
  "&=": ["assignment", "|="],
};

/** Statements whose absence still compiles. */
export const REMOVABLE: ReadonlySet<string> = new Set([
  "ExpressionStatement",
  "EmitStatement",
  "RevertStatement",
  "Return",
  "Break",
  "Continue",
]);

/**
 * What an expression is changed into, one change at a time.
 * @param textOf The source of a node.
 * @param isCondition Whether an `if`, a loop or `? :` goes by it.
 * @param constants Names of constants, which are changed by one as literals are.
 */
export function changesOf(
  node: Node,
  textOf: (node: Node | undefined) => string,
  isCondition: boolean,
  constants: ReadonlySet<string>,
): Change[] {
  const { nodeType, operator = "" } = node;
  const [left, right] = [textOf(node.leftExpression), textOf(node.rightExpression)];
  switch (nodeType) {
    case "BinaryOperation":
      return swapped(operator).map(({ kind, to }) => ({ kind, to: `(${left}) ${to} (${right})` }));
    case "Assignment": {
      const [target, value] = [textOf(node.leftHandSide), textOf(node.rightHandSide)];
      return swapped(operator).map(({ kind, to }) => ({ kind, to: `${target} ${to} ${value}` }));
    }
    case "UnaryOperation":
      return unary(node, textOf(node.subExpression));
    case "Literal":
      return node.kind === "number" ? literal(String(node.value)) : [];
    case "Identifier":
      if (constants.has(node.name ?? ""))
        return ["+", "-"].map((sign) => ({ kind: "constant", to: `${node.name} ${sign} 1` }));
      break;
  }
  const holds = nodeType === "Identifier" || nodeType === "FunctionCall" || nodeType === "MemberAccess";
  return isCondition && holds ? [{ kind: "condition", to: `!${textOf(node)}` }] : [];
}

function swapped(operator: string): Change[] {
  const [kind = "bits", ...others] = SWAPS[operator] ?? [];
  return others.map((to) => ({ kind, to }));
}

function unary({ operator, prefix }: Node, operand: string): Change[] {
  const step = { "++": "--", "--": "++" }[operator ?? ""];
  if (step !== undefined) return [{ kind: "assignment", to: prefix ? step + operand : operand + step }];
  return operator === "!" || operator === "~" ? [{ kind: operator === "!" ? "condition" : "bits", to: operand }] : [];
}

function literal(value: string): Change[] {
  const number = BigInt(value.replaceAll("_", ""));
  const others = number === 0n ? [1n] : [number + 1n, number - 1n];
  return others.map((other) => ({ kind: "constant", to: String(other) }));
}
