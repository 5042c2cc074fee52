import type { Git } from "./git.ts";

/** The existing ones of these refs (full names), with their commits, in one query. */
export async function readRefs(
  git: Git,
  repository: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const output = await git.run(repository, ["for-each-ref", "--format=%(refname) %(objectname)", ...names]);
  const pairs = output.split("\n").flatMap((line): readonly (readonly [string, string])[] => {
    const [name = "", commit = ""] = line.split(" ");
    // git also returns refs below a name.
    return names.includes(name) ? [[name, commit]] : [];
  });
  return new Map(pairs);
}

/** The names of all branches of a repository, without `refs/heads/`. */
export async function listBranches(git: Git, repository: string): Promise<readonly string[]> {
  const output = await git.ask(repository, ["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"]);
  return (output ?? "").split("\n").filter((name) => name !== "");
}
