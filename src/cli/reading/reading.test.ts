import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { emulatedTrackers } from "../../../emulators/start.ts";
import { parse, fails } from "../../../test/support/assert-finished.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { makeSyncedHome, type SyncedHome } from "../../../test/support/synced-home.ts";
import type { IssueDetailShape, IssueListShape } from "../../server/contract/issue.ts";

const limit = { timeout: 60_000 };

describe("with emulated trackers", { concurrency: false }, () => {
  let home: SyncedHome;
  before(async () => {
    home = await makeSyncedHome(40);
  }, limit);
  after(() => home[Symbol.asyncDispose]());

  describe("server down", () => {
    test("lists the mirror with its count and its age", limit, async () => {
      const listed = await home.pan("issues", "--json", "--limit", "30");
      const list = parse<IssueListShape>(listed);
      assert.equal(list.issues.length, 30);
      assert.equal(list.total, home.total());
      assert.match(
        listed.stderr,
        /^From the mirror, last synced .*; keep it fresh with pan up, or add --sync to sync first\.$/m,
      );
      assert.match(
        (await home.here(["issues", "--sync", "--limit", "1"])).stderr,
        /^From the mirror, last synced .*; keep it fresh with pan up\.$/m,
      );
      for (const command of [["outbox"], ["states", "one"], ["status"]]) {
        assert.match((await home.here(command)).stderr, /; keep it fresh with pan up, or sync once with pan sync\.$/m);
      }
      const next = parse<IssueListShape>(
        await home.pan("issues", "--json", "--limit", "30", "--cursor", list.cursor ?? ""),
      );
      const refs = new Set([...list.issues, ...next.issues].map(({ ref }) => ref));
      assert.equal(refs.size, Math.min(60, home.total()));
    });

    test(
      "a pipe gets one complete, tab-separated line per issue; standard error says how many there are",
      limit,
      async () => {
        const { code, stdout, stderr } = await home.pan("issues", "--limit", "5", "--sort", "-updated");
        assert.equal(code, 0);
        const lines = stdout.trimEnd().split("\n");
        assert.equal(lines.length, 5);
        for (const line of lines) assert.equal(line.split("\t").length, 7);
        assert.ok(!stdout.includes("\u001b"));
        assert.match(stderr, new RegExp(`5 issues of ${home.total()}; next page: --cursor`));
      },
    );

    test("filters combine, repeat and take commas", limit, async () => {
      const count = async (...args: string[]) =>
        parse<IssueListShape>(await home.here(["issues", "--json", ...args])).total;
      const github = await count("--tracker", "github");
      assert.equal(github, home.hub.world.issues().length);
      const every = emulatedTrackers.flatMap((tracker) => ["--tracker", tracker]);
      assert.equal(await count(...every), home.total());
      assert.equal(await count("--tracker", emulatedTrackers.join(",")), home.total());
      assert.equal(await count("--tracker", "github", "--project", "one"), home.hub.world.issues(home.hub.key).length);
      const [done, canceled] = [await count("--status", "done"), await count("--status", "canceled")];
      assert.equal(await count("--status", "done,canceled"), done + canceled);
      assert.equal(await count("--updated", ">2999-01-01"), 0);
    });

    test("positional words are a full-text search", limit, async () => {
      const { issues } = parse<IssueListShape>(
        await home.here(["issues", "--json", "--limit", "1", "--tracker", "github"]),
      );
      const [issue] = issues;
      assert.ok(issue);
      const found = parse<IssueListShape>(await home.here(["issues", "--json", ...issue.title.split(" ").slice(0, 3)]));
      assert.ok(found.issues.some(({ ref }) => ref === issue.ref));
    });

    test("shows an issue by ref, by URL, and by #N in a checkout of its project", limit, async () => {
      const [issue] = home.hub.world.issues(home.hub.key);
      assert.ok(issue);
      const ref = `${home.hub.word}${issue.key}`;
      const shown = parse<IssueDetailShape>(await home.pan("show", ref, "--json"));
      assert.equal(shown.title, issue.title);
      assert.equal(shown.body.trim(), issue.body.trim());
      assert.equal(parse<IssueDetailShape>(await home.pan("show", shown.url ?? "", "--json")).ref, shown.ref);
      assert.equal(
        parse<IssueDetailShape>(await home.pan("show", `${home.hub.key}${issue.key}`, "--json")).ref,
        shown.ref,
      );
      const text = await home.pan("show", ref);
      assert.ok(text.stdout.startsWith(`${shown.ref}  ${issue.title}\n`), text.stdout);
      assert.match(text.stdout, new RegExp(`^Address +${RegExp.escape(shown.url ?? "")}$`, "m"));

      const projects = readFileSync(home.paths.projectsFile, "utf8");
      home.write("projects", projects.replace("  one:\n", `  one:\n    path: ${home.folder}\n`));
      try {
        assert.equal(parse<IssueDetailShape>(await home.pan("show", issue.key, "--json")).ref, shown.ref);
      } finally {
        home.write("projects", projects);
      }
    });

    test("an unknown ref says what was searched, an ambiguous one lists the candidates", limit, async () => {
      fails(
        await home.here(["show", `${home.hub.word}#99999`]),
        3,
        new RegExp(`There is no issue .*#99999.* among the ${home.total()}`),
      );
      fails(await home.here(["show", "???"]), 3, /not a ref or address/);
      const numbers = home.hub.emulator.sources.map(({ key }) =>
        home.hub.world.issues(key).map(({ key: number }) => number),
      );
      const shared = numbers[0]?.find((number) => numbers[1]?.includes(number));
      assert.ok(shared, "the seed gives both repositories an issue of the same number");
      const { code, stderr } = await home.here(["show", shared]);
      assert.equal(code, 5, stderr);
      const fitting = Object.values(home.emulators).flatMap(({ world }) =>
        world.issues().filter(({ key }) => key === shared),
      );
      assert.equal(stderr.match(/^ {2}http:\/\/.*$/gm)?.length, fitting.length, stderr);
    });

    test("--sync syncs with the trackers first", limit, async () => {
      const created = home.hub.world.create(home.hub.key, { title: "Made just now, elsewhere" });
      assert.equal(parse<IssueListShape>(await home.pan("issues", "--json", "Made just now")).total, 0);
      const { issues } = parse<IssueListShape>(await home.pan("issues", "--json", "--sync", "Made just now"));
      assert.deepEqual(
        issues.map(({ ref }) => ref),
        [`${home.hub.word}${created.key}`],
      );
    });

    test("tracker texts cannot control the terminal", limit, async () => {
      home.hub.world.create(home.hub.key, {
        title: "Zanzibar \u001b]0;owned\u0007\u001b[31mred",
        body: "one\u001b[2Jtwo",
      });
      const listed = await home.pan("issues", "--sync", "Zanzibar");
      assert.match(listed.stdout, /\tZanzibar red\t/);
      const ref = listed.stdout.split("\t")[0] ?? "";
      const shown = await home.pan("show", ref);
      assert.ok(!shown.stdout.includes("\u001b") && shown.stdout.includes("onetwo"), shown.stdout);
      const json = await home.pan("show", ref, "--json");
      assert.ok(!json.stdout.includes("\u001b"));
      assert.ok((JSON.parse(json.stdout) as IssueDetailShape).body.includes("\u001b[2J"));
    });
  });

  test("warns that a text without a letter, digit or emoji filters nothing", limit, async () => {
    const all = await home.pan("issues", "--json", "--limit", "1");
    for (const text of ["→", "***"]) {
      const { stdout, stderr } = await home.pan("issues", text, "--json", "--limit", "1");
      assert.equal((JSON.parse(stdout) as IssueListShape).total, (JSON.parse(all.stdout) as IssueListShape).total);
      assert.ok(
        stderr.includes(`“${text}” has no letter, digit or emoji to search for, so it filters nothing.\n`),
        stderr,
      );
    }
    for (const text of ["é", "🚢"]) {
      assert.doesNotMatch((await home.pan("issues", text, "--limit", "1")).stderr, /to look for/);
    }
  });

  test("a filter that finds nothing says which of its words no issue has, with the nearest", limit, async () => {
    const types = await home.here(["issues", "--type", "Stroy", "--tracker", "jira"]);
    assert.equal(types.code, 0);
    assert.match(types.stderr, /No matching issues\.\nNo issues have the type “Stroy”\. Did you mean “Story”\?\n/);
    const label = await home.here(["export", "--label", "no such label at all"]);
    assert.match(label.stderr, /No issues have the label “no such label at all”\.\n/);
    const fitting = await home.here(["issues", "--q", "thereisnosuchword", "--assignee", "none"]);
    assert.doesNotMatch(fitting.stderr, /No issue has/);
  });

  test("a closed pipe is not a failure", limit, async () => {
    const script = join(import.meta.dirname, "..", "main.ts");
    const command = `'${process.execPath}' '${script}' issues --limit 100 | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const env = { PATH: process.env["PATH"] ?? "", PANOPTICON_HOME: home.folder };
    const output = execFileSync("bash", ["-c", command], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    assert.match(output, /\n0\n$/);
  });
});
