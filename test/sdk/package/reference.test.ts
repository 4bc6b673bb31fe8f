import { expect } from "chai";
import ts from "typescript";
import { sources } from "../../support/sources.ts";
import { runIn } from "./pack.ts";

const { SyntaxKind } = ts;

interface Exported {
  name: string;
  node: ts.Node;
}

/** What others call: functions, constants and public members of classes that are exported. */
function exportedOf(file: ts.SourceFile): Exported[] {
  const has = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
  const isPublic = (member: ts.ClassElement): boolean =>
    !has(member, SyntaxKind.PrivateKeyword) && !(member.name && ts.isPrivateIdentifier(member.name));
  return file.statements
    .filter((statement) => has(statement, SyntaxKind.ExportKeyword))
    .flatMap((node): Exported[] => {
      if (ts.isFunctionDeclaration(node)) return [{ name: node.name?.text ?? "", node }];
      if (ts.isVariableStatement(node))
        return [{ name: node.declarationList.declarations[0]?.name.getText() ?? "", node }];
      if (!ts.isClassDeclaration(node)) return [];
      const className = node.name?.text ?? "";
      const members = node.members.filter(isPublic);
      return members.map((member) => ({
        name: `${className}.${member.name?.getText() ?? "constructor"}`,
        node: member,
      }));
    });
}

/** Whether it throws something of its own, and does not only pass on what it caught. */
function throwsItself(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return !ts.isIdentifier(node.expression);
  return ts.forEachChild(node, throwsItself) ?? false;
}

const documentationOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .map((comment) => comment.getText())
    .join("\n");

describe("the reference of the SDK", () => {
  // Seconds, as all of the SDK is compiled for it.
  it("every export of the package has a docstring, and every type that one names is exported too", async () => {
    await runIn(process.cwd(), "typedoc", ["--emit", "none", "--logLevel", "Warn"]);
  });

  it("every function of the SDK that throws says so", () => {
    const files = sources("sdk/**/*.ts").filter(({ path }) => !path.startsWith("sdk/agent/"));
    const throwing = files.flatMap(({ path, text }) =>
      exportedOf(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true))
        .filter(({ node }) => throwsItself(node))
        .map(({ name, node }) => ({ name: `${path}: ${name}`, documentation: documentationOf(node) })),
    );
    expect(throwing.length).to.be.greaterThan(40);
    const silent = throwing.filter(({ documentation }) => !/\b(throws|rejects)\b/i.test(documentation));
    expect(silent.map(({ name }) => name)).to.deep.equal([]);
  });
});
