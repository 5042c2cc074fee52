import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { NativeEdit, Source, TrackerConnection } from "../tracker.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { setStage, type Stage } from "../conformance/stage.ts";
import { githubSubject } from "./subject.ts";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { newMark, sentMark } from "../conformance/operation-mark.ts";

const reader = { GITHUB_TOKEN: "ghp_emulator_reader" };

type Desk = Stage & {
  readonly write: NonNullable<TrackerConnection["write"]>;
  make(fields?: Parameters<Stage["emulator"]["world"]["create"]>[1]): Promise<NativeIssue>;
  read(issue: Pick<NativeIssue, "nativeId" | "key">, at?: Source): Promise<NativeIssue>;
  apply(issue: NativeIssue, edit: NativeEdit): Promise<string[]>;
};

async function setDesk(t: TestContext, options: Parameters<typeof setStage>[2] = {}): Promise<Desk> {
  const stage = await setStage(t, githubSubject, { issues: 10, budget: 1_000_000, ...options });
  const { connection, emulator, source } = stage;
  const { write } = connection;
  assert.ok(write);
  const read: Desk["read"] = async ({ nativeId, key }, at = source) => {
    const result = await connection.read(at, nativeId, key);
    assert.ok(result.kind === "issue", result.kind);
    return result.issue;
  };
  return {
    ...stage,
    write,
    read,
    make: async (fields = {}) => read(emulator.world.create(source.key, { title: "Made for this", ...fields })),
    /** Gives the requests that it took. */
    async apply(issue, edit) {
      const steps = await write.plan(source, issue, edit);
      emulator.requests.clear();
      for (const step of steps) await write.perform(source, issue, step);
      return requestsOf(stage);
    },
  };
}

/** `PATCH /issues/12`, below the repository. */
function requestsOf({ emulator }: Stage): string[] {
  return emulator.requests
    .list()
    .map(
      ({ method, url }) =>
        `${method} ${url.replace(/\?.*/, "").replace(/^\/repos(itories)?(\/[^/]+){1,2}(?=\/issues|\/mil|\/ass)/, "")}`,
    );
}

const addressOf = (issue: NativeIssue, source: Source) => ({ ...issue, sourceKey: source.key });

describe("an edit", () => {
  it("is one request for all that one call takes", async (t) => {
    const { connection, source, make, apply, read } = await setDesk(t);
    const { vocabulary } = await connection.describe(source, {});
    const issue = await make();
    const edit: NativeEdit = {
      title: "Another title",
      body: "Another text",
      stateId: "closed:not_planned",
      cycleId: vocabulary.cycles[0]?.id ?? null,
      type: "Bug",
    };
    assert.deepEqual(await apply(issue, edit), [`PATCH /issues/${issue.key.slice(1)}`]);
    const after = await read(issue);
    assert.deepEqual([after.title, after.body, after.stateId], ["Another title", "Another text", "closed:not_planned"]);
    assert.deepEqual([after.type, after.cycleId], ["Bug", edit.cycleId]);
    assert.equal((await read(issue)).type, "Bug");
    await apply(after, { type: "issue" });
    assert.equal((await read(issue)).type, "issue");
  });

  it("adds before it removes", async (t) => {
    const { source, write, make, connection } = await setDesk(t);
    const { vocabulary } = await connection.describe(source, {});
    const [first, second] = vocabulary.people;
    const label = (name: string) => vocabulary.labels.find((one) => one.name === name) ?? assert.fail(name);
    assert.ok(first && second);
    const issue = await make({ labels: ["in progress"], assignees: [first.login] });
    const steps = await write.plan(source, issue, {
      stateId: "closed:completed",
      addLabels: [label("bug")],
      removeLabels: [label("in progress")],
      addAssignees: [second.id],
      removeAssignees: [first.id],
    });
    assert.deepEqual(
      steps.map(({ name }) => name),
      ["add labels", "assign", "close", "remove label", "unassign"],
    );
  });

  it("opens and closes again for another reason, as two steps", async (t) => {
    const { source, write, make, apply, read } = await setDesk(t);
    const issue = await make({ state: "closed:completed" });
    const steps = await write.plan(source, issue, { stateId: "closed:not_planned", title: "Not any more" });
    assert.deepEqual(
      steps.map(({ name, stateAfter }) => [name, stateAfter]),
      [
        ["reopen", "open"],
        ["close", "closed:not_planned"],
      ],
    );
    assert.equal((await apply(issue, { stateId: "closed:not_planned", title: "Not any more" })).length, 2);
    const after = await read(issue);
    assert.deepEqual([after.stateId, after.title], ["closed:not_planned", "Not any more"]);
  });

  it("takes one request for a move along the labels' columns besides the label that goes", async (t) => {
    const { connection, source, make, apply } = await setDesk(t);
    const { vocabulary } = await connection.describe(source, {});
    const label = (name: string) => vocabulary.labels.find((one) => one.name === name) ?? assert.fail(name);
    const issue = await make({ labels: ["planning"] });
    const number = issue.key.slice(1);
    const edit = { stateId: "open", addLabels: [label("in progress")], removeLabels: [label("planning")] };
    assert.deepEqual(await apply(issue, edit), [
      `POST /issues/${number}/labels`,
      `DELETE /issues/${number}/labels/planning`,
    ]);
  });

  it("gives the places of those who leave to those who come, and says when there are too many", async (t) => {
    const { connection, source, emulator, make, write, read, apply } = await setDesk(t);
    const { vocabulary } = await connection.describe(source, {});
    const people = vocabulary.people.slice(0, 11);
    assert.equal(people.length, 11);
    const ten = people.slice(0, 10);
    const issue = await make({ assignees: ten.map(({ login }) => login) });
    const [first, last] = [people[0]?.id ?? "", people[10]?.id ?? ""];
    await apply(issue, { addAssignees: [last], removeAssignees: [first] });
    const after = await read(issue);
    assert.equal(after.assigneeIds.length, 10);
    assert.ok(after.assigneeIds.includes(last) && !after.assigneeIds.includes(first));
    emulator.requests.clear();
    await assert.rejects(
      write.plan(source, after, { addAssignees: [first] }),
      hasCode("invalid_input", ({ message }) => /10 assignees/.test(message)),
    );
    assert.equal(emulator.requests.count(), 0);
  });

  it("says what an issue on GitHub does not have", async (t) => {
    const { source, make, write } = await setDesk(t);
    const issue = await make();
    for (const edit of [{ dueDate: "2031-01-01" }, { estimate: 3 }, { nativePriority: "1" }, { fields: { x: 1 } }]) {
      await assert.rejects(write.plan(source, issue, edit), hasCode("unsupported"));
    }
  });

  it("finds names that it never read, once, and says of a failure to that nothing was sent", async (t) => {
    const { connection, source, emulator, make, open, read } = await setDesk(t);
    const { vocabulary } = await connection.describe(source, {});
    const issue = await make();
    const fresh = open().connection;
    assert.ok(fresh.write);
    const [person] = vocabulary.people;
    const cycle = vocabulary.cycles.at(-1);
    assert.ok(person && cycle);
    const [assign, patch] = await fresh.write.plan(source, issue, { addAssignees: [person.id], cycleId: cycle.id });
    assert.ok(assign && patch);
    emulator.faults.add({ kind: "server-error", value: 503, path: "/assignees", times: 3 });
    await assert.rejects(
      fresh.write.perform(source, issue, assign),
      hasCode("unreachable", ({ notSent }) => notSent),
    );
    emulator.requests.clear();
    await fresh.write.perform(source, issue, assign);
    await fresh.write.perform(source, issue, patch);
    const number = issue.key.slice(1);
    assert.deepEqual(requestsOf({ emulator } as Stage), [
      "GET /assignees",
      `POST /issues/${number}/assignees`,
      "GET /milestones",
      `PATCH /issues/${number}`,
    ]);
    const after = await read(issue);
    assert.deepEqual([after.assigneeIds, after.cycleId], [[person.id], cycle.id]);
    const [again] = await fresh.write.plan(source, await read(issue), { removeAssignees: [person.id] });
    assert.ok(again);
    emulator.requests.clear();
    await fresh.write.perform(source, issue, again);
    assert.equal(emulator.requests.count(), 1);
  });

  it("is refused in GitHub's words, with the field", async (t) => {
    const { make, apply } = await setDesk(t);
    const issue = await make();
    await assert.rejects(
      apply(issue, { title: "x".repeat(257) }),
      hasCode("invalid_input", ({ message }) => message.includes("title is too long (maximum is 256 characters)")),
    );
    await assert.rejects(
      apply(issue, { type: "Epic" }),
      hasCode("invalid_input", ({ message }) => message.includes('type "Epic" invalid')),
    );
  });
});

describe("an issue that is elsewhere now", () => {
  it("is not changed where it was transferred to", async (t) => {
    const { emulator, source, make, write } = await setDesk(t, { sources: 2 });
    const issue = await make();
    const [step] = await write.plan(source, issue, { title: "Too late" });
    assert.ok(step);
    emulator.world.move(issue.nativeId, emulator.sources[1]?.key ?? "");
    await assert.rejects(write.perform(source, issue, step), hasCode("gone"));
  });

  it("is changed under its repository's new name, asked for there from then on", async (t) => {
    const { emulator, source, make, apply, read, write } = await setDesk(t);
    const issue = await make();
    emulator.world.renameSource?.(source.key, "harborline/renamed");
    await apply(issue, { title: "By the old name" });
    assert.equal((await read(issue)).title, "By the old name");
    emulator.requests.clear();
    await write.create(source, blankDraft, newMark());
    assert.deepEqual(
      emulator.requests.list().map(({ status }) => status),
      [201],
    );
  });
});

describe("rights", () => {
  it("are told as far as GitHub tells them", async (t) => {
    const { open, source } = await setDesk(t);
    const writable = async (credentials?: Record<string, string>) =>
      (await open(credentials === undefined ? {} : { credentials }).connection.describe(source, {})).writable;
    assert.deepEqual(await writable(), { allowed: true, reason: null });
    const asReader = await writable(reader);
    assert.equal(asReader.allowed, null);
    assert.match(asReader.reason ?? "", /Read: you can open issues.*Triage or Write/);
    // What a fine-grained token may do with issues is in no answer.
    assert.deepEqual(await writable({ GITHUB_TOKEN: "github_pat_emulator_readonly" }), { allowed: null, reason: null });
  });

  it("that are missing are said with what to do", async (t) => {
    const { open, source, make } = await setDesk(t);
    const issue = await make();
    const cases: readonly (readonly [token: string, words: RegExp])[] = [
      ["github_pat_emulator_readonly", /not accessible by personal access token/],
      ["ghp_emulator_reader", /Must have admin rights/],
    ];
    for (const [token, words] of cases) {
      const { connection } = open({ credentials: { GITHUB_TOKEN: token } });
      assert.ok(connection.write);
      const [step] = await connection.write.plan(source, issue, { title: "Not allowed" });
      assert.ok(step);
      await assert.rejects(
        connection.write.perform(source, issue, step),
        hasCode("forbidden", ({ message, hint }) => words.test(message) && (hint ?? "") !== ""),
      );
    }
  });

  it("that are missing without a word show in the answer", async (t) => {
    const { connection, open, source } = await setDesk(t);
    const { vocabulary } = await connection.describe(source, {});
    const { write } = open({ credentials: reader }).connection;
    assert.ok(write);
    const labels = vocabulary.labels.slice(0, 1);
    const assigneeIds = vocabulary.people.slice(0, 1).map(({ id }) => id);
    const { issue } = await write.create(source, { ...blankDraft, labels, assigneeIds }, newMark());
    assert.deepEqual([issue.labelIds, issue.assigneeIds], [[], []]);
    // What is planned for the answer is what did not take.
    const rest = await write.plan(source, issue, { addLabels: labels, addAssignees: assigneeIds });
    assert.deepEqual(
      rest.map(({ name }) => name),
      ["add labels", "assign"],
    );
  });
});

describe("the mark of what was made", () => {
  it("stays in front of the text on GitHub, whatever the text becomes", async (t) => {
    const { emulator, source, write, apply, read } = await setDesk(t);
    const mark = sentMark();
    const { issue } = await write.create(source, { ...blankDraft, body: "First" }, mark);
    const kept = () => emulator.world.issues(source.key).find(({ nativeId }) => nativeId === issue.nativeId)?.body;
    assert.equal(kept(), `<!-- panopticon:${mark.id} -->\nFirst`);
    await apply(await read(issue), { body: "" });
    assert.equal(kept(), `<!-- panopticon:${mark.id} -->\n`);
    assert.equal((await read(issue)).body, "");
    emulator.world.edit(issue.nativeId, { body: "Somebody else's text" });
    await apply(await read(issue), { body: "Ours again" });
    assert.equal(kept(), "Ours again", "what somebody took off stays off");
  });

  it("is looked for among the caller's own issues only", async (t) => {
    const { emulator, source, write, open } = await setDesk(t);
    const mark = sentMark();
    const { issue } = await write.create(source, blankDraft, mark);
    const raw = emulator.world.issues(source.key).find(({ nativeId }) => nativeId === issue.nativeId)?.body ?? "";
    emulator.world.create(source.key, { title: "A copy by somebody else", body: raw });
    assert.equal((await write.findCreated(source, blankDraft, mark)).length, 1);
    const other = open({ credentials: { ...emulator.otherCredentials } }).connection.write;
    assert.deepEqual(await other?.findCreated(source, blankDraft, mark), []);
  });

  it("is found behind a hundred newer issues, and where a clock was set in between", async (t) => {
    const clock = createVirtualClock();
    const { source, write, emulator } = await setDesk(t, { clock });
    const mark = sentMark(clock.now());
    const { issue } = await write.create(source, blankDraft, mark);
    const late = { ...mark, firstSentAt: clock.now() + 3 * 24 * 3_600_000 };
    assert.equal((await write.findCreated(source, blankDraft, late)).length, 1, "sent by a clock that was fast");
    for (let count = 0; count < 130; count += 1) await write.create(source, blankDraft, newMark());
    await clock.advance(30 * 60_000);
    emulator.requests.clear();
    const found = await write.findCreated(source, blankDraft, mark);
    assert.deepEqual(
      found.map((one) => one.issue.nativeId),
      [issue.nativeId],
    );
    assert.equal(emulator.requests.count(), 3, "who one is, and two pages");
  });

  it("is found among many comments by time", async (t) => {
    const clock = createVirtualClock();
    const { source, write, make, emulator } = await setDesk(t, { clock });
    const issue = await make();
    for (let count = 0; count < 250; count += 1) emulator.world.comment(issue.nativeId, `Comment ${count}`);
    await clock.advance(2 * 3_600_000);
    const mark = sentMark(clock.now());
    const address = addressOf(issue, source);
    await write.comment(source, address, "Ours", mark);
    emulator.requests.clear();
    assert.equal((await write.findComments(source, address, "Ours", mark)).length, 1);
    assert.equal(emulator.requests.count(), 2);
  });
});

describe("relations", () => {
  it("reach into other repositories, and change parents in one request", async (t) => {
    const { emulator, source, write, make, apply, read } = await setDesk(t, { sources: 2 });
    const [issue, parent] = [await make(), await make()];
    const elsewhere = { ...source, key: emulator.sources[1]?.key ?? "" };
    const far = await read(emulator.world.create(elsewhere.key, { title: "Far away" }), elsewhere);
    await apply(issue, { parent: addressOf(parent, source) });
    assert.equal((await read(issue)).parentKey, parent.key);
    assert.equal((await apply(await read(issue), { parent: addressOf(far, elsewhere) })).length, 1);
    const moved = await read(issue);
    assert.equal(moved.parentKey, elsewhere.key + far.key);
    assert.deepEqual(await write.plan(source, moved, { parent: addressOf(far, elsewhere) }), []);
    await apply(moved, { parent: null });
    assert.equal((await read(issue)).parentKey, null);
    // As the child named it before, for undo.
    for (const named of [parent.key, elsewhere.key + far.key]) {
      await apply(await read(issue), { parent: { nativeId: named, key: "", sourceKey: "" } });
      assert.equal((await read(issue)).parentKey, named);
    }
    await assert.rejects(
      write.plan(source, moved, { parent: { nativeId: "123", key: "", sourceKey: "" } }),
      hasCode("invalid_input"),
    );

    const relation = { type: "blocked_by", target: addressOf(far, elsewhere), id: null } as const;
    await write.relate(source, addressOf(issue, source), relation);
    assert.equal((await read(issue)).relations?.[0]?.targetId, far.nativeId);
    assert.equal((await read(far, elsewhere)).relations?.[0]?.type, "blocks");
  });

  it("in a circle are refused in GitHub's words", async (t) => {
    const { source, write, make } = await setDesk(t);
    const [issue, other] = [await make(), await make()];
    const target = addressOf(other, source);
    await write.relate(source, addressOf(issue, source), { type: "blocked_by", target, id: null });
    await assert.rejects(
      write.relate(source, addressOf(issue, source), { type: "blocks", target, id: null }),
      hasCode("invalid_input", ({ message }) => /circular/.test(message)),
    );
  });
});

describe("what cannot be seen", () => {
  it("does not count as deleted or removed", async (t) => {
    const { connection, emulator, source, write, make } = await setDesk(t);
    const { vocabulary } = await connection.describe(source, {});
    const issue = await make({ labels: ["bug"] });
    const address = addressOf(issue, source);
    const { comment } = await write.comment(source, address, "Here", newMark());
    const label = vocabulary.labels.find(({ name }) => name === "bug");
    assert.ok(label);
    const [step] = await write.plan(source, issue, { removeLabels: [label] });
    assert.ok(step);
    emulator.world.hideSource(source.key, true);
    await assert.rejects(write.deleteComment(source, address, comment.id), hasCode("not_found"));
    await assert.rejects(write.perform(source, issue, step), hasCode("not_found"));
    const target = addressOf(await Promise.resolve(issue), source);
    await assert.rejects(
      write.unrelate(source, address, { type: "blocked_by", target, id: null }),
      (error) => error instanceof PanopticonError && error.code === "not_found",
    );
  });
});

describe("the limit on creating", () => {
  it("is waited out and not counted as sent", async (t) => {
    const { source, write, make, emulator } = await setDesk(t, { clock: createVirtualClock(), budget: 5_000 });
    const issue = await make();
    const address = addressOf(issue, source);
    for (let count = 0; count < 80; count += 1) await write.comment(source, address, `Comment ${count}`, newMark());
    await assert.rejects(
      write.comment(source, address, "One too many", newMark()),
      hasCode("rate_limited", ({ retryAt, message }) => retryAt !== undefined && /content creation/.test(message)),
    );
    assert.equal(emulator.world.comments?.(issue.nativeId).length, 80);
  });
});
