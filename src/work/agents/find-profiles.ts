import { isPanopticonError } from "../../domain/error.ts";
import type { AgentProfile } from "../../domain/work-settings.ts";
import { plainLine } from "../plain-text.ts";
import { cleanEnvironment } from "../process/clean-environment.ts";
import { findProgram } from "../process/find-program.ts";
import { runProgram } from "../process/run-program.ts";
import type { AgentParts } from "./agent-parts.ts";

/** A profile, and whether its program is on this machine. */
export type FoundProfile = {
  readonly profile: AgentProfile;
  /** Where its program is; null: it is not installed. */
  readonly path: string | null;
  /** What the program says of its version; null: nothing, or not yet. */
  readonly version: string | null;
};

/** Some take several seconds to say it, with much else to do a dozen. */
const timeoutMs = 30_000;
/** Nobody waits for a version longer than this: it is there the next time. */
const patienceMs = 1_000;
/** A program that was updated is asked again soon enough. */
const rememberedMs = 60_000;

/** Looks for the programs of the profiles, and asks each for its version. */
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
        return { profile, path, version: path === null ? null : await soon(versionOf(path)) };
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
