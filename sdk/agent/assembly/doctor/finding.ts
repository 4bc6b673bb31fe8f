/** What one check found; `remedy` says what to do about it. */
export type Finding =
  | { result: "ok"; check: string; text: string }
  | { result: "warn" | "fail"; check: string; text: string; remedy: string };

export const ok = (check: string, text: string): Finding => ({ result: "ok", check, text });
export const warn = (check: string, text: string, remedy: string): Finding => ({ result: "warn", check, text, remedy });
export const fail = (check: string, text: string, remedy: string): Finding => ({ result: "fail", check, text, remedy });

/** What `error` says, as a finding that fails. */
export function failed(check: string, error: unknown, remedy: string): Finding {
  return fail(check, error instanceof Error ? error.message : String(error), remedy);
}

/** A finding as one line. */
export function findingLine(finding: Finding): string {
  const said = `${finding.result.padEnd(4)}  ${finding.check}: ${finding.text.replaceAll("\n", " ")}`;
  return finding.result === "ok" ? said : `${said}. ${finding.remedy}`;
}
