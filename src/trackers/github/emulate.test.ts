import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createEmulator, type Emulator } from "emulate";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { systemClock } from "../../domain/clock.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { createMirror } from "../conformance/mirror.ts";
import { sentMark } from "../conformance/operation-mark.ts";
import { readIssue } from "../conformance/read-issue.ts";
import { createHttpClient } from "../http/create-http-client.ts";
import type { NativeEdit, TrackerConnection } from "../tracker.ts";
import { github } from "./index.ts";

// An independent emulator, so that the adapter and our own emulator cannot share a mistake. It lacks ETags, exhaustible budgets, redirects of moved issues,
// issue dependencies, sub-issues and the list of assignees, so these are not tested here. Its list omits pull requests.

const token = "independent_token";
const source = { key: "octocat/hello-world", historyMs: null, nativeId: null };

describe("with the emulator of the package `emulate`", () => {
  let emulator: Emulator;
  let connection: TrackerConnection;

  async function send(method: string, path: string, body: object): Promise<Record<string, unknown>> {
    const response = await fetch(emulator.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.ok(response.ok, `${method} ${path}: ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  }

  before(async () => {
    emulator = await createEmulator({
      service: "github",
      port: 0,
      seed: {
        tokens: { [token]: { login: "octocat", scopes: ["repo", "user"] } },
        github: {
          users: [{ login: "octocat", name: "The Octocat", email: "octocat@github.com" }],
          repos: [{ owner: "octocat", name: "hello-world", auto_init: true }],
        },
      },
    });
    const { client } = createHttpClient({
      policy: github.http,
      values: { token, server: emulator.url },
      clock: systemClock,
      userAgent: "Panopticon/test",
    });
    connection = github.connect(client);
    await send("POST", "/repos/octocat/hello-world/labels", { name: "in review", color: "ff0000" });
    await send("POST", "/repos/octocat/hello-world/milestones", { title: "1.0", due_on: "2026-12-01T00:00:00Z" });
    for (let index = 1; index <= 230; index++) {
      await send("POST", "/repos/octocat/hello-world/issues", {
        title: `Issue ${index} ü🎉`,
        body: `Body ${index}`,
        ...(index % 10 === 0 ? { labels: ["in review"], assignees: ["octocat"], milestone: 1 } : {}),
      });
    }
    for (let number = 5; number <= 230; number += 5) {
      const state_reason = number % 2 === 0 ? "completed" : "not_planned";
      await send("PATCH", `/repos/octocat/hello-world/issues/${number}`, { state: "closed", state_reason });
    }
    await send("POST", "/repos/octocat/hello-world/issues/7/comments", { body: "Hello 🎉" });
  });
  after(() => emulator.close());

  it("verifies the account", async () => {
    const account = await connection.verify();
    assert.equal(account.login, "octocat");
    assert.equal(account.name, "The Octocat");
  });

  it("finds the repository", async () => {
    const sources = await Array.fromAsync(connection.sources());
    assert.deepEqual(
      sources.map(({ key, readable }) => [key, readable]),
      [["octocat/hello-world", true]],
    );
  });

  it("describes it", async () => {
    const { vocabulary, mapping, warnings } = await connection.describe(source, {});
    assert.ok(vocabulary.labels.some((label) => label.name === "in review" && label.color === "#ff0000"));
    assert.deepEqual(
      vocabulary.cycles.map((cycle) => cycle.name),
      ["1.0"],
    );
    assert.deepEqual(
      warnings?.map((warning) => warning.code),
      ["forbidden"],
      "no list of assignees",
    );
    assert.ok(mapping.statusRules.some((rule) => rule.label === "in review" && rule.status === "in_review"));
  });

  it("mirrors its issues, and then only what changes", async () => {
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 230);
    const byKey = new Map([...mirror.issues.values()].map((issue) => [issue.key, issue]));
    assert.equal(byKey.get("#7")?.title, "Issue 7 ü🎉");
    assert.equal(byKey.get("#7")?.commentCount, 1);
    assert.equal(byKey.get("#5")?.stateId, "closed:not_planned");
    assert.equal(byKey.get("#10")?.stateId, "closed:completed");
    assert.equal(byKey.get("#20")?.labelIds.length, 1);
    assert.equal(byKey.get("#20")?.assigneeIds.length, 1);
    assert.notEqual(byKey.get("#20")?.cycleId, null);

    assert.equal((await mirror.pull(connection, source)).news, 0);
    await send("PATCH", "/repos/octocat/hello-world/issues/8", { title: "Changed" });
    assert.equal((await mirror.pull(connection, source)).news, 1);
    assert.equal(mirror.issues.get(byKey.get("#8")?.nativeId ?? "")?.title, "Changed");
  });

  it("reads one issue, its comments, and all ids", async () => {
    const live = (await Array.fromAsync(connection.sweep(source, new AbortController().signal))).flat();
    assert.equal(new Set(live.map((one) => one.nativeId)).size, 230);
    const seven = live.find((one) => one.key === "#7");
    assert.ok(seven);
    const result = await connection.read(source, seven.nativeId, seven.key);
    assert.equal(result.kind, "issue");
    const comments = (await Array.fromAsync(connection.comments(source, seven.nativeId, seven.key))).flatMap(
      (page) => page.comments,
    );
    assert.deepEqual(
      comments.map((comment) => comment.body),
      ["Hello 🎉"],
    );
  });

  it("creates, changes, labels, closes and comments", async () => {
    const { write } = connection;
    assert.ok(write);
    const { vocabulary } = await connection.describe(source, {});
    const label = vocabulary.labels.find(({ name }) => name === "in review");
    const cycle = vocabulary.cycles[0];
    const account = await connection.verify();
    assert.ok(label && cycle);
    const mark = sentMark();
    const draft = {
      ...blankDraft,
      title: "Made by the port 🎉",
      body: "With a text",
      labels: [{ id: label.id, name: label.name }],
      cycleId: cycle.id,
    };
    const made = await write.create(source, draft, mark);
    assert.deepEqual([made.issue.title, made.issue.body], [draft.title, draft.body]);
    assert.deepEqual(
      [made.issue.labelIds, made.issue.cycleId, made.issue.authorId],
      [[label.id], cycle.id, account.id],
    );
    const found = await write.findCreated(source, draft, mark);
    assert.deepEqual(
      found.map(({ issue }) => issue.nativeId),
      [made.issue.nativeId],
    );

    const apply = async (edit: NativeEdit) => {
      const issue = await read(made.issue);
      for (const step of await write.plan(source, issue, edit)) await write.perform(source, issue, step);
      return read(made.issue);
    };
    const read = (issue: NativeIssue) => readIssue(connection, source, issue);
    const changed = await apply({ title: "Changed", body: "Changed too", cycleId: null });
    assert.deepEqual([changed.title, changed.body, changed.cycleId], ["Changed", "Changed too", null]);
    assert.deepEqual((await apply({ stateId: "closed:completed" })).stateId, "closed:completed");
    assert.deepEqual((await apply({ stateId: "closed:not_planned" })).stateId, "closed:not_planned");
    assert.deepEqual((await apply({ stateId: "open" })).stateId, "open");
    assert.deepEqual((await apply({ removeLabels: [label] })).labelIds, []);
    assert.deepEqual((await apply({ addLabels: [label] })).labelIds, [label.id]);

    const address = { ...made.issue, sourceKey: source.key };
    const commentMark = sentMark();
    const { comment } = await write.comment(source, address, "Said by the port", commentMark);
    assert.equal(comment.body, "Said by the port");
    assert.equal((await write.findComments(source, address, "Said by the port", commentMark)).length, 1);
    const edited = await write.editComment(source, address, comment.id, "Said again");
    assert.equal(edited.comment.body, "Said again");
    await write.deleteComment(source, address, comment.id);
    await write.deleteComment(source, address, comment.id);
    const left = (await Array.fromAsync(connection.comments(source, made.issue.nativeId, made.issue.key))).flatMap(
      ({ comments }) => comments,
    );
    assert.deepEqual(left, []);
  });
});
