import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { after, before } from "../../test/support/hooks.ts";
import type { ProjectsShape } from "../server/contract/project.ts";
import type { IssueDetailShape, IssueListShape } from "../server/contract/issue.ts";
import { makeEmulatedHome, makePanHome } from "./fixture.ts";

// One process at a time owns a data directory: commands wait for each other, and an unresponsive server still counts.
const limit = { timeout: 60_000 };
let home: Awaited<ReturnType<typeof makeEmulatedHome>>;
before(async () => {
  home = await makeEmulatedHome(12);
  assert.equal((await home.here(["sync"])).code, 0);
});
after(() => home[Symbol.asyncDispose]());

const firstOf = async (tracker: string) => {
  const listed = await home.here(["issues", "--tracker", tracker, "--json"]);
  const [issue] = (JSON.parse(listed.stdout) as IssueListShape).issues;
  assert.ok(issue);
  return issue.address;
};

test("concurrent commands that change something wait for each other", limit, async () => {
  const ref = await firstOf("linear");
  const texts = ["one", "two", "three", "four"];
  for (const { code, stderr } of await Promise.all(texts.map((text) => home.pan("comment", ref, text)))) {
    assert.equal(code, 0, stderr);
  }
  const shown = JSON.parse((await home.here(["show", ref, "--json"])).stdout) as IssueDetailShape;
  const said = shown.comments.map(({ body }) => body);
  for (const text of texts) assert.ok(said.includes(text), `${text} is not among ${said.join(", ")}`);
});

test("concurrent edits of projects.yaml lose nothing", limit, async () => {
  await using own = makePanHome();
  const ids = ["a", "b", "c", "d", "e"];
  const idsNow = async () => {
    const listed = await own.here(["project", "list", "--json"]);
    return (JSON.parse(listed.stdout) as ProjectsShape).projects.map(({ id }) => id).toSorted();
  };
  const add = (id: string) => own.pan("project", "add", "--id", id, "--github-repo", `some/${id}`);
  for (const { code, stderr } of await Promise.all(ids.map(add))) assert.equal(code, 0, stderr);
  assert.deepEqual(await idsNow(), ids);
  for (const { code } of await Promise.all(ids.map((id) => own.pan("project", "remove", id)))) assert.equal(code, 0);
  assert.deepEqual(await idsNow(), []);
});

test("of servers started at once one runs, and the others print its address", limit, async () => {
  await using own = makePanHome();
  const starting = [1, 2, 3].map(() => own.pan("up", "--detach", "--no-open", "--port", "0"));
  const started = await Promise.all(starting);
  for (const { code, stdout, stderr } of started) {
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Panopticon (?:runs|is already running) at http/);
  }
  assert.equal(new Set(started.map(({ stdout }) => /process (\d+)/.exec(stdout)?.[1])).size, 1);
  assert.match((await own.pan("down")).stdout, /has stopped/);
});

test("an unresponsive server is reported, and pan down stops it", limit, async (t) => {
  if (process.platform === "win32") return t.skip("SIGSTOP is not known here");
  const ref = await firstOf("linear");
  const server = home.start(["up", "--port", "0", "--no-open"]);
  await server.until(/Open http/);
  server.process.kill("SIGSTOP");
  try {
    const status = await home.pan("status");
    assert.equal(status.code, 0, status.stderr);
    assert.match(
      status.stdout,
      new RegExp(`^The server at http.* \\(process ${server.process.pid}, .* is running but not responding`),
    );
    assert.match(
      status.stderr,
      /is (?:running but )?not responding\. This is from the mirror, last synced .*\n.*pan down, then pan up/,
    );
    const [listed, doctor, up] = await Promise.all([
      home.pan("issues", "--limit", "1"),
      home.pan("doctor"),
      home.pan("up", "--port", "0", "--no-open"),
    ]);
    assert.equal(listed.code, 0);
    assert.match(
      listed.stderr,
      /is (?:running but )?not responding\. This is from the mirror, last synced .*\n.*pan down, then pan up/,
    );
    assert.match(
      doctor.stdout,
      /^ERROR +Server: The server at http.* is (?:running but )?not responding\.\n.*pan down/m,
    );
    assert.deepEqual([up.code, up.stdout], [1, ""]);
    assert.match(up.stderr, /is (?:running but )?not responding\.\n.*pan down/);
    const moved = await home.pan("move", ref, "planning");
    assert.equal(moved.code, 1);
    assert.match(moved.stderr, /is (?:running but )?not responding\.\n.*pan down/);
    assert.ok(existsSync(home.paths.serverFile));
    const down = await home.pan("down");
    assert.equal(down.code, 0, down.stderr);
    assert.match(down.stdout, /has stopped/);
  } finally {
    server.process.kill("SIGCONT");
  }
  assert.equal((await server.finished).code, 0);
});

test("fails if output cannot be written", limit, async (t) => {
  if (!existsSync("/dev/full")) return t.skip("there is no /dev/full here");
  const main = process.env["PAN_UNDER_TEST"] ?? join(import.meta.dirname, "main.ts");
  for (const words of ["issues", "issues --json", "export --format csv"]) {
    const line = `'${process.execPath}' --disable-warning=ExperimentalWarning '${main}' ${words} > /dev/full`;
    const env = { PATH: process.env["PATH"] ?? "", PANOPTICON_HOME: home.folder };
    await assert.rejects(promisify(execFile)("sh", ["-c", line], { env }), {
      code: 1,
      stderr: /could not be written: the disk is full/,
    });
  }
});
