import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { makeSyncedHome, type SyncedHome } from "../../../test/support/synced-home.ts";

let home: SyncedHome;
before(async () => {
  home = await makeSyncedHome(10);
});
after(() => home[Symbol.asyncDispose]());

describe("completion", () => {
  const words = async (...line: string[]) => {
    const { stdout } = await home.here(["completion", "words", "--", ...line]);
    return stdout.split("\n").flatMap((each) => each.split("\t")[0] || []);
  };

  test("completes commands, options, refs and current names", async () => {
    assert.ok((await words("")).includes("issues"));
    assert.deepEqual(await words("proj"), ["project"]);
    assert.deepEqual(await words("help", "proj"), ["project"]);
    assert.deepEqual((await words("help", "project", "")).toSorted(), (await words("project", "")).toSorted());
    assert.deepEqual(await words("help", "project", "l"), ["list"]);
    assert.deepEqual(await words("help", "project", "list", ""), []);
    assert.deepEqual(await words("help", "nothing", ""), []);
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
    assert.deepEqual(await words("issues", "--agent", "waiting,r"), ["waiting,running"]);
    assert.deepEqual(await words("issues", "--blocked", ""), ["yes", "no"]);
    assert.deepEqual(await words("workspace", "remove", ""), []);
    assert.deepEqual(await words("agent", "stop", ""), []);
    const [issue] = home.emulators["jira"]?.world.issues() ?? [];
    assert.ok((await words("show", issue?.key.slice(0, -1).toLowerCase() ?? "")).includes(issue?.key ?? "nothing"));
    assert.deepEqual(await words("nothing", ""), []);
    assert.deepEqual(await words("--"), ["--help", "--version"]);
    // An option's value is not an argument, and --sort takes a single word.
    const begun = issue?.key.slice(0, -1) ?? "";
    assert.ok((await words("agent", "start", "--agent", "codex", begun)).includes(issue?.key ?? "nothing"));
    assert.deepEqual(await words("issues", "--sort", "priority,upd"), []);
  });

  test("keeps values with a comma in them together", async () => {
    home.hub.world.create(home.hub.key, { title: "With commas", labels: ["one, two"] });
    assert.equal((await home.here(["sync", "github"])).code, 0);
    assert.deepEqual(await words("issues", "--label", "one"), ["one\\, two"]);
    assert.deepEqual(await words("issues", "--label", "bug,one"), ["bug,one\\, two"]);
    const found = await home.here(["issues", "--label", "one\\, two", "--json"]);
    assert.equal((JSON.parse(found.stdout) as { total: number }).total, 1);
  });

  for (const shell of ["bash", "zsh", "fish"] as const) {
    const found = spawnSync(shell, ["--version"]).status === 0;
    test(`works in ${shell}`, { skip: found ? false : `${shell} is not installed` }, async () => {
      const bin = join(home.folder, "pan");
      writeFileSync(
        bin,
        `#!/bin/sh\nexec "${process.execPath}" --disable-warning=ExperimentalWarning "${join(import.meta.dirname, "..", "main.ts")}" "$@"\n`,
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
      // Where a file is expected, the shell completes it itself.
      writeFileSync(join(home.folder, "one.backup"), "");
      const files = {
        bash: 'compopt() { echo "$@"; }; eval "$(pan completion bash)"; COMP_LINE="pan restore on"; COMP_WORDS=(pan restore on); COMP_CWORD=2; _pan; printf "%s" "${COMPREPLY[@]}"',
        zsh: `_files() { print -r -- "files $PREFIX"; }; compset() { PREFIX=\${PREFIX#*=}; }; PREFIX=on; ${programs.zsh.replace("(pan issues --status in_); CURRENT=4", "(pan restore on); CURRENT=3")}`,
        fish: 'pan completion fish | source; complete -C "pan restore on"; complete -C "pan export --output=on"',
      };
      const told = { bash: "-o default", zsh: "files on", fish: "one.backup\n--output=one.backup" };
      const asked = inShell(files[shell]);
      assert.equal(asked.stdout.trim().replaceAll(/\t.*/g, ""), told[shell], asked.stderr);
      if (shell !== "bash") return;
      // Words as bash splits them.
      const line =
        'COMP_LINE="pan issues --status=done,in_"; COMP_WORDS=(pan issues --status = done,in_); COMP_CWORD=4';
      const divided = inShell(programs.bash.replace(/COMP_LINE.*COMP_CWORD=3/, line));
      assert.deepEqual(divided.stdout.trim().split("\n"), ["done,in_progress", "done,in_review"], divided.stderr);
    });
  }
});
