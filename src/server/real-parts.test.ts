import assert from "node:assert/strict";
import { test } from "node:test";
import { readEvents } from "../../test/support/event-reader.ts";
import { after, before } from "../../test/support/hooks.ts";
import { BoardShape, CommentsShape, IssueDetailShape, IssueListShape } from "./contract/issue.ts";
import { SourcesShape, SyncResultShape, TrackersShape } from "./contract/tracker.ts";
import type { ServerEvents } from "./contract/event.ts";
import { type RealServer, startRealServer } from "../../test/support/real-server.ts";

// The server with all of its real parts: registry, HTTP client, sync engine, store, and running trackers.

let stage: RealServer;
before(async () => {
  stage = await startRealServer();
});
after(() => stage.close());

test("fills the board with every issue of every tracker on sync", async () => {
  const before = BoardShape.parse((await stage.ask("/api/board")).json());
  assert.equal(before.total, 0);
  assert.ok(before.notMirrored.length >= stage.emulators.length);
  for (const { tracker } of stage.emulators) {
    const result = SyncResultShape.parse((await stage.sync(tracker)).json());
    assert.deepEqual(result.failures, []);
    assert.ok(result.changed > 0);
  }
  const board = BoardShape.parse((await stage.ask("/api/board")).json());
  const there = stage.emulators.flatMap((emulator) => emulator.world.issues());
  assert.equal(board.mirrored, there.length);
  assert.equal(board.total, there.length);
  const { trackers: shown } = TrackersShape.parse((await stage.ask("/api/trackers")).json());
  for (const { tracker } of stage.emulators) {
    const entry = shown.find((candidate) => candidate.id === tracker);
    assert.equal(entry?.health, "ok");
    assert.ok((entry.account?.login ?? "") !== "");
  }
});

test("passes a change in a tracker on to the listeners and the board", async () => {
  const [emulator] = stage.emulators;
  assert.ok(emulator);
  const [issue] = emulator.world.issues();
  assert.ok(issue);
  const events = await readEvents(stage.port, "/api/events", { authorization: `Bearer ${stage.token}` });
  try {
    await events.next();
    emulator.world.edit(issue.nativeId, { title: "A zebra crossed the road" });
    await stage.sync(emulator.tracker);
    const change = (await events.nextOf("change")).data as ServerEvents["change"];
    const found = IssueListShape.parse((await stage.ask("/api/issues?q=zebra")).json());
    assert.equal(found.total, 1);
    // Earlier changes may be combined with it.
    assert.ok(change.refs.includes(found.issues[0]?.ref ?? "-"));
  } finally {
    events.close();
  }
});

test("returns comments from the tracker, and those fetched before if it does not respond", async () => {
  for (const emulator of stage.emulators) {
    const list = IssueListShape.parse((await stage.ask(`/api/issues?tracker=${emulator.tracker}&limit=1`)).json());
    const [issue] = list.issues;
    assert.ok(issue);
    emulator.world.comment(issue.nativeId, "It happened **again**.");
    const path = `/api/issues/${encodeURIComponent(issue.ref)}/comments`;
    const fetched = CommentsShape.parse((await stage.ask(path)).json());
    assert.equal(fetched.problem, null);
    assert.ok(fetched.comments.some((comment) => comment.body === "It happened **again**."));
    emulator.faults.add({ kind: "revoked" });
    const stored = CommentsShape.parse((await stage.ask(path)).json());
    assert.deepEqual(stored.comments, fetched.comments);
    assert.equal(stored.problem?.code, "auth");
    emulator.faults.clear();
  }
});

test("finds an issue by its tracker's URL", async () => {
  for (const { tracker } of stage.emulators) {
    const { issues } = IssueListShape.parse((await stage.ask(`/api/issues?tracker=${tracker}&limit=3`)).json());
    assert.equal(issues.length, 3);
    for (const { ref, url } of issues) {
      const found = await stage.ask(`/api/issues/${encodeURIComponent(url ?? "")}`);
      assert.equal(found.status, 200, found.text);
      assert.equal(IssueDetailShape.parse(found.json()).ref, ref);
    }
  }
});

test("lists the sources that the credentials can see", async () => {
  for (const emulator of stage.emulators) {
    const { sources } = SourcesShape.parse((await stage.ask(`/api/sources?tracker=${emulator.tracker}`)).json());
    for (const { key } of emulator.sources) {
      assert.equal(sources.find((source) => source.key === key)?.project, "demo");
    }
  }
});

test("names the issue's source as users do in a refusal, never by a bare number", async () => {
  for (const emulator of stage.emulators) {
    await stage.sync(emulator.tracker);
    const { sources } = SourcesShape.parse((await stage.ask(`/api/sources?tracker=${emulator.tracker}`)).json());
    const { issues } = (await stage.ask(`/api/issues?tracker=${emulator.tracker}&limit=1`)).json() as {
      issues: { address: string }[];
    };
    const answer = await stage.ask(`/api/issues/${encodeURIComponent(issues[0]?.address ?? "")}`, {
      method: "PATCH",
      body: { status: "zzzzzz" },
    });
    const { detail } = answer.json() as { detail: string };
    assert.doesNotMatch(detail, / in [^\p{L}]+$/u);
    assert.ok(
      sources.some(({ key, name }) => detail.includes(` in ${key}.`) || detail.includes(` in ${name}.`)),
      detail,
    );
  }
});

test("lists the attachments of an issue once it was read", async () => {
  for (const emulator of stage.emulators) {
    const [, issue] = emulator.world.issues();
    assert.ok(issue && emulator.world.attach);
    emulator.world.attach(issue.nativeId, {
      name: "Plan.pdf",
      contentType: "application/pdf",
      content: Buffer.from("x"),
    });
    const path = `/api/issues/${encodeURIComponent(await refOf(issue.nativeId))}`;
    assert.equal((await stage.ask(`${path}/comments`)).status, 200);
    const detail = IssueDetailShape.parse((await stage.ask(path)).json());
    assert.ok(detail.attachments.some(({ name }) => name === "Plan.pdf"));
  }
});

async function refOf(nativeId: string): Promise<string> {
  const { issues } = IssueListShape.parse((await stage.ask("/api/issues?limit=1000")).json());
  const issue = issues.find((one) => one.nativeId === nativeId);
  assert.ok(issue);
  return issue.ref;
}
