import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";

/** A source file of this repository, by its path from the root. */
export interface SourceFile {
  path: string;
  text: string;
  /** Text without comments: what the machine sees. */
  code: string;
}

/** Files matching the pattern, in order of their paths. */
export function sources(pattern: string): SourceFile[] {
  return globSync(pattern)
    .sort()
    .map((path) => {
      const text = readFileSync(path, "utf8");
      return { path, text, code: withoutComments(text) };
    });
}

/** Paths from the root of the files that `file` imports by relative name. */
export function importsOf(file: SourceFile): string[] {
  const names = file.code.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*|new URL\(\s*)"(\.{1,2}\/[^"]+)"/g);
  return [...names].map((match) => posix.join(posix.dirname(file.path), match[1] as string));
}

/** `path:line` of every match, for a failure message that can be clicked. */
export function findAll(files: SourceFile[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    file.code
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${file.path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

/** Blanks comments and keeps line numbers. A `//` inside a string, as in a URL, is no comment. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/^((?:[^"'`\n/]|"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|\/(?!\/))*)\/\/.*$/gm, "$1");
}
