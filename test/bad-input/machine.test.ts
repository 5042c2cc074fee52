import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import { type Finished, makePanHome, type PanHome } from "../../src/cli/fixture.ts";
import type { BoardShape, IssueListShape } from "../../src/server/contract/issue.ts";
import type { TrackersShape } from "../../src/server/contract/tracker.ts";
import type { TestBrowser } from "../browser/open-browser.ts";
import { panCommand } from "../support/agent-bench.ts";
import { assertQuiet, goToBoard, openBrowser, readProblems, untilTotal, untilTrackerSays } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually, makeHome, oneProject, type PanServer, sourceOf, startPan } from "../support/stage.ts";

const limit = { timeout: 100_000 };

let github: Emulator;
let linear: Emulator;
let browser: TestBrowser;
let total = 0;

before(async () => {
  github = await startEmulator("github", { issues: 20, seed: 5 });
  linear = await startEmulator("linear", { issues: 20, seed: 5 });
  browser = await openBrowser();
  total = [github, linear].reduce((sum, emulator) => sum + emulator.world.issues(sourceOf(emulator)).length, 0);
});
after(async () => {
  await browser.close();
  await github.close();
  await linear.close();
});

function says(result: Finished, code: number, ...words: readonly RegExp[]): void {
  const all = `${result.stdout}${result.stderr}`;
  assert.equal(result.code, code, all);
  for (const one of words) assert.match(all, one);
  assert.doesNotMatch(all, /\n\s+at |went wrong inside/);
}

const totalOf = async (server: PanServer) => (await server.get<BoardShape>("/api/board")).total;

test("a projects.yaml that does not parse", limit, async () => {
  const good = oneProject(github, linear);
  await using home = makeHome({ emulators: [github, linear], projects: `${good}  two: [\n` });
  const place = /projects\.yaml:\d+:\d+: a \[ or \{ before this is not closed/;
  const unused = /Until it is fixed, nothing in this file is used/;

  // From the start: nothing to show yet, and every command says why.
  says(await home.pan("sync"), 0, place, unused, /Nothing is mirrored/);
  says(await home.pan("status"), 0, place);
  says(await home.pan("doctor"), 1, place, unused);
  says(await home.pan("project", "add", "--id", "three", "--github-repo", sourceOf(github, 1)), 2, /projects\.yaml/);
  const server = await startPan(home);
  await server.until(place);
  const { problems } = await server.get<TrackersShape>("/api/trackers");
  assert.match(`${problems[0]?.file}:${problems[0]?.line}:${problems[0]?.column}: ${problems[0]?.message}`, place);
  const { page, complaints } = await browser.open();
  await goToBoard(page, server);
  await page.getByLabel("Configuration problems").getByText(unused).waitFor();

  // Fixed while the server runs: the board fills by itself.
  home.write("projects", good);
  await untilTotal(page, total);

  // Broken again while the server runs: everything stays.
  home.write("projects", `${good}\t: nonsense\n`);
  assert.match(await readProblems(page, /projects\.yaml:\d+:\d+$/m), /the previous settings stay in force/);
  await untilTotal(page, total);
  assert.equal(await totalOf(server), total);
  says(await home.here(["status"]), 0, /projects\.yaml:\d+:\d+: /, /the previous settings stay in force/);
  assertQuiet(complaints);
  await page.close();
  await server.stop();

  // After a restart, mirrored issues are neither lost nor hidden.
  const again = await startPan(home);
  assert.equal(await totalOf(again), total);
  says(await home.pan("sync"), 0, /projects\.yaml:\d+:\d+: /);
  await again.stop();
  says(await home.pan("sync"), 0, /projects\.yaml:\d+:\d+: /, unused);
  const { total: listed } = JSON.parse((await home.pan("issues", "--json")).stdout) as IssueListShape;
  assert.equal(listed, total);
});

test("an unknown key", limit, async () => {
  await using home = makeHome({
    emulators: [github, linear],
    projects: `${oneProject(github, linear)}    defualt_branch: main\n`,
    config: "server:\n  prot: 4000\n",
  });
  const project = /projects\.yaml:6:5: unknown key "defualt_branch"; did you mean "default_branch"\?/;
  const setting = /config\.yaml:2:3: unknown key "prot"; did you mean "port"\?/;
  const used = /Until it is fixed, only the valid parts of this file are used/;
  says(await home.here(["status"]), 0, project, setting, used);
  says(await home.here(["doctor"]), 1, project, setting, used);
  says(await home.here(["sync"]), 0, project, setting, new RegExp(`^${total} issues changed`));
  const server = await startPan(home);
  await server.until(project);
  await server.until(setting);
  const { problems } = await server.get<TrackersShape>("/api/trackers");
  assert.deepEqual(
    problems.map(({ line, column, severity }) => [line, column, severity]),
    [
      [2, 3, "error"],
      [6, 5, "error"],
    ],
  );
  const refused = await server.ask("POST", "/api/projects", { id: "other", keys: { githubrepo: "a/b" } });
  assert.equal(refused.status, 400, JSON.stringify(refused.body));
  const { page, complaints } = await browser.open();
  await goToBoard(page, server);
  const shown = await readProblems(page, /did you mean "default_branch"\?/);
  for (const words of [/projects\.yaml:6:5/, /config\.yaml:2:3/, /did you mean "port"\?/]) assert.match(shown, words);
  await untilTotal(page, total);
  assertQuiet(complaints);
  await page.close();
  await server.stop();
});

test("a damaged mirror", limit, async () => {
  await using home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  assert.equal((await home.here(["sync"])).code, 0);
  const damaged = /The mirror (\S+panopticon\.db) is damaged: /;
  writeFileSync(home.paths.databaseFile, "no database, but a text ".repeat(1000));
  for (const args of [["status"], ["issues"], ["sync"], ["up", "--no-open", "--port", "0"], ["doctor"]])
    says(await home.pan(...args), 1, damaged, /move the mirror \(mv \S+ \S+\) and start again/);
  // Data that no tracker has is lost with it, so say that before the user moves it away.
  says(await home.pan("doctor"), 1, /pan restore FILE --force\..* changes that had not reached them/);
  const [, from = "", to = ""] = /\(mv (\S+) (\S+)\)/.exec((await home.pan("status")).stderr) ?? [];
  renameSync(from, to);
  says(await home.pan("sync"), 0, new RegExp(`^${total} issues changed`));
});

test("a port in use", limit, async () => {
  await using home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  const other = createServer((_, response) => response.end("something else"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  try {
    const named = new RegExp(`Port ${port} is in use by another program`);
    says(await home.pan("up", "--no-open", "--port", String(port)), 1, named, new RegExp(`--port ${port + 1}`));
    home.write("config", `server:\n  port: ${port}\n`);
    says(await home.pan("up", "--no-open"), 1, named);
    says(await home.pan("up", "--no-open", "--detach"), 1, named);
    says(await home.pan("doctor"), 0, new RegExp(`Port ${port}: in use by another program`), /choose another port/);
    assert.ok(!existsSync(home.paths.serverFile));
    // The lock was released, so another port works.
    const server = await startPan(home);
    await server.stop();
  } finally {
    other.close();
  }
});

/** Whether pan can run in a mount namespace, with a small or read-only disk. */
const canMount = spawnSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"]).status === 0;

/** Runs pan with a file or folder read-only, even for root. */
async function readOnly(home: PanHome, path: string, ...args: string[]): Promise<Finished> {
  const script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"';
  const child = spawn("unshare", ["-m", "sh", "-c", script, "sh", path, ...panCommand, ...args], {
    env: { PATH: process.env["PATH"] ?? "", HOME: home.folder, PANOPTICON_HOME: home.folder, CI: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: code as number | null, stdout, stderr };
}

test("read-only files and folders", { ...limit, skip: canMount ? false : "mounting is not allowed here" }, async () => {
  await using home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  assert.equal((await home.here(["sync"])).code, 0);
  const cannot = /The mirror \S+panopticon\.db cannot be written\./;
  says(await readOnly(home, home.paths.databaseFile, "sync"), 1, cannot, /Make the file and its folder writable/);
  says(await readOnly(home, home.paths.databaseFile, "issues"), 0, /\t/);
  await using fresh = makePanHome();
  const noHome = /Cannot create the data directory \S+\.panopticon(\/demo)?\./;
  for (const args of [
    ["up", "--no-open", "--port", "0"],
    ["up", "--detach"],
    ["demo", "--no-open"],
    ["sync"],
    ["init", "--yes"],
  ])
    says(await readOnly(fresh, fresh.folder, ...args), 1, noHome, /PANOPTICON_HOME/);
  says(await readOnly(fresh, fresh.folder, "doctor"), 1, /Data directory: \S+ does not exist and cannot be created/);
});

test("a full disk", { ...limit, skip: canMount ? false : "mounting a small disk is not allowed here" }, async () => {
  const large = await startEmulator("github", { issues: 1500, seed: 6 });
  await using home = makeHome({ emulators: [large, linear], projects: oneProject(large, linear) });
  const projects = readFileSync(home.paths.projectsFile, "utf8");
  const env = { PATH: process.env["PATH"] ?? "", HOME: home.folder, PANOPTICON_HOME: home.folder, CI: "1" };
  const script = `mount -t tmpfs -o size=2m none '${home.paths.home}' && printf %s "$PROJECTS" > '${home.paths.projectsFile}' && exec "$@"`;
  const child = spawn("unshare", ["-m", "sh", "-c", script, "sh", ...panCommand, "up", "--port", "0", "--no-open"], {
    env: { ...env, PROJECTS: projects },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (output += part));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  /** Another pan on the same disk. */
  const pan = (...args: string[]): Promise<Finished> =>
    new Promise((resolve) => {
      const one = spawn("nsenter", ["-t", String(child.pid), "-m", ...panCommand, ...args], {
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const finished = { stdout: "", stderr: "" };
      one.stdout.setEncoding("utf8").on("data", (part) => (finished.stdout += part));
      one.stderr.setEncoding("utf8").on("data", (part) => (finished.stderr += part));
      one.once("close", (code) => resolve({ code, ...finished }));
    });
  const full = /The disk that holds the mirror \S+ is full\./;
  const remedy = /Free up space\. No saved data is lost\. A running server continues the sync by itself\./;
  try {
    const [, address = "", token = ""] = await eventually(
      () => /Open (http:\/\/[^/]+)\/\?token=(\S+)/.exec(output) ?? undefined,
      "the address",
      { describe: () => output },
    );
    const get = async <T>(path: string) =>
      (await (await fetch(`${address}${path}`, { headers: { authorization: `Bearer ${token}` } })).json()) as T;
    const told = await eventually(async () => {
      const { trackers } = await get<TrackersShape>("/api/trackers");
      const tracker = trackers.find(({ connection }) => connection === "github");
      return tracker?.error == null ? undefined : tracker;
    }, "the full disk");
    assert.match(told.error?.message ?? "", full);
    assert.match(told.error?.hint ?? "", remedy);
    const stored = (await get<BoardShape>("/api/board")).total;
    assert.ok(stored > 0 && stored < large.world.issues(sourceOf(large)).length, `${stored} were stored before`);
    says(await pan("status"), 0, full, remedy, /sync fails/);
    says(await pan("sync", "github"), 1, full, remedy);
    says(await pan("issues", "--limit", "1"), 0, /\t/);
    const { page, complaints } = await browser.open();
    await page.goto(`${address}/?token=${token}`);
    await page.waitForSelector(".bar");
    await untilTrackerSays(page, "GitHub", /^sync fails, next try/);
    assert.match(await readProblems(page, full), remedy);
    assertQuiet(complaints);
    await page.close();

    // With free space, it continues where it stopped.
    const grown = spawnSync("nsenter", [
      "-t",
      String(child.pid),
      "-m",
      "mount",
      "-o",
      "remount,size=100m",
      home.paths.home,
    ]);
    assert.equal(grown.status, 0, grown.stderr.toString());
    says(await pan("sync"), 0);
    const { total: all } = await get<BoardShape>("/api/board");
    assert.equal(all, large.world.issues(sourceOf(large)).length + linear.world.issues(sourceOf(linear)).length);
    says(await pan("doctor"), 0, /Mirror: [\d,]+ issues, no errors/);
  } finally {
    child.kill("SIGTERM");
    assert.equal(await ended, 0, output);
    await large.close();
  }
});

test("a mirror at its size quota, which needs no rights to test", limit, async () => {
  const large = await startEmulator("github", { issues: 1500, seed: 6 });
  await using home = makeHome({ emulators: [large, linear], projects: oneProject(large, linear) });
  try {
    const limited = spawn("bash", ["-c", 'ulimit -f 2400 && exec "$@"', "bash", ...panCommand, "sync"], {
      env: { PATH: process.env["PATH"] ?? "", HOME: home.folder, PANOPTICON_HOME: home.folder, CI: "1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    limited.stderr.setEncoding("utf8").on("data", (part) => (said += part));
    const code = await new Promise((resolve) => limited.once("close", resolve));
    assert.equal(code, 1, said);
    assert.match(
      said,
      /Reading or writing the mirror \S+ failed: .*\n\s*Check the disk \(space, quota, file system errors\)/,
    );
    const stored = (JSON.parse((await home.pan("issues", "--json", "--limit", "1")).stdout) as IssueListShape).total;
    assert.ok(stored > 0, "what came before is kept");
    says(await home.pan("sync"), 0);
    const all = [large, linear].reduce((sum, emulator) => sum + emulator.world.issues(sourceOf(emulator)).length, 0);
    says(await home.pan("doctor"), 0, new RegExp(`Mirror: ${all.toLocaleString("en")} issues, no errors`));
  } finally {
    await large.close();
  }
});
