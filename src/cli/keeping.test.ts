import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { startPan } from "../../test/support/stage.ts";
import type { IssueListShape } from "../server/contract/issue.ts";
import { makeEmulatedHome, makePanHome } from "./fixture.ts";

// What gets data out of Panopticon and back: export, open, backup, restore; and the completion of shells.
let home: Awaited<ReturnType<typeof makeEmulatedHome>>;
let count = 0;
before(async () => {
  home = await makeEmulatedHome(60);
  const synced = await home.here(["sync"]);
  assert.equal(synced.code, 0, synced.stderr);
  count = Object.values(home.emulators).reduce((sum, { world }) => sum + world.issues().length, 0);
});
after(() => home[Symbol.asyncDispose]());

describe("pan export", () => {
  test("writes every issue of a filter as JSON, CSV and markdown, with the server down", async () => {
    const json = await home.here(["export"]);
    const { issues } = JSON.parse(json.stdout) as IssueListShape;
    assert.equal(issues.length, count);
    assert.equal(new Set(issues.map(({ tracker, nativeId }) => `${tracker} ${nativeId}`)).size, count);
    const csv = await home.here(["export", "--format", "csv", "--tracker", "github"]);
    const lines = csv.stdout.split("\r\n");
    assert.match(lines[0] ?? "", /^ref,tracker,project,type,title,/);
    assert.equal(lines.length - 2, issues.filter(({ tracker }) => tracker === "github").length);
    const markdown = await home.here(["export", "--format", "markdown", "--status", "done"]);
    const rows = markdown.stdout.trimEnd().split("\n").slice(2);
    assert.equal(rows.length, issues.filter(({ status }) => status === "done").length);
    for (const row of rows) assert.match(row, /^\| \[.*\]\(http[^)]*\) \| Done \|/);
  });

  test("writes through a symbolic link, into a device itself, and not over a folder", async (t) => {
    const link = join(home.folder, "link.csv");
    const real = join(home.folder, "real.csv");
    writeFileSync(real, "before");
    symlinkSync(real, link);
    assert.equal((await home.here(["export", "--format", "csv", "--output", link])).code, 0);
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.match(readFileSync(real, "utf8"), /^ref,tracker/);
    // What a link leads to need not be there yet.
    const ahead = join(home.folder, "ahead.csv");
    symlinkSync("not-yet.csv", ahead);
    assert.equal((await home.here(["export", "--format", "csv", "--output", ahead])).code, 0);
    assert.ok(lstatSync(ahead).isSymbolicLink());
    assert.match(readFileSync(join(home.folder, "not-yet.csv"), "utf8"), /^ref,tracker/);
    const folder = await home.here(["export", "--output", home.folder]);
    assert.equal(folder.code, 2);
    assert.match(folder.stderr, /is a folder\./);
    const backup = await home.here(["backup", join(home.folder, "nowhere", "x")]);
    assert.equal(backup.code, 2);
    assert.match(backup.stderr, /cannot be written/);
    if (process.platform === "win32") return t.skip("mkfifo is not known here");
    // A pipe stands for every device: a file in its place would end it.
    const pipe = join(home.folder, "pipe");
    spawnSync("mkfifo", [pipe]);
    const [read, exported] = await Promise.all([
      readFile(pipe, "utf8"),
      home.pan("export", "--format", "csv", "--output", pipe),
    ]);
    assert.equal(exported.code, 0, exported.stderr);
    assert.match(read, /^ref,tracker/);
    assert.ok(lstatSync(pipe).isFIFO());
  });

  test("writes a file whole or not at all, and says no to what it does not know", async () => {
    const file = join(home.folder, "out.csv");
    assert.equal((await home.here(["export", "--format", "csv", "--output", file])).code, 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    // Who else may read it is for its owner to say.
    chmodSync(file, 0o644);
    assert.equal((await home.here(["export", "--format", "csv", "--output", file])).code, 0);
    assert.equal(statSync(file).mode & 0o777, 0o644);
    assert.equal((await home.here(["export", "--output", join(home.folder, "nowhere", "x")])).code, 2);
    assert.equal((await home.here(["export", "--format", "xml"])).code, 2);
    assert.equal((await home.here(["export", "--status", "nothing"])).code, 2);
    assert.deepEqual(
      readdirSync(home.folder).filter((name) => name.endsWith(".tmp")),
      [],
    );
    const none = await home.here(["export", "--q", "thereisnosuchword"]);
    assert.deepEqual(JSON.parse(none.stdout), { issues: [] });
  });
});

test("pan open prints an issue's address at its tracker", async () => {
  const { issues } = JSON.parse((await home.here(["issues", "--json", "--limit", "1"])).stdout) as IssueListShape;
  const [issue] = issues;
  assert.ok(issue);
  const opened = await home.here(["open", issue.address, "--print"]);
  assert.equal(opened.stdout.trim(), issue.url);
  assert.equal((await home.here(["open", "NOTHING-1"])).code, 3);
});

describe("pan backup and pan restore", () => {
  const folder = mkdtempSync(join(tmpdir(), "panopticon-backup-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "one.backup");

  test("copies everything while the server runs, secrets only when asked", async () => {
    const server = await startPan(home);
    const made = await home.here(["backup", file, "--json"]);
    assert.equal(made.code, 0, made.stderr);
    const result = JSON.parse(made.stdout) as { files: string[]; without: string[] };
    assert.deepEqual(result.files, ["projects.yaml"]);
    assert.deepEqual(result.without, [".panopticon.env"]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const secret = home.emulators["github"]?.credentials["GITHUB_TOKEN"] ?? "";
    assert.ok(!readFileSync(file).includes(secret));
    assert.equal((await home.here(["backup", file])).code, 5);
    const whole = join(folder, "whole.backup");
    assert.equal((await home.here(["backup", whole, "--secrets"])).code, 0);
    assert.ok(readFileSync(whole).includes(secret));
    // A server that runs owns the data.
    const refused = await home.here(["restore", file, "--force"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /pan down|in use|another/i);
    await server.stop();
  });

  test("puts it into an empty home, where it works, and names the keys that are missing there", async () => {
    await using bare = makePanHome();
    const without = await bare.here(["restore", file]);
    assert.equal(without.code, 0, without.stderr);
    assert.match(without.stderr, /Missing here, and in no backup without --secrets: GITHUB_TOKEN, .*RALLY_API_KEY/);
    await using empty = makePanHome();
    const restored = await empty.here(["restore", join(folder, "whole.backup")]);
    assert.equal(restored.code, 0, restored.stderr);
    assert.equal(statSync(empty.paths.envFile).mode & 0o777, 0o600);
    const listed = JSON.parse((await empty.here(["issues", "--json"])).stdout) as IssueListShape;
    assert.equal(listed.total, count);
    assert.equal((await empty.here(["sync"])).code, 0);
  });

  test("replaces nothing without --force, and keeps what was there", async () => {
    const refused = await home.here(["restore", file]);
    assert.equal(refused.code, 5);
    assert.match(refused.stderr, /--force/);
    const restored = await home.here(["restore", file, "--force", "--json"]);
    assert.equal(restored.code, 0, restored.stderr);
    const { keptAt } = JSON.parse(restored.stdout) as { keptAt: string[] };
    assert.equal(keptAt.length, 1);
    for (const path of keptAt) assert.ok(existsSync(path));
    const listed = JSON.parse((await home.here(["issues", "--json"])).stdout) as IssueListShape;
    assert.equal(listed.total, count);
  });

  test("refuses what is no backup, or damaged, and changes nothing", async () => {
    const before = readdirSync(home.paths.home).toSorted();
    const broken = join(folder, "broken.backup");
    const bytes = readFileSync(file);
    const other = join(folder, "other.backup");
    new DatabaseSync(other).exec("create table a (b)");
    const cases: [string, Uint8Array | string | null][] = [
      ["cut short", bytes.subarray(0, bytes.length / 2)],
      ["overwritten", Buffer.concat([bytes.subarray(0, 9000), Buffer.alloc(30_000, 7), bytes.subarray(39_000)])],
      ["text", "no database"],
      ["empty", ""],
    ];
    for (const [what, content] of cases) {
      writeFileSync(broken, content ?? "");
      const { code, stderr } = await home.here(["restore", broken, "--force"]);
      assert.equal(code, 2, `${what}: ${stderr}`);
    }
    assert.equal((await home.here(["restore", other, "--force"])).code, 2);
    assert.equal((await home.here(["restore", join(folder, "missing"), "--force"])).code, 3);
    assert.match((await home.here(["restore", folder, "--force"])).stderr, /is a folder/);
    assert.deepEqual(readdirSync(home.paths.home).toSorted(), before);
  });

  test("a change that was on its way is delivered once, whatever happened since the backup", async () => {
    const github = home.emulators["github"];
    assert.ok(github);
    const { issues } = JSON.parse(
      (await home.here(["issues", "--json", "--tracker", "github", "--limit", "1"])).stdout,
    ) as IssueListShape;
    const [issue] = issues;
    assert.ok(issue);
    github.faults.add({ kind: "drop", times: Infinity, method: "POST" });
    await home.here(["comment", issue.address, "Said before the backup"]);
    github.faults.clear();
    const kept = join(folder, "pending.backup");
    assert.equal((await home.here(["backup", kept])).code, 0);
    const comments = () =>
      github.world.comments?.(issue.nativeId).filter(({ body }) => body.includes("Said before the backup")).length;
    assert.equal(comments(), 0);
    // It is delivered, and then the backup from before is put in place.
    await home.here(["outbox", "retry", "1"]);
    const delivering = await startPan(home);
    await waitFor(() => comments() === 1);
    await delivering.stop();
    const restored = await home.here(["restore", kept, "--force", "--json"]);
    assert.equal((JSON.parse(restored.stdout) as { unsent: number }).unsent, 1);
    const again = await startPan(home);
    await waitFor(async () => (await again.get<{ operations: unknown[] }>("/api/outbox")).operations.length === 0);
    assert.equal(comments(), 1);
    await again.stop();
  });

  test("with PostgreSQL it says how PostgreSQL does it", async () => {
    const { code, stderr } = await home.here(["backup"], { DATABASE_URL: "postgres://127.0.0.1:1/none" });
    assert.equal(code, 1);
    assert.match(stderr, /pg_dump/);
  });
});

async function waitFor(fits: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 40_000;
  while (!(await fits())) {
    assert.ok(performance.now() < end, "it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("completion", () => {
  const words = async (...line: string[]) => {
    const { stdout } = await home.here(["completion", "words", "--", ...line]);
    return stdout.split("\n").flatMap((each) => each.split("\t")[0] || []);
  };

  test("knows commands, options, refs and names as they are now", async () => {
    assert.ok((await words("")).includes("issues"));
    assert.deepEqual(await words("proj"), ["project"]);
    assert.deepEqual(await words("project", "l"), ["list"]);
    assert.deepEqual(await words("issues", "--status", "in_r"), ["in_review"]);
    assert.ok((await words("issues", "--l")).includes("--label"));
    assert.deepEqual((await words("issues", "--project", "")).toSorted(), ["one", "two"]);
    assert.ok((await words("sync", "")).includes("github"));
    assert.deepEqual(await words("export", "--format", "c"), ["csv"]);
    assert.deepEqual(await words("export", "--format=c"), ["--format=csv"]);
    assert.deepEqual(await words("completion", "z"), ["zsh"]);
    assert.deepEqual(await words("issues", "--status", "done,in_r"), ["done,in_review"]);
    assert.deepEqual(await words("link", "APP-1", "block"), ["blocks", "blocked-by"]);
    assert.deepEqual(await words("edit", "APP-1", "--assign", "m"), await words("issues", "--assignee", "m"));
    assert.ok((await words("edit", "APP-1", "--unassign", "")).includes("me"));
    const sources = Object.values(home.emulators).flatMap(({ sources: all }) => all.map(({ key }) => key));
    assert.deepEqual((await words("create", "x", "--source", "")).toSorted(), sources.toSorted());
    assert.deepEqual(await words("agent", "start", "APP-1", "--agent", "co"), ["codex"]);
    assert.deepEqual(await words("workspace", "remove", ""), []);
    assert.deepEqual(await words("agent", "stop", ""), []);
    const [issue] = home.emulators["jira"]?.world.issues() ?? [];
    assert.ok((await words("show", issue?.key.slice(0, -1).toLowerCase() ?? "")).includes(issue?.key ?? "nothing"));
    assert.deepEqual(await words("nothing", ""), []);
  });

  for (const shell of ["bash", "zsh", "fish"] as const) {
    const found = spawnSync(shell, ["--version"]).status === 0;
    test(`works in ${shell}`, { skip: found ? false : `${shell} is not installed` }, async () => {
      const bin = join(home.folder, "pan");
      writeFileSync(
        bin,
        `#!/bin/sh\nexec "${process.execPath}" --disable-warning=ExperimentalWarning "${join(import.meta.dirname, "main.ts")}" "$@"\n`,
        { mode: 0o755 },
      );
      const env = {
        PATH: `${home.folder}:${process.env["PATH"] ?? ""}`,
        HOME: home.folder,
        PANOPTICON_HOME: home.folder,
        CI: "1",
      };
      const inShell = (text: string, ...args: string[]) =>
        spawnSync(shell, [...args, "-c", text], { env, encoding: "utf8", cwd: home.folder });
      const programs = {
        bash: 'eval "$(pan completion bash)"; COMP_LINE="pan issues --status in_"; COMP_WORDS=(pan issues --status in_); COMP_CWORD=3; _pan; printf "%s\\n" "${COMPREPLY[@]}"',
        zsh: 'autoload -Uz compinit; compinit -u -D; compadd() { shift 3; [[ $1 == -- ]] && shift; print -l -- "$@"; }; source <(pan completion zsh); words=(pan issues --status in_); CURRENT=4; _pan',
        fish: 'pan completion fish | source; complete -C "pan issues --status in_" | cut -f1',
      };
      const { stdout, stderr } = inShell(programs[shell]);
      assert.deepEqual(stdout.trim().split("\n"), ["in_progress", "in_review"], stderr);
      const several = inShell(programs[shell].replaceAll("--status in_", "--status done,planning,in_"));
      const both = ["done,planning,in_progress", "done,planning,in_review"];
      assert.deepEqual(several.stdout.trim().split("\n"), both, several.stderr);
      if (shell !== "bash") return;
      // As bash divides it.
      const line =
        'COMP_LINE="pan issues --status=done,in_"; COMP_WORDS=(pan issues --status = done,in_); COMP_CWORD=4';
      const divided = inShell(programs.bash.replace(/COMP_LINE.*COMP_CWORD=3/, line));
      assert.deepEqual(divided.stdout.trim().split("\n"), ["done,in_progress", "done,in_review"], divided.stderr);
    });
  }
});
