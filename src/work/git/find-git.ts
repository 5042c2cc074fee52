import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Git } from "./git.ts";

/** The version that introduced `worktree list -z`. */
const oldest = [2, 36] as const;
const install = `Install git ${oldest.join(".")} or newer: apt-get install git, brew install git, https://git-scm.com.`;

/** The version of git on the PATH; throws `not_found` or `unsupported` with what to do. */
export async function findGit(git: Git): Promise<string> {
  const output = await git.ask("/", ["--version"]).catch((error: unknown) => {
    if (!isPanopticonError(error) || error.code !== "not_found") throw error;
    throw new PanopticonError("not_found", "git is not installed; workspaces are made with it.", {
      hint: install,
      cause: error,
    });
  });
  const version = /(\d+)\.(\d+)(?:\.\d+)*/.exec(output ?? "");
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  if (version !== null && (major > oldest[0] || (major === oldest[0] && minor >= oldest[1]))) return version[0];
  throw new PanopticonError("unsupported", `git ${version?.[0] ?? "on the PATH"} is too old for workspaces.`, {
    hint: install,
  });
}
