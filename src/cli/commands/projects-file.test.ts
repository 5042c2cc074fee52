import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse, fails } from "../../../test/support/assert-finished.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { makeSyncedHome, type SyncedHome } from "../../../test/support/synced-home.ts";
import type { IssueListShape } from "../../server/contract/issue.ts";
import { makePanHome } from "../fixture.ts";

const limit = { timeout: 60_000 };

describe("with emulated trackers", { concurrency: false }, () => {
  let home: SyncedHome;
  before(async () => {
    home = await makeSyncedHome(40);
  }, limit);
  after(() => home[Symbol.asyncDispose]());

  test("adds a checkout's repository by its remote", limit, async () => {
    await using own = makePanHome();
    own.write("env", readFileSync(home.paths.envFile, "utf8"));
    const folder = join(own.folder, "code");
    mkdirSync(folder);
    const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
    git("init", "-q");
    fails(await own.start(["project", "add"], { cwd: folder }).finished, 3, /has no remote.*\n.*--github-repo/);
    git("remote", "add", "origin", `git@127.0.0.1:${home.hub.key}.git`);
    const listed = await own.start(["project", "list", "--json"], { cwd: folder }).finished;
    assert.equal(
      parse<{ projects: unknown[] }>(listed).projects.length,
      1,
      "without a projects.yaml it is the project",
    );
    own.write("projects", "# mine\nprojects: {}\n");
    const added = await own.pan("project", "add", folder, "--name", "The Portal");
    assert.equal(added.code, 0, added.stderr);
    assert.equal(
      readFileSync(own.paths.projectsFile, "utf8"),
      `# mine\nprojects:\n  the-portal:\n    name: The Portal\n    path: ${folder}\n    github_repo: ${home.hub.key}\n`,
    );
    fails(await own.start(["project", "add"], { cwd: own.folder }).finished, 3, /is not a git checkout/);
    const without = { cwd: folder, env: { PATH: own.folder } };
    fails(await own.start(["project", "add"], without).finished, 3, /^git is not installed.*\nInstall it, or give/);
  });

  test(
    "problems in projects.yaml are reported where projects are listed, with a server and without",
    limit,
    async () => {
      await using own = makePanHome();
      own.write("projects", "projects: { one: { github_rpo: a/b } }\n");
      const says = /projects\.yaml:1:\d+: unknown key "github_rpo"; did you mean "github_repo"\?/;
      const look = async () => {
        assert.match((await own.here(["project", "list"])).stderr, says);
        const listed = await own.here(["project", "list", "--json"]);
        assert.match(listed.stderr, says);
        parse(listed);
        assert.match((await own.here(["states", "one"])).stderr, says);
      };
      await look();
      const server = own.start(["up", "--port", "0", "--no-open"]);
      await server.until(/Open http/);
      await look();
      server.process.kill("SIGTERM");
      await server.finished;
      own.write("projects", "projects: [\n");
      const { stderr } = await own.here(["project", "list"]);
      assert.match(stderr, /projects\.yaml:2:1: a \[ or \{ before this/);
      assert.doesNotMatch(stderr, /No projects yet/);
    },
  );

  test("a project removed without a server disappears from listings immediately", limit, async () => {
    await using own = makePanHome();
    own.write("env", readFileSync(home.paths.envFile, "utf8"));
    const [, other] = home.hub.emulator.sources;
    own.write(
      "projects",
      `projects:\n  one: { github_repo: ${home.hub.key} }\n  two: { github_repo: ${other?.key} }\n`,
    );
    assert.equal((await own.pan("sync")).code, 0);
    const total = async () => parse<IssueListShape>(await own.pan("issues", "--json")).total;
    const both = await total();
    const { total: two } = parse<IssueListShape>(await own.pan("issues", "--project", "two", "--json"));
    assert.ok(two > 0 && two < both);
    assert.equal((await own.pan("project", "remove", "two")).code, 0);
    assert.equal(await total(), both - two);
    fails(await own.pan("issues", "--project", "two"), 3, /There is no project called “two”/);
  });

  test("does not promise webhooks when nothing is mirrored", limit, async () => {
    await using own = makePanHome();
    own.write("env", readFileSync(home.paths.envFile, "utf8"));
    own.write("config", 'server: { publicUrl: "https://pan.example" }\n');
    const { code, stdout, stderr } = await own.pan("webhooks", "github", "--create");
    assert.deepEqual([code, stdout], [0, ""], stderr);
    assert.match(stderr, /^GitHub: none of its sources is on the board, so no webhook is needed\.$/m);
  });

  test("reports a broken configuration and uses its valid parts", limit, async () => {
    await using own = makePanHome();
    own.write("env", readFileSync(home.paths.envFile, "utf8"));
    own.write("projects", `projects:\n  app:\n    github_repo: ${home.hub.key}\n    history: 3 weeks\n`);
    const server = own.start(["up", "--port", "0", "--no-open"]);
    await server.until(/projects\.yaml:4:14: "history" must be like "90d"/);
    await server.until(/Open http/);
    await own.pan("sync");
    assert.ok(parse<IssueListShape>(await own.pan("issues", "--json")).total > 0);
    await own.pan("down");
    await server.finished;
  });
});
