import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fails, parse } from "../../../test/support/assert-finished.ts";
import { type ChangingHome, openChangingHome } from "../../../test/support/changing-home.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { sourceOf, startPan } from "../../../test/support/stage.ts";
import type { OutboxShape, SourceFormShape } from "../../server/contract/change.ts";
import type { CommentShape, IssueDetailShape } from "../../server/contract/issue.ts";

const limit = { timeout: 100_000 };

let home: ChangingHome;
before(async () => {
  home = await openChangingHome();
}, limit);
after(() => home[Symbol.asyncDispose]());

describe("through a server", { concurrency: false }, () => {
  let server: Awaited<ReturnType<typeof startPan>>;
  before(async () => {
    server = await startPan(home);
  }, limit);
  after(() => server.stop());

  test("edit changes what the flags say", limit, async () => {
    const { ref, nativeId } = home.hub(0);
    const args = ["--title", "By hand", "--label", "bug", "--assign", "me", "--json"];
    const issue = parse<IssueDetailShape>(await home.pan("edit", ref, ...args));
    assert.deepEqual([issue.title, issue.sync.state], ["By hand", "synced"]);
    assert.ok(issue.labels.some(({ name }) => name === "bug"));
    assert.equal(home.inTracker(nativeId)?.title, "By hand");
    assert.ok(
      issue.history.some(({ actor, field, state }) => actor === "cli" && field === "title" && state === "written"),
    );
  });

  test("move accepts a status of several words", limit, async () => {
    const { ref, nativeId } = home.hub(1);
    const moved = await home.pan("move", ref, "in", "review");
    assert.equal(moved.code, 0, moved.stderr);
    assert.match(moved.stdout, new RegExp(`^${RegExp.escape(ref)} {2}In Review {2}`));
    assert.ok((await home.show(ref)).labels.some(({ name }) => name.toLowerCase() === "in review"));
    assert.equal(
      parse<IssueDetailShape>(await home.pan("move", ref, "done", "--json")).nativeState.name,
      "Closed as completed",
    );
    assert.notEqual(home.inTracker(nativeId), undefined);
  });

  test("edit accepts a native state by name", limit, async () => {
    const { ref } = home.hub(13);
    fails(await home.pan("edit", ref, "--state", "Closed as complete"), 2, /Closed as completed/);
    fails(await home.pan("edit", ref, "--state", "Open", "--status", "done"), 2, /two different moves/);
    const state = ["--state", "closed as not planned", "--json"];
    const issue = parse<IssueDetailShape>(await home.pan("edit", ref, ...state));
    assert.deepEqual([issue.nativeState.name, issue.status], ["Closed as not planned", "canceled"]);
  });

  test("undo reverts the commands' changes one by one", limit, async () => {
    const { ref, nativeId, title } = home.hub(2);
    assert.equal((await home.pan("edit", ref, "--title", "Once")).code, 0);
    assert.equal((await home.pan("edit", ref, "--title", "Twice")).code, 0);
    assert.equal((await home.here(["undo"])).stdout, `Restored the title of ${ref}.\n`);
    assert.equal(home.inTracker(nativeId)?.title, "Once");
    assert.equal((await home.here(["undo"])).code, 0);
    assert.equal(home.inTracker(nativeId)?.title, title);
  });

  test("create makes an issue and prints its ref", limit, async () => {
    const made = await home.pan(
      "create",
      "Made",
      "here",
      "--source",
      sourceOf(home.github),
      "--label",
      "bug",
      "--json",
    );
    const issue = parse<IssueDetailShape>(made);
    assert.match(issue.ref, new RegExp(`^${RegExp.escape(home.word)}#\\d+$`));
    assert.deepEqual([home.inTracker(issue.nativeId)?.title, issue.labels[0]?.name], ["Made here", "bug"]);
    const plain = await home.pan("create", "Another", "--source", sourceOf(home.linear));
    assert.match(plain.stdout, /^[A-Z]+-\d+ {2}Another\nhttp/);
  });

  test("none clears a field", limit, async () => {
    const ref = home.team(3);
    const edit = async (...flags: string[]) =>
      parse<IssueDetailShape>(await home.here(["edit", ref, ...flags, "--json"]));
    const set = await edit("--estimate", "3", "--due", "2026-12-24", "--parent", home.team(2));
    assert.deepEqual([set.estimate, set.dueDate, set.parent?.ref], [3, "2026-12-24", home.team(2)]);
    const none = await edit("--estimate", "none", "--due", "None", "--parent", "none", "--cycle", "none");
    assert.deepEqual([none.estimate, none.dueDate, none.parent, none.cycle], [null, null, null, null]);
  });

  test("comment takes its text from arguments or a file", limit, async () => {
    const { ref } = home.hub(3);
    const comment = parse<CommentShape>(await home.pan("comment", ref, "Well", "done", "--json"));
    assert.equal(comment.body, "Well done");
    const file = join(home.folder, "said.md");
    writeFileSync(file, "From a file");
    assert.equal((await home.pan("comment", ref, "--body-file", file)).stdout, `Commented on ${ref}.\n`);
    const { comments } = await home.show(ref);
    assert.deepEqual(
      comments.slice(-2).map(({ body, pending }) => [body.trim(), pending]),
      [
        ["Well done", false],
        ["From a file", false],
      ],
    );
  });

  test("link relates issues of any trackers, and removes the relation", limit, async () => {
    const { ref } = home.hub(4);
    const linked = parse<IssueDetailShape>(await home.pan("link", ref, "blocked-by", home.team(1), "--json"));
    assert.deepEqual(linked.blockedBy, [home.team(1)]);
    const again = await home.here(["link", ref, "blocked_by", home.team(1)]);
    assert.equal(again.stdout, `${ref} is blocked by ${home.team(1)}.\n`, "again is no mistake");
    const ended = await home.here(["link", ref, "blocked_by", home.team(1), "--remove"]);
    assert.deepEqual([ended.code, ended.stdout], [0, `${ref} is no longer blocked by ${home.team(1)}.\n`]);
    assert.deepEqual(
      (await home.show(ref)).relations.filter(({ origin }) => origin === "made"),
      [],
    );
    fails(await home.here(["link", ref, "blokcs", home.team(1)]), 2, /Did you mean “blocks”/);
    fails(await home.here(["link", ref, "blocks", home.team(1), "--remove"]), 3, /no such relation/);
  });

  test("more assignees than GitHub takes are refused at once, in words", limit, async () => {
    const { members } = await server.get<SourceFormShape>(`/api/form?source=github:${sourceOf(home.github)}`);
    const eleven = members.slice(0, 11).flatMap(({ login }) => ["--assign", login]);
    assert.equal(eleven.length, 22);
    const says = /An issue in GitHub can have at most 10 assignees\.\nWith these it would have 11\./;
    const source = ["--source", sourceOf(home.github)];
    fails(await home.pan("create", "For all of us", ...source, ...eleven), 2, says);
    const { ref } = home.hub(14);
    fails(await home.pan("edit", ref, ...eleven), 2, says);
    assert.deepEqual((await server.get<OutboxShape>("/api/outbox")).operations, []);
  });

  test("errors suggest the nearest word", limit, async () => {
    const { ref } = home.hub(6);
    const mistakes = [
      [["edit", ref, "--title", " "], 2, /title is empty/],
      [["create", " "], 2, /title is empty/],
      [["edit", ref, "--due", "2026-11-22"], 1, /have no due date/],
      [
        ["edit", ref, "--due", "2026-02-30"],
        2,
        /The due date “2026-02-30” is not a valid date.\nWrite it as 2026-11-22/,
      ],
      [["edit", ref, "--estimate", "many"], 2, /must be a number/],
      [["edit", ref, "--estimate", ""], 2, /must be a number/],
      [["edit", ref, "--parent", ""], 2, /'--parent <ref>' argument '' is invalid. It must not be empty/],
      [["edit", ref, "--cycle", " "], 2, /It must not be empty/],
      [["comment", ref, ""], 2, /^No comment was added: the text is empty.\n$/],
      [["edit", ref, "--field", "x"], 2, /not NAME=VALUE/],
      [["edit", ref, "--label", ""], 2, /'--label <label>' argument '' is invalid. It must not be empty/],
      [["edit", ref, "--unassign", " "], 2, /must not be empty/],
      [["edit", "nothing#1", "--title", "x"], 3, /There is no issue/],
      [["move", ref, "in-reveiw"], 2, /Did you mean “In Review”/],
      [["create", "x"], 2, /2 sources/],
      [["undo", "99999"], 3, /no entry 99999/],
      [["outbox", "drop", "x"], 2, /whole number/],
      [["outbox", "dorp", "1"], 2, /Did you mean drop/],
    ] as const;
    for (const [args, code, says] of mistakes) {
      const result = await home.pan(...args);
      assert.equal(result.code, code, `${args.join(" ")}: ${result.stderr}`);
      assert.match(result.stderr, says, args.join(" "));
    }
  });

  test(
    "a comment can be edited by the id printed on creation, even after its tracker assigned another",
    limit,
    async () => {
      const { ref } = home.hub(11);
      const { url, token } = JSON.parse(readFileSync(home.paths.serverFile, "utf8")) as { url: string; token: string };
      const made = parse<CommentShape>(await home.pan("comment", ref, "Frist", "--json"));
      assert.match(made.id, /^new:/);
      const written = (await home.show(ref)).comments.at(-1);
      assert.ok(written !== undefined && !written.pending && written.id !== made.id);
      const send = (method: string) =>
        fetch(`${url}/api/issues/${encodeURIComponent(ref)}/comments/${encodeURIComponent(made.id)}`, {
          method,
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: method === "PATCH" ? JSON.stringify({ body: "First" }) : null,
        });
      const edited = await send("PATCH");
      assert.equal(edited.status, 200);
      const changed = (await edited.json()) as CommentShape;
      assert.deepEqual([changed.id, changed.body], [written.id, "First"]);
      assert.equal((await send("DELETE")).status, 204);
    },
  );

  test("commands need no lock while the server has it", limit, async () => {
    assert.ok(existsSync(home.paths.serverFile));
    const { ref } = home.hub(9);
    const both = await Promise.all([home.pan("edit", ref, "--label", "one"), home.pan("edit", ref, "--label", "two")]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
    );
  });
});
