import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Environment } from "../process/clean-environment.ts";
import { runProgram } from "../process/run-program.ts";

const oldest = [3, 0] as const;

/** The version of tmux on the PATH; throws `not_found` or `unsupported` with what to do. */
export async function findTmux(env: Environment): Promise<string> {
  const install = "Install tmux 3.0 or newer: apt-get install tmux, brew install tmux, …";
  const variables = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const ended = await runProgram("tmux", ["-V"], { cwd: "/", env: variables, timeoutMs: 5_000 }).catch(
    (error: unknown) => {
      if (!isPanopticonError(error) || error.code !== "not_found") throw error;
      throw new PanopticonError("not_found", "tmux is not installed; agents live in it.", {
        hint: install,
        cause: error,
      });
    },
  );
  const version = /tmux\s+(?:next-)?(\d+)\.(\d+)/.exec(ended.stdout);
  if (version === null) return ended.stdout.trim();
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return ended.stdout.trim();
  throw new PanopticonError("unsupported", `${ended.stdout.trim()} is too old for agents.`, { hint: install });
}
