import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { emulatedTrackers, type Emulators } from "../../emulators/start.ts";
import { eventually } from "../../test/support/stage.ts";
import { forEachStatus } from "../domain/status.ts";
import type { AgentShape, RequestShape } from "../server/contract/work.ts";
import type { IssueDetailShape, IssueListShape } from "../server/contract/issue.ts";
import type { TrackersShape } from "../server/contract/tracker.ts";
import { isAlive } from "./running-server.ts";
import { makeEmulatedHome, makePanHome, type Finished, type PanHome } from "./fixture.ts";

const limit = { timeout: 60_000 };

const parse = <T>({ code, stdout, stderr }: Finished): T => {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T;
};

function fails(result: Finished, code: number, stderr: RegExp): void {
  assert.equal(result.code, code, `${result.stdout}${result.stderr}`);
  assert.match(result.stderr, stderr);
  assert.doesNotMatch(result.stderr, /\n\s+at /, "a stack is printed");
}

describe("command lines", { concurrency: false }, () => {
  test("--help, --version, and help for each command", limit, async () => {
    await using home = makePanHome();
    const help = await home.pan("--help");
    assert.equal(help.code, 0);
    const names = ["up", "down", "status", "demo", "doctor", "project", "trackers", "sync", "issues", "show"];
    for (const name of names) assert.match(help.stdout, new RegExp(`^  ${name} `, "m"));
    assert.match((await home.pan("--version")).stdout, /^\d+\.\d+\.\d+\n$/);
    const all = await Promise.all(names.map((name) => home.here([name, "--help"])));
    for (const [index, { code, stdout }] of all.entries()) {
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^Usage: pan ${names[index]}`));
    }
    assert.match((await home.here(["project", "add", "--help"])).stdout, /--github-repo/);
  });

  for (const [args, message] of [
    [["isues"], /Unknown command 'isues'.\nDid you mean issues\?/],
    [["issues", "--jsn"], /Unknown option '--jsn'.\nDid you mean --json\?/],
    [["issues", "--limit", "5000"], /whole number from 1 to 1000/],
    [["issues", "--status", "plannig"], /There is no status called “plannig”.\nDid you mean “planning”\?/],
    [["issues", "--label", ""], /'--label <label>' argument '' is invalid. It must not be empty/],
    [["export", "--status", ","], /It must not be empty/],
    [["help", "isues"], /Unknown command 'isues'.\nDid you mean issues\?/],
    [["issues", "--tracker", "gihub"], /There is no tracker called “gihub”.\nDid you mean “github”\?/],
    [["show"], /[Mm]issing required argument 'ref'/],
    [["up", "--port", "x"], /whole number from 0 to 65535/],
    [["up", "--host", "0.0.0.0"], /does not listen on 0\.0\.0\.0.*\n.*ssh -N -L 3011:127\.0\.0\.1:3011/],
  ] as const) {
    test(`pan ${args.join(" ")} is wrong usage`, limit, async () => {
      await using home = makePanHome();
      fails(await home.here(args), 2, message);
    });
  }

  test("before anything is mirrored, listings are empty and say so", limit, async () => {
    await using home = makePanHome();
    const listed = await home.pan("issues", "--json");
    assert.deepEqual(parse(listed), { issues: [], total: 0, byStatus: forEachStatus(() => 0), cursor: null });
    assert.match(listed.stderr, /Nothing is mirrored yet/);
    fails(await home.pan("show", "app#1"), 3, /nothing is mirrored yet/);
    const { trackers } = parse<TrackersShape>(await home.pan("trackers", "--json"));
    assert.deepEqual([...new Set(trackers.map(({ health }) => health))], ["not_configured"]);
    assert.equal((await home.pan("down")).stdout, "No server is running.\n");
    assert.match((await home.pan("status")).stdout, /^The server is not running/);
    assert.deepEqual(parse(await home.pan("project", "list", "--json")), { projects: [] });
  });
});

describe("with emulated trackers", { concurrency: false }, () => {
  let home: PanHome & { readonly emulators: Emulators };
  let total = 0;

  before(async () => {
    home = await makeEmulatedHome(40);
    total = Object.values(home.emulators).reduce((sum, { world }) => sum + world.issues().length, 0);
    const synced = parse<{ changed: number; failures: unknown[] }>(await home.pan("sync", "--json"));
    assert.equal(synced.changed, total);
    assert.deepEqual(synced.failures, []);
  }, limit);

  after(() => home[Symbol.asyncDispose]());

  /** The GitHub emulator's first source, where a change is one call. */
  function hub() {
    const emulator = home.emulators["github"];
    const source = emulator?.sources[0];
    assert.ok(emulator && source);
    return { emulator, world: emulator.world, key: source.key, word: source.key.split("/")[1] ?? "" };
  }

  describe("server down", () => {
    test("the mirror is listed, with its true count and its age", limit, async () => {
      const listed = await home.pan("issues", "--json", "--limit", "30");
      const list = parse<IssueListShape>(listed);
      assert.equal(list.issues.length, 30);
      assert.equal(list.total, total);
      assert.match(listed.stderr, /^From the mirror, last synced .* ago|just now/);
      const next = parse<IssueListShape>(
        await home.pan("issues", "--json", "--limit", "30", "--cursor", list.cursor ?? ""),
      );
      const refs = new Set([...list.issues, ...next.issues].map(({ ref }) => ref));
      assert.equal(refs.size, Math.min(60, total));
    });

    test(
      "a pipe gets one line per issue, tab-separated and whole; standard error says how many there are",
      limit,
      async () => {
        const { code, stdout, stderr } = await home.pan("issues", "--limit", "5", "--sort", "-updated");
        assert.equal(code, 0);
        const lines = stdout.trimEnd().split("\n");
        assert.equal(lines.length, 5);
        for (const line of lines) assert.equal(line.split("\t").length, 7);
        assert.ok(!stdout.includes("\u001b"));
        assert.match(stderr, new RegExp(`5 issues of ${total}; the next ones: --cursor`));
      },
    );

    test("filters combine, repeat and take commas", limit, async () => {
      const count = async (...args: string[]) =>
        parse<IssueListShape>(await home.here(["issues", "--json", ...args])).total;
      const github = await count("--tracker", "github");
      assert.equal(github, hub().world.issues().length);
      const every = emulatedTrackers.flatMap((tracker) => ["--tracker", tracker]);
      assert.equal(await count(...every), total);
      assert.equal(await count("--tracker", emulatedTrackers.join(",")), total);
      assert.equal(await count("--tracker", "github", "--project", "one"), hub().world.issues(hub().key).length);
      const [done, canceled] = [await count("--status", "done"), await count("--status", "canceled")];
      assert.equal(await count("--status", "done,canceled"), done + canceled);
      assert.equal(await count("--updated", ">2999-01-01"), 0);
    });

    test("positional words are searched for", limit, async () => {
      const { issues } = parse<IssueListShape>(
        await home.here(["issues", "--json", "--limit", "1", "--tracker", "github"]),
      );
      const [issue] = issues;
      assert.ok(issue);
      const found = parse<IssueListShape>(await home.here(["issues", "--json", ...issue.title.split(" ").slice(0, 3)]));
      assert.ok(found.issues.some(({ ref }) => ref === issue.ref));
    });

    test("one issue is shown by its ref, its address, and by #N in a checkout of its project", limit, async () => {
      const [issue] = hub().world.issues(hub().key);
      assert.ok(issue);
      const ref = `${hub().word}${issue.key}`;
      const shown = parse<IssueDetailShape>(await home.pan("show", ref, "--json"));
      assert.equal(shown.title, issue.title);
      assert.equal(shown.body.trim(), issue.body.trim());
      assert.equal(parse<IssueDetailShape>(await home.pan("show", shown.url, "--json")).ref, shown.ref);
      assert.equal(
        parse<IssueDetailShape>(await home.pan("show", `${hub().key}${issue.key}`, "--json")).ref,
        shown.ref,
      );
      const text = await home.pan("show", ref);
      assert.ok(text.stdout.startsWith(`${shown.ref}  ${issue.title}\n`), text.stdout);
      assert.match(text.stdout, new RegExp(`^Address +${RegExp.escape(shown.url)}$`, "m"));

      const projects = readFileSync(home.paths.projectsFile, "utf8");
      home.write("projects", projects.replace("  one:\n", `  one:\n    path: ${home.folder}\n`));
      try {
        assert.equal(parse<IssueDetailShape>(await home.pan("show", issue.key, "--json")).ref, shown.ref);
      } finally {
        home.write("projects", projects);
      }
    });

    test("an unknown ref says what was searched, an ambiguous one lists what it fits", limit, async () => {
      fails(
        await home.here(["show", `${hub().word}#99999`]),
        3,
        new RegExp(`There is no issue .*#99999.* among the ${total}`),
      );
      fails(await home.here(["show", "???"]), 3, /not an issue's ref/);
      const numbers = hub().emulator.sources.map(({ key }) =>
        hub()
          .world.issues(key)
          .map(({ key: number }) => number),
      );
      const shared = numbers[0]?.find((number) => numbers[1]?.includes(number));
      assert.ok(shared, "the seed gives both repositories an issue of the same number");
      const { code, stderr } = await home.here(["show", shared]);
      assert.equal(code, 5, stderr);
      assert.equal(stderr.match(/^ {2}http:\/\/.*$/gm)?.length, 2, stderr);
    });

    test("--sync asks the trackers first", limit, async () => {
      const created = hub().world.create(hub().key, { title: "Made just now, elsewhere" });
      total++;
      assert.equal(parse<IssueListShape>(await home.pan("issues", "--json", "Made just now")).total, 0);
      const { issues } = parse<IssueListShape>(await home.pan("issues", "--json", "--sync", "Made just now"));
      assert.deepEqual(
        issues.map(({ ref }) => ref),
        [`${hub().word}${created.key}`],
      );
    });

    test("what trackers say cannot command the terminal", limit, async () => {
      hub().world.create(hub().key, { title: "Zanzibar \u001b]0;owned\u0007\u001b[31mred", body: "one\u001b[2Jtwo" });
      total++;
      const listed = await home.pan("issues", "--sync", "Zanzibar");
      assert.match(listed.stdout, /\tZanzibar red\t/);
      const ref = listed.stdout.split("\t")[0] ?? "";
      const shown = await home.pan("show", ref);
      assert.ok(!shown.stdout.includes("\u001b") && shown.stdout.includes("onetwo"), shown.stdout);
      const json = await home.pan("show", ref, "--json");
      assert.ok(!json.stdout.includes("\u001b"));
      assert.ok((JSON.parse(json.stdout) as IssueDetailShape).body.includes("\u001b[2J"));
    });

    test("trackers and status tell account, sources and counts", limit, async () => {
      const { trackers, problems } = parse<TrackersShape>(await home.here(["trackers", "--json"]));
      assert.deepEqual(problems, []);
      assert.deepEqual(
        trackers.map(({ id, health, sources }) => [id, health, sources.length]),
        Object.keys(home.emulators).map((id) => [id, "ok", 2]),
      );
      assert.ok(trackers.every(({ account }) => account !== null && account.login !== ""));
      const status = parse<{ server: unknown; mirrored: number }>(await home.here(["status", "--json"]));
      assert.deepEqual([status.server, status.mirrored], [null, total]);
    });

    test("stored credentials are tried, and a wrong one is not authorized", limit, async () => {
      const result = parse<{ valid: boolean; sources: unknown[] }>(
        await home.pan("trackers", "test", "github", "--json"),
      );
      assert.equal(result.valid, true);
      assert.ok(result.sources.length >= 2);
      const wrong = await home.start(["trackers", "test", "github"], { env: { GITHUB_TOKEN: "ghp_wrong" } }).finished;
      fails(wrong, 4, /GitHub: /);
      assert.ok(!`${wrong.stdout}${wrong.stderr}`.includes("ghp_wrong"));
      fails(await home.pan("trackers", "test", "linar"), 3, /Did you mean “linear”\?/);
    });

    test("a sync with a wrong token fails for that tracker alone", limit, async () => {
      const env = { GITHUB_TOKEN: "ghp_wrong" };
      const result = await home.start(["sync", "--json"], { env }).finished;
      assert.equal(result.code, 4, result.stderr);
      const { failures } = JSON.parse(result.stdout) as { failures: { source: string }[] };
      assert.ok(failures.length > 0 && failures.every(({ source }) => source.startsWith("github:")));
      // The next sync, with the right token, is well again.
      assert.equal((await home.pan("sync")).code, 0);
      fails(await home.pan("sync", "linar"), 3, /Did you mean “linear”\?/);
    });

    test("the doctor finds nothing wrong, then names what is", limit, async () => {
      const well = await home.pan("doctor");
      assert.equal(well.code, 0, well.stdout);
      for (const area of ["Node", "git", "Disk", "Mirror", "GitHub", "Linear"]) {
        assert.match(well.stdout, new RegExp(`^ok +${area}: `, "m"));
      }
      chmodSync(home.paths.envFile, 0o644);
      const projects = readFileSync(home.paths.projectsFile, "utf8");
      home.write("projects", projects.replace("history: all", "histroy: all"));
      hub().emulator.faults.add({ kind: "clock-skew", value: 86_400_000, times: 20 });
      try {
        const env = { LINEAR_API_KEY: "lin_api_wrong" };
        const { code, stdout } = await home.start(["doctor", "--json"], { env }).finished;
        assert.equal(code, 1);
        const { findings } = JSON.parse(stdout) as {
          findings: { level: string; message: string; fix: string | null }[];
        };
        const found = (pattern: RegExp) => findings.find(({ message }) => pattern.test(message));
        assert.match(found(/others on this machine can read/)?.fix ?? "", /chmod 600/);
        assert.ok(found(/projects\.yaml:3:5: unknown key "histroy"; did you mean "history"\?/));
        assert.ok(found(/clock is 1 day behind GitHub's/), stdout);
        assert.equal(findings.filter(({ level }) => level === "error").length, 2, stdout);
      } finally {
        hub().emulator.faults.clear();
        chmodSync(home.paths.envFile, 0o600);
        home.write("projects", projects);
      }
    });
  });

  describe("server up", { concurrency: false }, () => {
    test("up, the same answers, live changes, projects, down", limit, async () => {
      const down = parse<IssueListShape>(await home.pan("issues", "--json", "--limit", "100", "--sort", "-created"));
      const server = home.start(["up", "--port", "0", "--no-open"]);
      const [, url = ""] = await server.until(/Panopticon runs at (\S+)/);
      await server.until(/Open http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/);
      assert.equal(statSync(home.paths.serverFile).mode & 0o777, 0o600);
      const file = JSON.parse(readFileSync(home.paths.serverFile, "utf8")) as Record<string, unknown>;
      assert.deepEqual([file["pid"], file["url"]], [server.process.pid, url]);

      const listed = await home.pan("issues", "--json", "--limit", "100", "--sort", "-created");
      assert.deepEqual(parse(listed), down);
      assert.equal(listed.stderr, "");
      fails(await home.pan("issues", "--status", "plannig"), 2, /Did you mean “planning”\?/);
      fails(await home.pan("show", `${hub().word}#99999`), 3, /There is no issue/);

      const created = hub().world.create(hub().key, { title: "Seen through the server" });
      total++;
      hub().world.comment(created.nativeId, "First!");
      assert.match((await home.pan("sync", "github")).stdout, /^1 issue changed/);
      const shown = parse<IssueDetailShape>(await home.pan("show", `${hub().word}${created.key}`, "--json"));
      assert.deepEqual(
        shown.comments.map(({ body }) => body),
        ["First!"],
      );
      const status = parse<{ server: { pid: number } | null; mirrored: number }>(await home.pan("status", "--json"));
      assert.deepEqual([status.server?.pid, status.mirrored], [server.process.pid, total]);

      const again = await home.pan("up", "--no-open");
      assert.equal(again.code, 0);
      assert.match(again.stdout, /runs already/);
      fails(await home.pan("up", "--port", "4999", "--no-open"), 1, /runs already.*\n.*pan down/);

      const removed = await home.pan("project", "remove", "two");
      assert.equal(removed.code, 0, removed.stderr);
      const { projects } = parse<{ projects: { id: string }[] }>(await home.pan("project", "list", "--json"));
      assert.deepEqual(
        projects.map(({ id }) => id),
        ["one"],
      );
      const source = hub().emulator.sources[1]?.key ?? "";
      fails(await home.pan("project", "add", "--id", "one", "--github-repo", source), 5, /already/);
      const added = await home.pan("project", "add", "--id", "two", "--github-repo", source, "--history", "all");
      assert.equal(added.code, 0, added.stderr);
      fails(await home.pan("project", "remove", "tow"), 3, /Did you mean “two”\?/);

      assert.equal((await home.pan("down")).stdout, `The server at ${url} has stopped.\n`);
      assert.equal((await server.finished).code, 0);
      assert.equal(existsSync(home.paths.serverFile), false);
    });

    test("in the background, with a log; down stops it", limit, async () => {
      const started = await home.pan("up", "--detach", "--port", "0", "--no-open");
      assert.equal(started.code, 0, started.stderr);
      const [, pid] = /in the background \(process (\d+)\)/.exec(started.stdout) ?? [];
      assert.ok(pid);
      assert.ok(existsSync(join(home.paths.home, "server.log")));
      assert.equal((await home.pan("issues", "--json")).stderr, "");
      assert.match((await home.pan("down")).stdout, /has stopped/);
      assert.equal(isAlive(Number(pid)), false);
    });

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      test(`${signal} stops it cleanly`, limit, async () => {
        const server = home.start(["up", "--port", "0", "--no-open"]);
        await server.until(/Open http/);
        server.process.kill(signal);
        const { code, stderr } = await server.finished;
        assert.equal(code, 0, stderr);
        assert.equal(existsSync(home.paths.serverFile), false);
      });
    }

    test("a killed server leaves nothing that is in the way", limit, async () => {
      const server = home.start(["up", "--port", "0", "--no-open"]);
      await server.until(/Open http/);
      server.process.kill("SIGKILL");
      await server.finished;
      assert.equal(existsSync(home.paths.serverFile), true);
      assert.match((await home.pan("issues", "--json")).stderr, /From the mirror/);
      assert.match((await home.pan("down")).stdout, /No server is running/);
      const next = home.start(["up", "--port", "0", "--no-open"]);
      await next.until(/Open http/);
      await home.pan("down");
      await next.finished;
    });

    test("a server that was stopped in its tracks is passed by until it goes on", limit, async () => {
      const server = home.start(["up", "--port", "0", "--no-open"]);
      await server.until(/Open http/);
      server.process.kill("SIGSTOP");
      assert.match((await home.pan("issues", "--json")).stderr, /From the mirror/);
      server.process.kill("SIGCONT");
      assert.equal((await home.pan("issues", "--json")).stderr, "");
      await home.pan("down");
      assert.equal((await server.finished).code, 0);
    });

    test("a port in use is named, and by whom when it is a Panopticon", limit, async () => {
      const other = createServer((_, response) => response.end("something else"));
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const port = String((other.address() as AddressInfo).port);
      fails(
        await home.pan("up", "--port", port, "--no-open"),
        1,
        new RegExp(`Port ${port} is in use by another program`),
      );
      other.close();

      const first = home.start(["up", "--port", "0", "--no-open"]);
      const [, url = ""] = await first.until(/Panopticon runs at (\S+)/);
      await using second = makePanHome();
      const used = new URL(url).port;
      fails(
        await second.pan("up", "--port", used, "--no-open"),
        1,
        new RegExp(`Port ${used} is in use by another Panopticon`),
      );
      const refused = await second.pan("up", "--port", used, "--no-open", "--detach");
      fails(refused, 1, /in use by another Panopticon/);
      await home.pan("down");
      await first.finished;
    });
  });

  test("a checkout is put on the board by its remote", limit, async () => {
    await using own = makePanHome();
    own.write("env", readFileSync(home.paths.envFile, "utf8"));
    const folder = join(own.folder, "code");
    mkdirSync(folder);
    const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
    git("init", "-q");
    fails(await own.start(["project", "add"], { cwd: folder }).finished, 3, /has no remote.*\n.*--github-repo/);
    git("remote", "add", "origin", `git@127.0.0.1:${hub().key}.git`);
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
      `# mine\nprojects:\n  the-portal:\n    name: The Portal\n    path: ${folder}\n    github_repo: ${hub().key}\n`,
    );
    fails(await own.start(["project", "add"], { cwd: own.folder }).finished, 3, /is not a git checkout/);
  });

  test("a broken configuration is said, and what is right in it is used", limit, async () => {
    await using own = makePanHome();
    own.write("env", readFileSync(home.paths.envFile, "utf8"));
    own.write("projects", `projects:\n  app:\n    github_repo: ${hub().key}\n    history: 3 weeks\n`);
    const server = own.start(["up", "--port", "0", "--no-open"]);
    await server.until(/projects\.yaml:4:14: "history" must be like "90d"/);
    await server.until(/Open http/);
    await own.pan("sync");
    assert.ok(parse<IssueListShape>(await own.pan("issues", "--json")).total > 0);
    await own.pan("down");
    await server.finished;
  });

  test("a filter that finds nothing says which of its words no issue has, with the nearest", limit, async () => {
    const types = await home.here(["issues", "--type", "Stroy", "--tracker", "jira"]);
    assert.equal(types.code, 0);
    assert.match(types.stderr, /No issue fits\.\nNo issue has the type “Stroy”\. Did you mean “Story”\?\n/);
    const label = await home.here(["export", "--label", "no such label at all"]);
    assert.match(label.stderr, /No issue has the label “no such label at all”\.\n/);
    const fitting = await home.here(["issues", "--q", "thereisnosuchword", "--assignee", "none"]);
    assert.doesNotMatch(fitting.stderr, /No issue has/);
  });

  test("a reader that closes its end is no failure", limit, async () => {
    const script = join(import.meta.dirname, "main.ts");
    const command = `'${process.execPath}' '${script}' issues --limit 100 | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const env = { PATH: process.env["PATH"] ?? "", PANOPTICON_HOME: home.folder };
    const output = execFileSync("bash", ["-c", command], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    assert.match(output, /\n0\n$/);
  });
});

test("the demo starts with a board of its own, apart from the user's keys", limit, async () => {
  await using home = makePanHome();
  writeFileSync(home.paths.envFile, "GITHUB_TOKEN=mine\n", { mode: 0o600 });
  const demo = home.start(["demo", "--port", "0", "--no-open", "--issues", "20"], {
    env: { GITHUB_TOKEN: "mine-too" },
  });
  const [, url = ""] = await demo.until(/Panopticon runs at (\S+)/);
  const folder = join(home.paths.home, "demo");
  const { token } = JSON.parse(readFileSync(join(folder, "server.json"), "utf8")) as { token: string };
  const get = async <T>(path: string) =>
    (await (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).json()) as T;
  for (const tracker of emulatedTrackers) {
    const response = await fetch(`${url}/api/trackers/${tracker}/sync`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200);
  }
  assert.equal((await get<IssueListShape>("/api/issues")).total, 20 * emulatedTrackers.length);
  assert.ok(!readFileSync(join(folder, ".panopticon.env"), "utf8").includes("mine"));
  assert.equal(existsSync(home.paths.serverFile), false);

  // Its agent needs no model, and its code hosts take what that agent commits.
  const send = async <T>(path: string, body: object): Promise<T> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    assert.ok(response.ok, await response.clone().text());
    return (await response.json()) as T;
  };
  const { issues } = await get<IssueListShape>("/api/issues?tracker=rally&status=backlog&limit=1");
  const { id, workspace } = await send<AgentShape>("/api/agents", { ref: issues[0]?.ref });
  const until = (state: string) =>
    eventually(
      async () => {
        const agent = await get<AgentShape>(`/api/agents/${id}`);
        return agent.state === state ? agent : undefined;
      },
      `the demo's agent is ${state}`,
      { describe: () => get(`/api/agents/${id}/screen`) },
    );
  await until("waiting");
  await send(`/api/agents/${id}/message`, { text: "y" });
  await until("finished");
  const request = await send<RequestShape>(`/api/workspaces/${workspace}/request`, {});
  assert.equal(request.state, "open");
  assert.equal((await get<IssueDetailShape>(`/api/issues/${issues[0]?.ref}`)).status, "in_review");
  await send(`/api/agents/${id}/stop`, {});

  assert.match((await home.pan("demo", "--no-open")).stdout, /runs already/);
  demo.process.kill("SIGTERM");
  assert.equal((await demo.finished).code, 0);
  assert.equal(existsSync(join(folder, "server.json")), false);
});
