import { PanopticonError } from "../../domain/error.ts";
import type { Git } from "../git/git.ts";
import { slugOf } from "./safe-name.ts";

/** git stores branches as files: if `feature` is one, `feature/x` cannot exist, and vice versa. In that case, replaces its slashes by hyphens. */
export function besideOthers(branches: readonly string[], branch: string): string {
  const isInTheWay = branches.some((head) => branch.startsWith(`${head}/`) || head.startsWith(`${branch}/`));
  return isInTheWay ? branch.replaceAll("/", "-") : branch;
}

/**
 * The branch's name from the project's template. Values from issues are reduced to letters, digits and hyphens. Throws `invalid_input` if the result is not a
 * valid branch name.
 */
export async function branchName(
  git: Git,
  repository: string,
  template: string,
  issue: { readonly ref: string; readonly title: string; readonly project: string },
): Promise<string> {
  const values: Readonly<Record<string, string>> = {
    ref: slugOf(issue.ref, 60) || "issue",
    slug: slugOf(issue.title),
    project: slugOf(issue.project) || "project",
  };
  const name = template
    .replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole)
    // A title without letters leaves its placeholder empty.
    .replace(/[-_.]+(?=\/|$)/g, "")
    .replace(/\/{2,}/g, "/");
  const known = await git.ask(repository, ["check-ref-format", "--branch", name]);
  if (known === name && !name.startsWith("-") && name !== "HEAD") return name;
  throw new PanopticonError("invalid_input", `“${name}” cannot be the name of a branch.`, {
    hint: "Change workspace: { branch: … } of the project in projects.yaml; it may contain {ref}, {slug} and {project}.",
  });
}
