import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { z } from "@hono/zod-openapi";
import { after, before } from "../../test/support/hooks.ts";
import { PanopticonError } from "../domain/error.ts";
import {
  addHistory,
  fillStore,
  inventedComments,
  inventedIssue,
  putIssues,
} from "../../test/support/invented-issues.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import { HistoryShape } from "./contract/history.ts";
import {
  BoardShape,
  CommentsShape,
  FacetsShape,
  IssueDetailShape,
  IssueHistoryShape,
  IssueListShape,
} from "./contract/issue.ts";
import { ProblemShape } from "./contract/problem.ts";

let harness: ServerHarness;
const perSource = 120;
const at = Date.now();

before(async () => {
  harness = await startServerHarness({ prepare: (store) => fillStore(store, perSource, at) });
});
after(() => harness.close());

/** Requests with the token and parses the response with its schema: it must match the contract exactly. */
async function read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  const answer = await harness.ask(path);
  assert.equal(answer.status, 200, answer.text);
  return schema.parse(answer.json());
}

async function refused(path: string, status: number): Promise<ProblemShape> {
  const answer = await harness.ask(path);
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  const problem = ProblemShape.parse(answer.json());
  assert.equal(problem.status, status);
  return problem;
}

const issuePath = (ref: string) => `/api/issues/${encodeURIComponent(ref)}`;

describe("the board", () => {
  test("has six columns with true counts and first cards", async () => {
    const board = await read("/api/board", BoardShape);
    assert.deepEqual(
      board.columns.map((column) => column.status),
      ["backlog", "planning", "in_progress", "in_review", "done", "canceled"],
    );
    assert.equal(board.total, 4 * perSource);
    assert.equal(board.mirrored, 4 * perSource);
    for (const column of board.columns) {
      assert.equal(column.total, (4 * perSource) / 6);
      assert.equal(column.issues.length, 50);
      assert.ok(column.issues.every((issue) => issue.status === column.status));
    }
    assert.equal(board.sequence, await harness.store.changes.sequence());
    assert.deepEqual(board.notMirrored, []);
  });

  test("accepts filters and a limit, and its cursors lead on", async () => {
    const board = await read("/api/board?tracker=beta&limit=3", BoardShape);
    assert.equal(board.total, perSource);
    assert.equal(board.mirrored, 4 * perSource);
    const [backlog] = board.columns;
    assert.ok(backlog);
    const seen = backlog.issues.map((issue) => issue.ref);
    for (let { cursor } = backlog; cursor !== null;) {
      const page = await read(
        `/api/issues?tracker=beta&status=backlog&limit=7&cursor=${encodeURIComponent(cursor)}`,
        IssueListShape,
      );
      assert.equal(page.total, backlog.total);
      seen.push(...page.issues.map((issue) => issue.ref));
      cursor = page.cursor;
    }
    assert.equal(seen.length, backlog.total);
    assert.equal(new Set(seen).size, backlog.total);
  });

  test("answers 304 while nothing changed, and a new board after a change", async () => {
    const first = await harness.ask("/api/board?limit=1");
    const { etag = "" } = first.headers;
    const again = await harness.ask("/api/board?limit=1", { headers: { "if-none-match": etag } });
    assert.equal(again.status, 304);
    assert.equal(again.text, "");
    const other = await harness.ask("/api/board?limit=2", { headers: { "if-none-match": etag } });
    assert.equal(other.status, 200);
    const [source] = await harness.store.sources.list();
    assert.ok(source);
    await putIssues(harness.store, source, [inventedIssue(source, 1, { title: "Something new" })], at + 1);
    const changed = await harness.ask("/api/board?limit=1", { headers: { "if-none-match": etag } });
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers.etag, etag);
  });

  test("reports which requested parts are missing, and why", async () => {
    const [source, other] = await harness.store.sources.list();
    assert.ok(source && other);
    await harness.store.sources.saveSync(source.id, {
      outside: { count: 1234, reason: "Closed more than 90 days ago." },
      error: { code: "auth", message: "The token was refused.", hint: null, at },
    });
    await harness.store.sources.saveSync(other.id, { lastCompleteAt: null });
    const board = await read("/api/board", BoardShape);
    const notes = board.notMirrored.map((note) => `${note.source} | ${note.reason} | ${note.count}`);
    assert.ok(notes.includes(`${source.config.id} | Closed more than 90 days ago. | 1234`), notes.join("\n"));
    assert.ok(notes.includes(`${source.config.id} | The token was refused. | null`));
    assert.ok(notes.includes(`${other.config.id} | The first sync has not finished. | null`));
    await harness.store.sources.saveSync(source.id, { lastCompleteAt: null });
    const never = (await read("/api/board", BoardShape)).notMirrored.filter((note) => note.source === source.config.id);
    assert.ok(
      never.some(({ reason }) => reason === "The first sync has not finished: The token was refused."),
      "one reason, not two",
    );
    await harness.store.sources.saveSync(source.id, { lastCompleteAt: at });
    const elsewhere = await read(`/api/board?project=copy`, BoardShape);
    assert.deepEqual(elsewhere.notMirrored, []);
    const mine = await read(`/api/board?project=copy&assignee=me`, BoardShape);
    assert.match(mine.notMirrored[0]?.reason ?? "", /“me”/);
    await harness.store.sources.saveSync(source.id, { outside: null, error: null });
    await harness.store.sources.saveSync(other.id, { lastCompleteAt: at });
  });

  test("resolves “me”", async () => {
    await harness.store.sources.saveAccount("alpha", { id: "p2", login: "linus", name: "Linus" });
    const board = await read("/api/board?assignee=me&tracker=alpha", BoardShape);
    assert.ok(board.total > 0);
    for (const { issues } of board.columns) {
      assert.ok(issues.every((issue) => issue.assignees.some((person) => person.login === "linus")));
    }
  });
});

describe("lists", () => {
  test("return the true total and sort as requested", async () => {
    const list = await read("/api/issues?sort=-updated&limit=5&label=needs%5C%2C+work", IssueListShape);
    assert.equal(list.issues.length, 5);
    assert.ok(list.total > 5);
    assert.ok(list.issues.every((issue) => issue.labels.some((label) => label.name === "needs, work")));
    const times = list.issues.map((issue) => issue.updatedAt);
    assert.deepEqual(times, times.toSorted());
  });

  test("find words in titles and bodies", async () => {
    const list = await read("/api/issues?q=invoices", IssueListShape);
    assert.ok(list.total > 0);
    assert.ok(list.issues.every((issue) => issue.title.includes("invoices")));
    assert.equal((await read("/api/issues?q=nowhere-to-be-found", IssueListShape)).total, 0);
  });

  test("refuse unknown words, with the nearest known one", async () => {
    const unknown = await refused("/api/issues?status=in_progres", 400);
    assert.equal(unknown.code, "invalid_input");
    assert.deepEqual(unknown.candidates, ["in_progress"]);
    assert.match((await refused("/api/board?statsu=done", 400)).hint ?? "", /status/);
    for (const query of ["limit=0", "limit=1001", "limit=x", "limit=-1", "cursor=made-up"]) {
      assert.equal((await refused(`/api/issues?${query}`, 400)).code, "invalid_input", query);
    }
    assert.match((await refused("/api/issues?limit=-1", 400)).detail, /limit: must be at least 1/);
  });

  test("facets list the available filters", async () => {
    const facets = await read("/api/facets", FacetsShape);
    assert.ok(facets.labels.some((label) => label.name === "bug" && label.issues > 0));
    assert.ok(facets.assignees.some((person) => person.login === "ada"));
    assert.ok(facets.types.some((type) => type.name === "Bug"));
    assert.ok(facets.cycles.some((cycle) => cycle.name === "Sprint 12"));
    for (const { name, issues } of facets.states) {
      const list = await read(`/api/issues?state=${encodeURIComponent(name.toUpperCase())}`, IssueListShape);
      assert.equal(list.total, issues, name);
      assert.ok(list.issues.every((issue) => issue.nativeState.name === name));
    }
  });
});

describe("one issue", () => {
  test("is found by ref, former key and URL", async () => {
    const [first] = (await harness.store.sources.list()).filter((source) => source.config.key === "MIN");
    assert.ok(first);
    await putIssues(harness.store, first, [inventedIssue(first, 7, { formerKeys: ["OLD-3"] })], at + 2);
    for (const ref of ["MIN-7", "min-7", "OLD-3", "https://beta.example/issue/MIN-7/some-title"]) {
      const issue = await read(issuePath(ref), IssueDetailShape);
      assert.equal(issue.ref, "MIN-7", ref);
      assert.match(issue.body, /reproduce/);
    }
    for (const ref of ["app#3", "APP#3", "acme/app#3", "https://alpha.example/acme/app/issues/3"]) {
      assert.equal((await read(issuePath(ref), IssueDetailShape)).ref, "app#3", ref);
    }
  });

  test("that does not exist is not found, with what was searched", async () => {
    const absent = await refused(issuePath("MIN-9999"), 404);
    assert.match(absent.detail, /MIN-9999.*480.*Beta/);
    const unread = await refused(issuePath("what is this?"), 404);
    assert.match(unread.hint ?? "", /Alpha, Beta/);
    await refused("/api/issues/%E0%A4%A", 404);
  });

  test("is never guessed: an ambiguous ref lists the issues' URLs, each of which works", async () => {
    const problem = await refused(issuePath("site#5"), 409);
    assert.equal(problem.code, "conflict");
    assert.deepEqual(problem.candidates?.toSorted(), [
      "https://alpha.example/acme/site/issues/5",
      "https://alpha.example/other/site/issues/5",
    ]);
    for (const candidate of problem.candidates ?? []) {
      assert.equal((await read(issuePath(candidate), IssueDetailShape)).url, candidate);
    }
  });

  test("returns what identifies it: its ref, or source and key if others have that ref", async () => {
    const { issues } = await read("/api/issues?limit=1000", IssueListShape);
    const refs = issues.map(({ ref }) => ref);
    for (const { ref, address, url, source } of issues.filter((_, index) => index % 40 === 0)) {
      const shared = refs.filter((other) => other === ref).length > 1;
      assert.equal(address, shared ? `${source.slice(source.indexOf(":") + 1)}${ref.slice(ref.indexOf("#"))}` : ref);
      assert.equal((await read(issuePath(address), IssueDetailShape)).url, url);
    }
    assert.ok(new Set(refs).size < refs.length, "some refs are shared");
    const child = await read(issuePath("other/site#9"), IssueDetailShape);
    assert.deepEqual([child.parent?.ref, child.parent?.address], ["site#8", "other/site#8"]);
  });

  test("gets its comments from the tracker", async () => {
    harness.sync.answers.refreshIssue = async (id) => {
      const [first = assert.fail(), second = assert.fail(), third = assert.fail()] = inventedComments(3);
      const answers = [first, { ...second, replyTo: first.id }, third];
      await harness.store.comments.replace(id, answers, {}, at);
    };
    const fetched = await read(`${issuePath("MIN-7")}/comments`, CommentsShape);
    assert.equal(fetched.comments.length, 3);
    assert.equal(fetched.comments[0]?.author?.login, "ada");
    assert.deepEqual(
      fetched.comments.map(({ replyTo }) => replyTo),
      [null, fetched.comments[0]?.id, null],
    );
    assert.equal(fetched.fetchedAt, new Date(at).toISOString());
    assert.equal(fetched.problem, null);
    assert.equal((await read(issuePath("MIN-7"), IssueDetailShape)).comments.length, 3);
  });

  test("returns its comments page by page", async () => {
    const path = `${issuePath("MIN-7")}/comments`;
    const first = await read(`${path}?limit=2`, CommentsShape);
    assert.deepEqual([first.comments.length, first.total], [2, 3]);
    // The next page is of the same list: the tracker is not asked again.
    harness.sync.answers.refreshIssue = () => Promise.reject(new Error("It was asked again."));
    const rest = await read(`${path}?limit=2&cursor=${encodeURIComponent(first.cursor ?? "")}`, CommentsShape);
    assert.deepEqual([rest.comments.length, rest.total, rest.cursor, rest.problem], [1, 3, null, null]);
    const whole = await read(`${path}?limit=1000`, CommentsShape);
    assert.deepEqual(
      whole.comments.map(({ id }) => id),
      [...first.comments, ...rest.comments].map(({ id }) => id),
    );
    for (const wrong of ["limit=0", "limit=1001", "cursor=x"]) {
      assert.equal((await harness.ask(`${path}?${wrong}`)).status, 400, wrong);
    }
  });

  test("leaves out the blocks of comments that the caller has, and says which there are", async () => {
    let written = inventedComments(250);
    harness.sync.answers.refreshIssue = async (id) => void (await harness.store.comments.replace(id, written, {}, at));
    const path = issuePath("app#7");
    await read(`${path}/comments`, CommentsShape);
    assert.equal((await read(path, IssueDetailShape)).commentBlocks, undefined);
    const first = await read(`${path}?known=`, IssueDetailShape);
    assert.equal(first.comments.length, 250);
    assert.deepEqual(
      first.commentBlocks?.map(({ count }) => count),
      [100, 100, 50],
    );
    const known = first.commentBlocks?.map(({ version }) => version).join(",");

    for (const call of [path, `${path}/comments`]) {
      const again = await read(
        `${call}?known=${known}${call === path ? "" : "&limit=1000"}`,
        call === path ? IssueDetailShape : CommentsShape,
      );
      assert.deepEqual(again.comments, []);
      assert.deepEqual(again.commentBlocks, first.commentBlocks);
    }
    written = written.map((comment) => (comment.id === "c120" ? { ...comment, body: "Edited" } : comment));
    await read(`${path}/comments`, CommentsShape);
    const changed = await read(`${path}?known=${known}`, IssueDetailShape);
    assert.deepEqual(
      changed.comments.map((comment) => comment.id),
      written.slice(100, 200).map((comment) => comment.id),
    );
    assert.equal((await read(`${path}/comments?known=${known}&limit=1000`, CommentsShape)).total, 250);
    await refused(`${path}?known=%20`, 400);
  });

  test("keeps the comments fetched before if the tracker is not available, and says so", async () => {
    harness.sync.answers.refreshIssue = () =>
      Promise.reject(new PanopticonError("rate_limited", "Beta asks to wait.", { tracker: "beta", retryAt: at }));
    const stored = await read(`${issuePath("MIN-7")}/comments`, CommentsShape);
    assert.equal(stored.comments.length, 3);
    assert.equal(stored.problem?.code, "rate_limited");
    assert.equal(stored.problem?.tracker, "beta");
    assert.equal(stored.problem?.retryAt, new Date(at).toISOString());
  });
});

test("an issue's answer has its newest changes and says how many there are; the older ones are read page by page", async () => {
  const source = (await harness.store.sources.list()).find(({ config }) => config.id === "alpha:acme/app");
  assert.ok(source);
  const few = await read(issuePath("app#30"), IssueDetailShape);
  assert.deepEqual([few.history, few.historyTotal, few.historyCursor], [[], 0, null]);
  await addHistory(harness.store, source, 30, 250);
  const issue = await read(issuePath("app#30"), IssueDetailShape);
  assert.equal(issue.history.length, 100);
  assert.equal(issue.historyTotal, 250);

  const seen = issue.history.map(({ to }) => to);
  for (let cursor = issue.historyCursor; cursor !== null;) {
    const page: IssueHistoryShape = await read(
      `${issuePath("app#30")}/history?limit=75&cursor=${cursor}`,
      IssueHistoryShape,
    );
    assert.equal(page.total, 250);
    seen.push(...page.history.map(({ to }) => to));
    cursor = page.cursor;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 250 }, (_, index) => `Title ${250 - index}`),
  );
  const whole = await read(`${issuePath("app#30")}/history?limit=250`, IssueHistoryShape);
  assert.deepEqual([whole.history.length, whole.cursor], [250, null]);
  await refused(`${issuePath("app#30")}/history?cursor=x`, 400);
  await refused(`${issuePath("app#9999")}/history`, 404);
});

test("lists the history newest first, and page by page", async () => {
  const source = (await harness.store.sources.list()).find(({ config }) => config.id === "alpha:other/site");
  assert.ok(source);
  const numbers = [1, 2, 3, 4, 5];
  await putIssues(
    harness.store,
    source,
    numbers.map((number) => inventedIssue(source, number, { title: `Renamed ${number}` })),
    at + 10,
  );
  // All five happened at the same time.
  const seen: string[] = [];
  const times: string[] = [];
  const totals = new Set<number>();
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: HistoryShape = await read(`/api/history?limit=2${cursor && `&cursor=${cursor}`}`, HistoryShape);
    assert.ok(page.history.length <= 2);
    totals.add(page.total);
    for (const entry of page.history) {
      times.push(entry.at);
      if (entry.title.startsWith("Renamed")) seen.push(`${entry.ref} ${entry.field} ${entry.to}`);
    }
    cursor = page.cursor;
  }
  assert.deepEqual(
    seen.toSorted(),
    numbers.map((number) => `site#${number} title Renamed ${number}`),
  );
  assert.deepEqual(times, times.toSorted().toReversed());
  assert.deepEqual([...totals], [times.length]);
  assert.equal((await read("/api/history?limit=1&by=you", HistoryShape)).total, 0);
  await refused("/api/history?cursor=x", 400);
  await refused("/api/history?countSince=yesterday", 400);

  const since = new Date(at + 10).toISOString();
  const { history, counts }: HistoryShape = await read(`/api/history?limit=1&countSince=${since}`, HistoryShape);
  assert.equal(history.length, 1);
  const entries = times.filter((time) => time >= since).length;
  assert.ok(entries >= numbers.length);
  assert.deepEqual(counts, [{ actor: "tracker", tracker: "alpha", state: "written", entries }]);

  const listed = async (query: string) => (await read(`/api/history?limit=1000&${query}`, HistoryShape)).history.length;
  assert.equal(await listed("by=tracker&tracker=alpha"), times.length);
  assert.equal(await listed("by=you"), 0);
  assert.equal(await listed("settled=true"), 0, "what was changed in a tracker did not have to be written");
  assert.equal(await listed("settled=false"), times.length);
  assert.equal(await listed("tracker=beta"), 0);
  await refused("/api/history?by=somebody", 400);
  await refused("/api/history?settled=perhaps", 400);
  assert.match((await refused("/api/history?tracker=alpa", 400)).hint ?? "", /alpha/);
});
