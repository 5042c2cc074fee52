import { isPanopticonError } from "../../domain/error.ts";
import type { AgentProfile } from "../../domain/work-settings.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { isBuiltInProgram } from "./profiles.ts";
import { cleanEnvironment } from "../process/clean-environment.ts";
import { findProgram } from "../process/find-program.ts";
import { runProgram } from "../process/run-program.ts";
import type { AgentParts } from "./agent-parts.ts";

/** A profile, and whether its program is installed. */
export type FoundProfile = {
  readonly profile: AgentProfile;
  /** The program's path; null if it is not installed. */
  readonly path: string | null;
  /** The version that the program reports; null if it reports none, or not yet, or is not a built-in one. */
  readonly version: string | null;
};

/** Some programs take several seconds to report it, up to a dozen under load. */
const timeoutMs = 30_000;
/** A listing waits no longer than this for a version; the next one has it. */
const patienceMs = 1_000;
/** Short enough to notice an updated program. */
const rememberedMs = 60_000;

/**
 * Finds the programs of the profiles and asks the built-in ones for their versions. Not others: a script that ignores its arguments would take `--version` for
 * the start of its work, in no workspace.
 */
export function createProfileFinder(parts: Pick<AgentParts, "profiles" | "env" | "secret" | "clock">) {
  const versions = new Map<string, { readonly at: number; readonly version: Promise<string | null> }>();

  function versionOf(path: string): Promise<string | null> {
    const known = versions.get(path);
    const now = parts.clock.now();
    if (known !== undefined && now - known.at < rememberedMs) return known.version;
    const version = askVersion(path, cleanEnvironment(parts.env, { secret: parts.secret }));
    versions.set(path, { at: now, version });
    return version;
  }

  const soon = (version: Promise<string | null>) =>
    Promise.race([version, parts.clock.sleep(patienceMs).then(() => null)]);

  return (): Promise<readonly FoundProfile[]> =>
    Promise.all(
      parts.profiles().map(async (profile) => {
        const path = findProgram(profile.command[0] ?? "", parts.env["PATH"] ?? "", "/");
        return { profile, path, version: path !== null && isBuiltInProgram(path) ? await soon(versionOf(path)) : null };
      }),
    );
}

async function askVersion(path: string, env: Record<string, string>): Promise<string | null> {
  try {
    const { code, stdout } = await runProgram(path, ["--version"], { cwd: "/", env, timeoutMs });
    const [line = ""] = stdout.split("\n");
    return code === 0 && plainLine(line) !== "" ? plainLine(line).slice(0, 100) : null;
  } catch (error) {
    if (isPanopticonError(error)) return null;
    throw error;
  }
}
