import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { systemClock } from "../../src/domain/clock.ts";
import { defaultWorkSettings, type WorkSettings } from "../../src/domain/work-settings.ts";
import type { Store } from "../../src/store/store.ts";
import { createGit } from "../../src/work/git/git.ts";
import type { WorkEvent, WorkParts, WorkProject } from "../../src/work/work-parts.ts";
import { openTestStore } from "./open-test-store.ts";
import { makeIssue, makePage, makeSource, mapping, sourceInfo, vocabulary } from "./store-fixtures.ts";

/** A repository with a remote, a mirror with issues, and a home: everything that work needs, all real. */
export type Workbench = {
  readonly folder: string;
  /** Panopticon's folder. */
  readonly home: string;
  /** The bare repository that is the checkout's `origin`. */
  readonly origin: string;
  readonly checkout: string;
  readonly store: Store;
  readonly parts: WorkParts;
  readonly project: WorkProject;
  readonly events: WorkEvent[];
  /** Runs git in the checkout, or in another folder. */
  git(args: readonly string[], cwd?: string): string;
  /** Commits a file, in the checkout or another folder. */
  commit(file: string, text: string, cwd?: string): void;
  /** Adds an issue to the mirror. */
  addIssue(number: number, title: string): Promise<{ issueId: number; ref: string; title: string }>;
  /** Changes the project's settings. */
  change(workspace: Partial<WorkSettings["workspace"]>, project?: Partial<WorkProject>): void;
  close(): Promise<void>;
};

/** Variables that make git's commits reproducible. */
export const gitEnvironment = {
  GIT_AUTHOR_NAME: "Ann Ames",
  GIT_AUTHOR_EMAIL: "ann@example.test",
  GIT_COMMITTER_NAME: "Ann Ames",
  GIT_COMMITTER_EMAIL: "ann@example.test",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
};

/** A bare repository with one commit on `main`, and a checkout of it. */
export function makeRepository(folder: string): { readonly origin: string; readonly checkout: string } {
  const origin = join(folder, "origin.git");
  const checkout = join(folder, "checkout");
  const run = (cwd: string, ...args: string[]) =>
    execFileSync("git", args, { cwd, env: { ...process.env, ...gitEnvironment }, stdio: "pipe" });
  run(folder, "init", "--quiet", "--bare", "--initial-branch=main", origin);
  run(folder, "clone", "--quiet", origin, checkout);
  run(checkout, "checkout", "--quiet", "-B", "main");
  writeFileSync(join(checkout, "README.md"), "# Shop\n");
  writeFileSync(join(checkout, ".gitignore"), ".env.local\nnode_modules/\n");
  run(checkout, "add", "--all");
  run(checkout, "commit", "--quiet", "-m", "Begin");
  run(checkout, "push", "--quiet", "-u", "origin", "main");
  return { origin, checkout };
}

/** Commits a file on a new or existing branch, and pushes it. */
export function makeBranch(checkout: string, branch: string, file = `${branch}.txt`): void {
  const run = (...args: string[]) =>
    execFileSync("git", args, { cwd: checkout, env: { ...process.env, ...gitEnvironment }, stdio: "pipe" });
  run("fetch", "--quiet");
  const isNew = run("branch", "--list", branch).toString() === "";
  run("checkout", "--quiet", ...(isNew ? ["-b", branch, "origin/main"] : [branch]));
  writeFileSync(join(checkout, file), `${branch}\n`);
  run("add", "--all");
  run("commit", "--quiet", "-m", `Add ${file}`);
  run("push", "--quiet", "origin", branch);
  run("checkout", "--quiet", "main");
}

export async function makeWorkbench(): Promise<Workbench> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pan-work-")));
  const home = join(folder, ".panopticon");
  mkdirSync(home);
  const { origin, checkout } = makeRepository(folder);
  const store = await openTestStore(join(home, "panopticon.db"));
  await store.sources.reconcile([makeSource("acme/shop")]);
  const [source] = await store.sources.list();
  if (source === undefined) throw new Error("one source was made");
  await store.sources.saveSchema(source.id, { info: sourceInfo, vocabulary, mapping, at: 1 });
  const env = { ...process.env, ...gitEnvironment };
  const events: WorkEvent[] = [];
  let project: WorkProject = {
    id: "shop",
    path: checkout,
    defaultBranch: "main",
    agent: null,
    work: defaultWorkSettings,
  };
  const git = (args: readonly string[], cwd = checkout) =>
    execFileSync("git", [...args], { cwd, env, encoding: "utf8", stdio: "pipe" }).trim();
  return {
    folder,
    home,
    origin,
    checkout,
    store,
    events,
    get project() {
      return project;
    },
    parts: {
      records: store.work,
      git: createGit(env),
      clock: systemClock,
      env,
      secret: new Set(["GITHUB_TOKEN"]),
      home,
      projects: () => [project],
      changed: () => {},
      emit: (event) => events.push(event),
    },
    git,
    commit(file, text, cwd = checkout) {
      mkdirSync(dirname(join(cwd, file)), { recursive: true });
      writeFileSync(join(cwd, file), text);
      git(["add", "--", file], cwd);
      git(["commit", "--quiet", "-m", `Change ${file}`], cwd);
    },
    async addIssue(number, title) {
      await store.mirror.applyPage(source.id, makePage([makeIssue(number, { title })], { requestedAt: Date.now() }));
      const [found] = await store.board.find({
        tracker: "github",
        key: `#${number}`,
        prefix: null,
        sourceKey: null,
        host: null,
      });
      if (found === undefined) throw new Error("the issue was mirrored");
      return { issueId: found.id, ref: found.ref, title };
    },
    change(workspace, other = {}) {
      const work = { ...project.work, workspace: { ...project.work.workspace, ...workspace } };
      project = { ...project, ...other, work };
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
