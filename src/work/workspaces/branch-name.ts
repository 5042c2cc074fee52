import { PanopticonError } from "../../domain/error.ts";
import type { Git } from "../git/git.ts";
import { slugOf } from "./safe-name.ts";

/** git keeps branches as files: where `feature` is one, `feature/x` cannot be, and the other way round. Then its slashes become hyphens. */
export function besideOthers(branches: readonly string[], branch: string): string {
  const isInTheWay = branches.some((head) => branch.startsWith(`${head}/`) || head.startsWith(`${branch}/`));
  return isInTheWay ? branch.replaceAll("/", "-") : branch;
}

/**
 * The branch's name from the project's template. What issues put into it is letters, digits and hyphens, whatever they are called. Throws `invalid_input` for a template
 * that makes no name git takes.
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
    // A title without letters leaves its place empty.
    .replace(/[-_.]+(?=\/|$)/g, "")
    .replace(/\/{2,}/g, "/");
  const known = await git.ask(repository, ["check-ref-format", "--branch", name]);
  if (known === name && !name.startsWith("-") && name !== "HEAD") return name;
  throw new PanopticonError("invalid_input", `“${name}” cannot be the name of a branch.`, {
    hint: "Change workspace: { branch: … } of the project in projects.yaml; it may contain {ref}, {slug} and {project}.",
  });
}
