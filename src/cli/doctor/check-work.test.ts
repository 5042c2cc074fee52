import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { makeRepository } from "../../../test/support/workbench.ts";
import { loadConfig } from "../load-config.ts";
import { resolvePaths } from "../../config/paths.ts";
import { findProgram } from "../../work/process/find-program.ts";
import { checkWork } from "./check-work.ts";

let folder: string;
let checkout: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "pan-doctor-"));
  ({ checkout } = makeRepository(folder));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A PATH with links to some real programs and scripts in place of others. */
function pathWith(name: string, real: readonly string[], scripts: Readonly<Record<string, string>> = {}): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  for (const program of real)
    symlinkSync(findProgram(program, process.env["PATH"] ?? "", "/") ?? "", join(bin, program));
  for (const [program, text] of Object.entries(scripts)) {
    writeFileSync(join(bin, program), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return bin;
}

async function examine(path: string, projects: string, claude?: string): Promise<readonly string[]> {
  const home = mkdtempSync(join(folder, "home-"));
  if (claude !== undefined) writeFileSync(join(home, ".claude.json"), claude);
  const env = { PATH: path, PANOPTICON_HOME: home, HOME: home, GIT_CONFIG_GLOBAL: "/dev/null" };
  const paths = resolvePaths(env);
  mkdirSync(paths.home);
  writeFileSync(paths.projectsFile, projects);
  const context = { env, cwd: home, paths };
  const config = await loadConfig(context);
  const findings = await checkWork(context, config);
  return findings.map(
    ({ level, area, message, fix }) => `${level} ${area}: ${message}${fix === null ? "" : ` → ${fix}`}`,
  );
}

const project = (more: string) => `projects:\n  shop:\n    github_repo: acme/shop\n${more}`;

test("names missing programs and how to install each", async () => {
  const found = await examine(pathWith("nothing", []), project(`    path: ${checkout}\n`));
  assert.ok(
    found.some((line) => /^warning git: git is not installed.* → Install git 2\.36 or newer/.test(line)),
    found.join("\n"),
  );
  assert.ok(found.some((line) => /^warning tmux: tmux is not installed.* → Install tmux 3\.0 or newer/.test(line)));
  assert.ok(
    found.some((line) => line.startsWith("warning Agents: claude, the agent of shop, is not installed → Install it")),
  );
});

test("names checkouts that claude was never told to trust, if it tells", async () => {
  const path = pathWith("trusting", ["git"], { claude: "exit 0" });
  const about = async (claude?: string) =>
    (await examine(path, project(`    path: ${checkout}\n`), claude)).filter((line) => line.includes("claude:"));
  const kept = (projects: object) => JSON.stringify({ numStartups: 3, projects });
  const [asks = "nothing", ...others] = await about(kept({ [checkout]: { hasTrustDialogAccepted: false } }));
  assert.ok(asks.startsWith("note claude: asks in each new workspace"), asks);
  assert.ok(asks.includes(checkout));
  assert.deepEqual(others, []);
  for (const claude of [
    kept({ [checkout]: { hasTrustDialogAccepted: true, allowedTools: [] } }),
    kept({ [dirname(checkout)]: { hasTrustDialogAccepted: true } }),
    "not JSON",
    '{"projects": 3}',
    undefined,
  ]) {
    assert.deepEqual(await about(claude), []);
  }
});

test("rejects old versions of git and tmux", async () => {
  const path = pathWith("old", [], { git: "echo git version 2.20.1", tmux: "echo tmux 2.9a" });
  const found = await examine(path, project(`    path: ${checkout}\n`));
  assert.ok(
    found.some((line) => /^warning git: git 2\.20\.1 is too old.* → Install/.test(line)),
    found.join("\n"),
  );
  assert.ok(found.some((line) => /^warning tmux: tmux 2\.9a is too old.* → Install/.test(line)));
});

test("reports checkouts that are not repositories, missing or dirty, unusable roots, and unknown agents", async () => {
  const path = pathWith("all", ["git", "tmux"], { helper: "exit 0" });
  const good = await examine(path, project(`    path: ${checkout}\n    agent: helper\n`));
  assert.ok(
    good.some((line) => line.startsWith("warning Agents: shop names the unknown agent helper")),
    good.join("\n"),
  );
  assert.ok(good.some((line) => /^ok Project shop: .* work starts from origin\/main$/.test(line)));

  const other = await examine(path, project(`    path: ${checkout}\n    default_branch: trunk\n`));
  assert.ok(
    other.some((line) => /^note Project shop: .* knows no branch trunk of origin/.test(line)),
    other.join("\n"),
  );
  const lone = mkdtempSync(join(folder, "lone-"));
  execFileSync("git", ["init", "--quiet", lone]);
  const empty = await examine(path, project(`    path: ${lone}\n`));
  assert.ok(
    empty.some((line) => /^error Project shop: .* has no branch main with a commit .* Set default_branch:/.test(line)),
    empty.join("\n"),
  );

  writeFileSync(join(checkout, "README.md"), "changed\n");
  const dirty = await examine(path, project(`    path: ${checkout}\n`));
  assert.ok(
    dirty.some((line) => /^note Project shop: 1 file in .* is not committed \(on main\)/.test(line)),
    dirty.join("\n"),
  );

  const plain = mkdtempSync(join(folder, "plain-"));
  const none = await examine(path, project(`    path: ${plain}\n    workspace: { root: ${join(plain, "file")} }\n`));
  assert.ok(
    none.some((line) => /^error Project shop: .* is not a git repository/.test(line)),
    none.join("\n"),
  );
  writeFileSync(join(plain, "file"), "");
  const file = await examine(
    path,
    project(`    path: ${plain}\n    workspace: { root: ${join(plain, "file", "x")} }\n`),
  );
  assert.ok(
    file.some((line) => /^error Workspaces: .*file is not a folder/.test(line)),
    file.join("\n"),
  );

  const gone = await examine(path, project(`    path: ${join(plain, "gone")}\n`));
  assert.ok(
    gone.some((line) => /^error Project shop: The project's folder .* does not exist/.test(line)),
    gone.join("\n"),
  );
  const loop = join(plain, "loop");
  symlinkSync(loop, loop);
  const refused = await examine(path, project(`    path: ${loop}\n`));
  assert.ok(
    refused.some((line) => /^error Project shop: .*loop cannot be used: its symbolic links form a loop/.test(line)),
    refused.join("\n"),
  );
});

test("notes projects without a checkout one by one if they are few, and together if they are many", async () => {
  const path = pathWith("board-only", ["git", "tmux"]);
  const list = (count: number) =>
    `projects:\n${Array.from({ length: count }, (_, index) => `  p${index}: { github_repo: acme/p${index} }\n`).join("")}`;
  const notes = async (count: number) =>
    (await examine(path, list(count))).filter((line) => line.includes("no checkout"));
  const fix = "→ Set path: in projects.yaml to a git checkout.";
  assert.deepEqual(await notes(2), [
    `note Project p0: has no checkout, so it cannot have workspaces ${fix}`,
    `note Project p1: has no checkout, so it cannot have workspaces ${fix}`,
  ]);
  assert.deepEqual(await notes(5), [
    `note Projects: 5 have no checkout, so they cannot have workspaces: p0, p1, p2, p3, p4 ${fix}`,
  ]);
});
