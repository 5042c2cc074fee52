import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { startEmulator } from "../../emulators/start.ts";
import type { Emulator } from "../../emulators/emulator.ts";
import { makePanHome, type PanHome } from "../../src/cli/fixture.ts";
import { after, before } from "../support/hooks.ts";
import { eventually, sourceOf } from "../support/stage.ts";

const run = promisify(execFile);
const main = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");
const limit = { timeout: 90_000 };

let github: Emulator;
let linear: Emulator;

before(async () => {
  [github, linear] = await Promise.all([
    startEmulator("github", { issues: 6, seed: 5, sources: 2 }),
    startEmulator("linear", { issues: 6, seed: 5, sources: 1 }),
  ]);
});
after(() => Promise.all([github.close(), linear.close()]));

const keysOf = (...emulators: Emulator[]): Record<string, string> =>
  Object.assign({}, ...emulators.map(({ credentials }) => credentials)) as Record<string, string>;

/** Only Debian's own programs, without any login. */
const bare = { PATH: "/usr/bin:/bin" };

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : null);

async function init(home: PanHome, env: Record<string, string>, ...args: string[]) {
  return home.start(["init", ...args], { env: { ...bare, ...env } }).finished;
}

describe("without a terminal", () => {
  test("environment keys are tested and stored, and everything they see is mirrored", limit, async () => {
    await using home = makePanHome();
    const done = await init(home, keysOf(github, linear), "--yes");
    assert.equal(done.code, 0, done.stdout + done.stderr);
    assert.match(done.stdout, /✓ GitHub .*2 repositories, from GITHUB_TOKEN in the environment/);
    assert.match(done.stdout, /○ Jira .*JIRA_API_KEY and JIRA_URL are not set/);
    assert.match(done.stdout, /Start the server with pan up/);
    const keys = textOf(home.paths.envFile) ?? "";
    for (const [key, value] of Object.entries(keysOf(github, linear))) assert.ok(keys.includes(`${key}=${value}`), key);
    assert.equal(statSync(home.paths.envFile).mode & 0o777, 0o600);
    const projects = textOf(home.paths.projectsFile) ?? "";
    for (const source of [sourceOf(github), sourceOf(github, 1), sourceOf(linear)])
      assert.ok(projects.includes(source));
    // Running it again changes nothing.
    const again = await init(home, {}, "--yes");
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /Already on the board/);
    assert.deepEqual([textOf(home.paths.envFile), textOf(home.paths.projectsFile)], [keys, projects]);
  });

  test("flags choose the sources; environment keys stay there on request", limit, async () => {
    await using home = makePanHome();
    const source = sourceOf(github, 1);
    const done = await init(home, keysOf(github), "--github-repo", source, "--name", "Two words", "--no-keep");
    assert.equal(done.code, 0, done.stdout + done.stderr);
    assert.equal(textOf(home.paths.envFile), null);
    assert.equal(
      textOf(home.paths.projectsFile),
      `projects:\n  two-words:\n    name: Two words\n    github_repo: ${source}\n`,
    );
  });

  test("another program's login is used but not copied", limit, async () => {
    await using home = makePanHome();
    const bin = join(home.folder, "bin");
    mkdirSync(bin);
    const { GITHUB_TOKEN: token = "", ...server } = keysOf(github);
    writeFileSync(join(bin, "gh"), `#!/bin/sh\n[ "$1 $2" = "auth token" ] && echo ${token}\n`, { mode: 0o755 });
    const env = { ...server, PATH: `${bin}:/usr/bin:/bin` };
    const done = await home.start(["init", "--yes"], { env }).finished;
    assert.equal(done.code, 0, done.stdout + done.stderr);
    assert.match(done.stdout, /✓ GitHub .*from GitHub CLI \(gh\)/);
    assert.ok(!(textOf(home.paths.envFile) ?? "").includes(token));
  });

  test("failures name the fix, and nothing is written", limit, async () => {
    await using home = makePanHome();
    const wrong = await init(home, { ...keysOf(github), GITHUB_TOKEN: "ghp_canary_wrong" }, "--yes");
    assert.equal(wrong.code, 4, wrong.stderr);
    assert.match(wrong.stdout, /✗ GitHub/);
    assert.ok(!(wrong.stdout + wrong.stderr).includes("canary"));
    const away = await init(home, { ...keysOf(github), GITHUB_API_URL: "http://127.0.0.1:9" }, "--yes");
    assert.equal(away.code, 1, away.stderr);
    assert.match(away.stderr, /No tracker could be reached, so no key was tested/);
    const none = await init(home, {}, "--yes");
    assert.match(none.stderr, /No login or key was found/);
    const asked = await init(home, keysOf(github));
    assert.equal(asked.code, 2);
    assert.match(asked.stderr, /no terminal/);
    assert.deepEqual([textOf(home.paths.envFile), textOf(home.paths.projectsFile)], [null, null]);
  });

  test(
    "a source whose tracker has no working key is refused, with what to do, and nothing is written",
    limit,
    async () => {
      await using home = makePanHome();
      const wanted = ["--github-repo", sourceOf(github), "--linear-team", sourceOf(linear)];
      const { LINEAR_API_KEY: key = "", ...server } = keysOf(linear);
      for (const env of [{ ...keysOf(github), ...server }, {}]) {
        const missing = await init(home, env, "--yes", ...wanted.slice("GITHUB_TOKEN" in env ? 0 : 2));
        assert.equal(missing.code, 3, missing.stderr);
        assert.match(
          missing.stderr,
          /^Linear cannot be asked for the team “\w+”, so it was not added: LINEAR_API_KEY is not set\.$/m,
        );
        assert.match(
          missing.stderr,
          /^Set LINEAR_API_KEY in the environment or in \S*\.panopticon\.env, and run pan init again\.$/m,
        );
        assert.match(missing.stderr, /^LINEAR_API_KEY: A personal API key/m);
      }
      const wrong = await init(
        home,
        { ...keysOf(github), ...server, LINEAR_API_KEY: "lin_canary" },
        "--yes",
        ...wanted,
      );
      assert.equal(wrong.code, 4, wrong.stderr);
      assert.match(wrong.stderr, /^Linear cannot be asked for the team “\w+”, so it was not added: /m);
      assert.deepEqual([textOf(home.paths.envFile), textOf(home.paths.projectsFile)], [null, null]);
      const done = await init(home, { ...keysOf(github), ...server, LINEAR_API_KEY: key }, "--yes", ...wanted);
      assert.equal(done.code, 0, done.stderr);
    },
  );
});

/** A user at a real terminal, provided by tmux. A shell runs before and after, as for a real user. */
async function openTerminal(home: PanHome, env: Record<string, string>, cwd = home.folder) {
  const folder = mkdtempSync(join(tmpdir(), "panopticon-tmux-"));
  const socket = join(folder, "s");
  const tmux = async (...args: string[]) => (await run("tmux", ["-S", socket, "-f", "/dev/null", ...args])).stdout;
  const variables = { HOME: home.folder, PANOPTICON_HOME: home.folder, ...bare, ...env };
  const assignments = Object.entries(variables).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const pan = [process.execPath, "--disable-warning=ExperimentalWarning", main, "init", "--no-open"];
  const script = `stty -g > "$0/before"; "$@"; printf %s $? > "$0/code"; stty -g > "$0/after"; echo over; exec cat`;
  await tmux(
    "new-session",
    "-d",
    "-x",
    "110",
    "-y",
    "50",
    "-c",
    cwd,
    ...assignments,
    "sh",
    "-c",
    script,
    folder,
    ...pan,
  );
  const screen = () => tmux("capture-pane", "-p", "-S", "-200");
  const kept = (name: string) => textOf(join(folder, name));
  const until = (pattern: RegExp) =>
    eventually(async () => (pattern.test(await screen()) ? true : undefined), String(pattern), { describe: screen });
  return {
    screen,
    until,
    press: (...keys: string[]) => tmux("send-keys", ...keys),
    /** Waits for the end, and returns the exit code and whether the terminal is restored. */
    async left() {
      await until(/^over$/m);
      const modes = "#{cursor_flag}#{wrap_flag} #{alternate_on}#{mouse_any_flag}#{keypad_cursor_flag}#{insert_flag}";
      return {
        code: Number(kept("code")),
        isAsBefore:
          kept("before") === kept("after") && (await tmux("display-message", "-p", modes)).trim() === "11 0000",
      };
    },
    async [Symbol.asyncDispose]() {
      await tmux("kill-server");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe("at a terminal", () => {
  test("enter a token, tick sources, write both files, and open the board", limit, async () => {
    await using home = makePanHome();
    const { LINEAR_API_KEY: key = "", LINEAR_API_URL: url = "" } = keysOf(linear);
    await using terminal = await openTerminal(home, { ...keysOf(github), LINEAR_API_URL: url });
    await terminal.until(/✓ GitHub/);
    await terminal.until(/Connect others with a token/);
    await terminal.press("Space", "Enter");
    await terminal.until(/Linear: API key/);
    await terminal.press("-l", "lin_api_wrong");
    await terminal.press("Enter");
    await terminal.until(/Enter Linear's credentials again/);
    for (const line of (await terminal.screen()).trimEnd().split("\n"))
      assert.match(line, /^[┌│◇■●◆└◒◐◓◑]/, "beside the guide");
    await terminal.press("Enter");
    await terminal.until(/Linear: API key[^]*Linear: API key/);
    await terminal.press("-l", key);
    await terminal.press("Enter");
    await terminal.until(/✓ Linear/);
    await terminal.until(/What should be on the board/);
    assert.ok(!(await terminal.screen()).includes(key), "a secret is not shown");
    await terminal.press("-l", sourceOf(github).split("/")[1] ?? "");
    await terminal.until(/1 match/);
    await terminal.press("Tab", "Enter");
    await terminal.until(/What is this project called/);
    await terminal.press("C-u");
    await terminal.press("-l", "My board");
    await terminal.press("Enter");
    await terminal.until(/Keep GITHUB_TOKEN/);
    await terminal.press("Enter");
    await terminal.until(/Start the server/);
    assert.deepEqual(
      [textOf(home.paths.envFile), textOf(home.paths.projectsFile)],
      [null, null],
      "nothing before the end",
    );
    await terminal.press("n");
    await terminal.until(/Start the server with pan up/);
    assert.match(textOf(home.paths.envFile) ?? "", new RegExp(`LINEAR_API_KEY=${RegExp.escape(key)}`));
    assert.match(textOf(home.paths.projectsFile) ?? "", /name: My board\n {4}github_repo: /);
  });

  /** The questions in order, with the keys that lead to the next one. */
  const questions: readonly (readonly [asked: string, pattern: RegExp, ...answers: (readonly string[])[]])[] = [
    ["other trackers", /Connect others with a token/, ["Space", "Enter"]],
    ["a key", /Linear: API key/, ["-l", "wrong"], ["Enter"]],
    ["another try", /Enter Linear's credentials again/, ["n"]],
    // The checkout's own source is ticked.
    ["sources", /What should be on the board[^]*?↑/, ["Enter"]],
    ["a name", /What is this project called/, ["Enter"]],
    ["the checkout", /Should agents work next to the checkout/, ["Enter"]],
    ["keys to keep", /Keep GITHUB_TOKEN/, ["Enter"]],
    ["the start", /Start the server/],
  ];
  for (const [index, [asked, question, halfTyped]] of questions.entries()) {
    test(`Ctrl-C leaves everything unchanged, including the terminal: asked for ${asked}`, limit, async () => {
      await using home = makePanHome();
      home.write("env", "# mine\n");
      const source = sourceOf(github);
      const checkout = join(home.folder, "a checkout");
      mkdirSync(checkout);
      await run("git", ["init", "-q", checkout]);
      const { LINEAR_API_KEY: _, ...env } = keysOf(github, linear);
      await run("git", ["-C", checkout, "remote", "add", "origin", `${env["GITHUB_API_URL"]}/${source}.git`]);
      await using terminal = await openTerminal(home, env, checkout);
      for (const [, pattern, ...answers] of questions.slice(0, index)) {
        await terminal.until(pattern);
        for (const keys of answers) await terminal.press(...keys);
      }
      await terminal.until(question);
      if (halfTyped?.[0] === "-l") await terminal.press(...halfTyped);
      await terminal.press("C-c");
      assert.deepEqual(await terminal.left(), { code: 130, isAsBefore: true });
      assert.match(await terminal.screen(), /Nothing was written/);
      assert.deepEqual([textOf(home.paths.envFile), textOf(home.paths.projectsFile)], ["# mine\n", null]);
      assert.deepEqual(readdirSync(home.folder).toSorted(), [".panopticon.env", "a checkout"]);
    });
  }

  test("Ctrl-C also ends it while a tracker keeps it waiting", limit, async () => {
    await using home = makePanHome();
    let asked = false;
    const silent = createServer(() => (asked = true)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    try {
      await using terminal = await openTerminal(home, {
        ...keysOf(github),
        GITHUB_API_URL: `http://127.0.0.1:${port}`,
      });
      await eventually(() => asked || undefined, "it asks");
      await terminal.press("C-c");
      assert.deepEqual(await terminal.left(), { code: 130, isAsBefore: true });
      assert.match(await terminal.screen(), /Nothing was written/);
      assert.deepEqual(readdirSync(home.folder), []);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });
});
