import type { ConfigProblem } from "../../config/config.ts";
import type { Output } from "./output.ts";
import { plainLine } from "./plain-text.ts";

/** `projects.yaml:4:5: unknown key …`, as compilers write it, so that editors and terminals can jump there. */
export function describeProblem(problem: Pick<ConfigProblem, "file" | "line" | "column" | "message">): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(":");
  return plainLine(`${place}: ${problem.message}`);
}

/** Says on standard error what is wrong in the configuration files. */
export function printProblems(out: Output, problems: readonly ConfigProblem[]): void {
  for (const problem of problems) {
    out.note(out.styleNote(problem.severity === "error" ? "red" : "yellow", describeProblem(problem)));
    if (problem.hint !== null) out.note(`  ${plainLine(problem.hint)}`);
  }
}
