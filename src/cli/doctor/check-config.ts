import type { Config } from "../../config/config.ts";
import { describeProblem } from "../printing/config-problems.ts";
import type { Context } from "../context.ts";
import { count } from "../printing/describe-time.ts";
import { finding, type Finding } from "./finding.ts";

/** Problems in the configuration files, and whether there is anything to mirror. */
export function checkConfig({ paths }: Context, { problems, projects }: Config): Finding[] {
  const found = problems.map((problem) =>
    finding(problem.severity, "Configuration", describeProblem(problem), problem.hint),
  );
  if (projects.length === 0) {
    return [
      ...found,
      finding(
        "warning",
        "Projects",
        `none: ${paths.projectsFile} lists none, and this folder is not a checkout of a known repository`,
        "Run pan init, or pan project add in a checkout.",
      ),
    ];
  }
  const sources = projects.reduce((sum, project) => sum + project.sources.length, 0);
  if (problems.length === 0) found.push(finding("ok", "Configuration", "no problem"));
  return [...found, finding("ok", "Projects", `${count(projects.length, "project")} with ${count(sources, "source")}`)];
}
