import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config, Project } from "../../config/config.ts";
import { isPanopticonError, toPanopticonError } from "../../domain/error.ts";
import { allProfiles } from "../../work/agents/profiles.ts";
import { findGit } from "../../work/git/find-git.ts";
import { createGit, type Git } from "../../work/git/git.ts";
import { readRefs } from "../../work/git/refs.ts";
import { openRepository } from "../../work/git/repository.ts";
import { findProgram } from "../../work/process/find-program.ts";
import { findTmux } from "../../work/tmux/find-tmux.ts";
import type { Context } from "../context.ts";
import { count } from "../printing/describe-time.ts";
import { checkTrust } from "./check-trust.ts";
import { canWrite } from "./can-write.ts";
import { finding, type Finding } from "./finding.ts";

const defaultAgent = "claude";

type Surrounding = Pick<Context, "env" | "cwd" | "paths">;

const fewProjects = 3;

/** The prerequisites of workspaces and agents: git, tmux, the agents' programs, a folder for workspaces, and checkouts to create them from. */
export async function checkWork(context: Surrounding, config: Config): Promise<Finding[]> {
  const git = createGit(context.env);
  const [found, tmux] = await Promise.all([checkGit(git), checkTmux(context)]);
  const isThere = found.every(({ level }) => level === "ok");
  const placed = config.projects.filter(({ path }) => path !== null);
  const checkouts = isThere ? await Promise.all(placed.map((project) => checkCheckout(git, project))) : [];
  return [
    ...found,
    ...tmux,
    ...checkAgents(context, config),
    ...checkRoots(context, config),
    ...(isThere ? noteUnplaced(config.projects.filter(({ path }) => path === null)) : []),
    ...checkouts.flat(),
  ];
}

/** Projects without a checkout, which is often intended: each in a line of its own if there are few, so that many do not bury what is wrong. */
function noteUnplaced(projects: readonly Project[]): Finding[] {
  const fix = "Set path: in projects.yaml to a git checkout.";
  if (projects.length <= fewProjects) {
    return projects.map(({ id }) =>
      finding("note", `Project ${id}`, "has no checkout, so it cannot have workspaces", fix),
    );
  }
  const message = `${projects.length} have no checkout, so they cannot have workspaces: ${projects.map(({ id }) => id).join(", ")}`;
  return [finding("note", "Projects", message, fix)];
}

async function checkGit(git: Git): Promise<Finding[]> {
  try {
    return [finding("ok", "git", `version ${await findGit(git)}`)];
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
    return [finding("warning", "git", error.message, error.hint ?? null)];
  }
}

async function checkTmux({ env }: Surrounding): Promise<Finding[]> {
  try {
    return [finding("ok", "tmux", (await findTmux(env)).replace(/^tmux /, "version "))];
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
    return [finding("warning", "tmux", error.message, error.hint ?? null)];
  }
}

/** Programs of agents that projects name must exist; the others are listed if found. */
function checkAgents({ env, cwd }: Surrounding, { projects, agents }: Config): Finding[] {
  const area = "Agents";
  const profiles = allProfiles(agents);
  const isInstalled = (program: string | undefined) =>
    program !== undefined && findProgram(program, env["PATH"] ?? "", cwd) !== null;
  const installed = profiles.filter(({ command }) => isInstalled(command[0])).map(({ id }) => id);
  const wanted = new Map<string, string[]>();
  for (const { id, path, agent } of projects) {
    if (path === null) continue;
    const name = agent ?? defaultAgent;
    wanted.set(name, [...(wanted.get(name) ?? []), id]);
  }
  const missing = [...wanted].flatMap(([name, users]): Finding[] => {
    if (installed.includes(name)) return [];
    const who = users.join(", ");
    const program = profiles.find(({ id }) => id === name)?.command[0];
    return program === undefined
      ? [finding("warning", area, `${who} names the unknown agent ${name}`, "Define it under agents: in config.yaml.")]
      : [
          finding(
            "warning",
            area,
            `${program}, the agent of ${who}, is not installed`,
            `Install it, or choose another with agent: in projects.yaml${installed.length === 0 ? "" : ` (${installed.join(", ")})`}.`,
          ),
        ];
  });
  if (missing.length > 0) return missing;
  if (installed.length === 0) {
    return [finding("note", area, `none of ${profiles.map(({ id }) => id).join(", ")} is installed`)];
  }
  const users = projects.filter(({ id }) => wanted.get("claude")?.includes(id));
  return [finding("ok", area, installed.join(", ")), ...checkTrust(env, users)];
}

/** Checks the folders in which workspaces are created. */
function checkRoots({ paths }: Surrounding, { projects }: Config): Finding[] {
  const area = "Workspaces";
  const roots = new Set(
    projects
      .filter(({ path }) => path !== null)
      .map(({ work }) => work.workspace.root ?? join(paths.home, "workspaces")),
  );
  return [...roots].flatMap((root) => {
    let folder = root;
    while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
    if (!statSync(folder).isDirectory())
      return [finding("error", area, `${folder} is not a folder`, "Move that file.")];
    if (canWrite(folder)) return [finding("ok", area, root)];
    return [
      finding(
        "error",
        area,
        `${folder} is not writable`,
        `Make it writable for yourself, or set another one with workspace: { root: … } in projects.yaml.`,
      ),
    ];
  });
}

/** A workspace falls back to the remote's default branch, if there is a remote. */
function missingBranch(about: { area: string; path: string; remote: string | null; defaultBranch: string }): Finding {
  const { area, path, remote, defaultBranch } = about;
  const fix = "Set default_branch: in projects.yaml to the branch that work starts from.";
  return remote === null
    ? finding("error", area, `${path} has no branch ${defaultBranch} with a commit in it`, fix)
    : finding(
        "note",
        area,
        `${path} knows no branch ${defaultBranch} of ${remote}: if there is none, work starts from its default branch`,
        fix,
      );
}

async function checkCheckout(git: Git, { id, path, defaultBranch }: Project): Promise<Finding[]> {
  if (path === null) return [];
  const area = `Project ${id}`;
  try {
    const { remote } = await openRepository(git, path);
    const branches = [
      `refs/heads/${defaultBranch}`,
      ...(remote === null ? [] : [`refs/remotes/${remote}/${defaultBranch}`]),
    ];
    if ((await readRefs(git, path, branches)).size === 0) return [missingBranch({ area, path, remote, defaultBranch })];
    const head = await git.ask(path, ["symbolic-ref", "--short", "HEAD"]);
    const status = (await git.ask(path, ["--no-optional-locks", "status", "--porcelain"])) ?? "";
    const dirty = status.split("\n").filter((line) => line !== "").length;
    const from = remote === null ? defaultBranch : `${remote}/${defaultBranch}`;
    if (dirty > 0) {
      return [
        finding(
          "note",
          area,
          `${count(dirty, "file")} in ${path} ${dirty === 1 ? "is" : "are"} not committed${head === null ? "" : ` (on ${head})`}`,
          `No action needed unless agents need them: workspaces start from ${from}.`,
        ),
      ];
    }
    return [finding("ok", area, `${path}, work starts from ${from}`)];
  } catch (error) {
    const { message, hint } = toPanopticonError(error);
    return [finding("error", area, message, hint ?? null)];
  }
}
