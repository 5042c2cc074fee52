import type { ConfigProblem } from "../../config/config.ts";
import type { Output } from "./output.ts";
import { plainLine } from "../../domain/plain-text.ts";

/** `projects.yaml:4:5: unknown key …`, the format of compilers, which editors and terminals link. */
export function describeProblem(problem: Pick<ConfigProblem, "file" | "line" | "column" | "message">): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(":");
  return plainLine(`${place}: ${problem.message}`);
}

/** Prints problems in the configuration files to standard error. */
export function printProblems(out: Output, problems: readonly ConfigProblem[]): void {
  for (const problem of problems) {
    out.note(out.styleNote(problem.severity === "error" ? "red" : "yellow", describeProblem(problem)));
    if (problem.hint !== null) out.note(`  ${plainLine(problem.hint)}`);
  }
}
