import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { NativeIssue } from "../../domain/issue.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { createMirror } from "../conformance/mirror.ts";
import { setStage, type Subject } from "../conformance/stage.ts";
import type { NativeEdit, Source, TrackerWriter, WriteAnswer } from "../tracker.ts";
import { gitlabSubject, selfManagedSubject, statusesSubject } from "./subject.ts";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { newMark, sentMark } from "../conformance/operation-mark.ts";

/** A described source and what is needed to write to it. */
async function setWriter(
  t: TestContext,
  subject: Subject = gitlabSubject,
  options: { readonly issues?: number; readonly variant?: string; readonly project?: number } = {},
) {
  const { project = 0, ...rest } = options;
  const stage = await setStage(t, subject, { issues: 60, sources: 2, ...rest });
  const { connection, emulator, monitor } = stage;
  const [own] = emulator.sources.slice(project);
  assert.ok(own && connection.write);
  const source: Source = { key: own.key, historyMs: null, nativeId: own.id };
  const schema = await connection.describe(source, {});
  const { write } = connection;
  const read = async ({ nativeId, key }: Pick<NativeIssue, "nativeId" | "key">): Promise<NativeIssue> => {
    const result = await connection.read(source, nativeId, key);
    assert.ok(result.kind === "issue", result.kind);
    return result.issue;
  };
  const labelOf = (name: string) => {
    const id = schema.vocabulary.labels.find((label) => label.name === name)?.id;
    return { id: id ?? `name:${name}`, name };
  };
  return {
    ...stage,
    source,
    schema,
    write,
    read,
    labelOf,
    /** A new issue as somebody else makes it. */
    make: (fields: Parameters<typeof emulator.world.create>[1]) => read(emulator.world.create(source.key, fields)),
    async apply(issue: NativeIssue, edit: NativeEdit): Promise<readonly WriteAnswer[]> {
      const answers: WriteAnswer[] = [];
      let last = issue;
      for (const step of await write.plan(source, issue, edit)) {
        const answer = await write.perform(source, last, step);
        last = answer?.issue ?? last;
        answers.push(answer);
      }
      return answers;
    },
    async count(act: () => Promise<unknown>): Promise<number> {
      const before = monitor.requests();
      await act();
      return monitor.requests() - before;
    },
    address: ({ nativeId, key }: Pick<NativeIssue, "nativeId" | "key">) => ({ nativeId, key, sourceKey: source.key }),
  };
}

/** https://docs.gitlab.com/api/issues/: what the calls take, as far as it is used. */
const documented = new Set(
  `title description labels add_labels remove_labels assignee_ids milestone_id due_date weight issue_type state_event`.split(
    " ",
  ),
);

describe("an edit", () => {
  it("is one request, whatever REST has of it, and its answer is the whole issue", async (t) => {
    const { make, apply, count, labelOf, schema, read, emulator, source, connection } = await setWriter(t);
    const [one, two] = schema.vocabulary.people;
    const milestone = schema.vocabulary.cycles.findLast(({ id }) => id.startsWith("milestone:"));
    const [login] = emulator.world.issues().flatMap(({ assignees }) => assignees);
    const issue = await make({
      title: "Before",
      labels: ["workflow::in progress", "customer"],
      assignees: [login ?? ""],
    });
    const edit: NativeEdit = {
      title: "After",
      body: "Text",
      stateId: "closed",
      addLabels: [labelOf("canceled")],
      removeLabels: [labelOf("workflow::in progress")],
      addAssignees: [one?.id ?? "", two?.id ?? ""].filter((id) => !issue.assigneeIds.includes(id)),
      cycleId: milestone?.id ?? null,
      dueDate: "2027-02-28",
      estimate: 8,
      type: "incident",
    };
    emulator.requests.clear();
    let answers: readonly WriteAnswer[] = [];
    assert.equal(await count(async () => (answers = await apply(issue, edit))), 1);
    const [request] = emulator.requests.list();
    assert.equal(request?.method, "PUT");
    const sent = Object.keys(JSON.parse(request.body) as object);
    assert.ok(sent.length >= 10 && sent.every((name) => documented.has(name)), sent.join());
    assert.deepEqual(answers[0]?.issue, await read(issue));
    // And the poll that follows has no news.
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.deepEqual(mirror.issues.get(issue.nativeId), answers[0]?.issue);
  });

  it("is read again where a label is new: its id is in no answer", async (t) => {
    const { make, apply, read, write, source } = await setWriter(t);
    const issue = await make({ title: "To be labelled" });
    const label = { id: "name:brand new", name: "brand new" };
    assert.deepEqual(await apply(issue, { addLabels: [label] }), [null]);
    const after = await read(issue);
    assert.match(after.labelIds[0] ?? "", /^\d+$/);
    assert.deepEqual(await write.plan(source, after, { addLabels: [label] }), []);
    await assert.rejects(
      write.plan(source, after, { addLabels: [{ id: "name:a,b", name: "a,b" }] }),
      hasCode("invalid_input", ({ field }) => field === "labels"),
    );
  });

  it("keeps what else the issue has: parent, relations, iteration", async (t) => {
    const { connection, source, apply, read } = await setWriter(t, gitlabSubject, { issues: 200 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const issues = [...mirror.issues.values()];
    const rich = [
      issues.find(({ parentId }) => parentId !== null),
      issues.find(({ relations }) => (relations?.length ?? 0) > 0),
      issues.find(({ cycleId }) => cycleId?.startsWith("iteration:")),
    ];
    for (const issue of rich) {
      assert.ok(issue);
      const [answer] = await apply(issue, { title: `${issue.title} again` });
      const { title, updatedAt } = answer?.issue ?? issue;
      assert.deepEqual(answer?.issue, { ...issue, title, updatedAt });
      assert.deepEqual(await read(issue), answer?.issue);
    }
  });

  it("moves between milestone, iteration and none in one request", async (t) => {
    const { make, apply, read, schema, count } = await setWriter(t);
    const { cycles } = schema.vocabulary;
    const milestone = cycles.find(({ id }) => id.startsWith("milestone:"))?.id ?? "";
    const iteration = cycles.find(({ id }) => id.startsWith("iteration:"))?.id ?? "";
    let issue = await make({ title: "In time" });
    for (const cycleId of [milestone, iteration, milestone, iteration, null, iteration, null, milestone, null]) {
      let answers: readonly WriteAnswer[] = [];
      assert.equal(await count(async () => (answers = await apply(issue, { cycleId }))), 1, String(cycleId));
      issue = await read(issue);
      assert.equal(issue.cycleId, cycleId);
      assert.deepEqual(answers[0]?.issue, issue);
    }
  });

  it("takes the assignees of a plan with one, and says so before it asks", async (t) => {
    const { make, apply, schema, count, write, source } = await setWriter(t, gitlabSubject, { project: 1 });
    const [one, two] = schema.vocabulary.people.map(({ id }) => id);
    assert.ok(one && two);
    assert.ok(schema.types.every(({ has }) => has?.includes("estimate") === false));
    const [first] = await apply(await make({ title: "To be assigned" }), { addAssignees: [one] });
    assert.deepEqual(first?.issue.assigneeIds, [one]);
    assert.ok(first);
    const sent = await count(() =>
      assert.rejects(write.plan(source, first.issue, { addAssignees: [two] }), hasCode("unsupported")),
    );
    assert.equal(sent, 0);
    const [swapped] = await apply(first.issue, { addAssignees: [two], removeAssignees: [one] });
    assert.deepEqual(swapped?.issue.assigneeIds, [two]);
    const [nobody] = await apply(first.issue, { removeAssignees: [one] });
    assert.deepEqual(nobody?.issue.assigneeIds, []);
  });

  it("is refused what GitLab would take for nothing: odd days, weights, cycles, people", async (t) => {
    const { make, write, source } = await setWriter(t);
    const issue = await make({ title: "Odd" });
    const edits: [NativeEdit, string][] = [
      [{ dueDate: "2027-02-30" }, "dueDate"],
      [{ dueDate: "tomorrow" }, "dueDate"],
      [{ estimate: 2.5 }, "estimate"],
      [{ estimate: -1 }, "estimate"],
      [{ cycleId: "sprint:1" }, "cycle"],
      [{ addAssignees: ["someone"] }, "assignees"],
      [{ stateId: "half" }, "status"],
      [{ type: "epic" }, "type"],
    ];
    for (const [edit, field] of edits) {
      const refused = hasCode("invalid_input", (error) => error.field === field);
      await assert.rejects(write.plan(source, issue, edit), refused, JSON.stringify(edit));
    }
    await assert.rejects(write.plan(source, issue, { nativePriority: "1" }), hasCode("unsupported"));
    await assert.rejects(write.plan(source, issue, { fields: { severity: "low" } }), hasCode("unsupported"));
  });

  it("says in GitLab's words what it refuses, and of which field", async (t) => {
    const { make, apply } = await setWriter(t);
    const issue = await make({ title: "Refused" });
    await assert.rejects(
      apply(issue, { title: "a".repeat(256) }),
      hasCode("invalid_input", ({ message, field }) => /title is too long/.test(message) && field === "title"),
    );
  });
});

describe("parents", () => {
  it("are set and taken away, and refused in GitLab's words", async (t) => {
    const { connection, source, apply, read, address, count } = await setWriter(t, gitlabSubject, { issues: 200 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const issues = [...mirror.issues.values()];
    const task = issues.find(({ type }) => type === "task");
    const [one, other] = issues.filter(({ type }) => type === "issue");
    assert.ok(task && one && other);
    let answers: readonly WriteAnswer[] = [];
    assert.equal(await count(async () => (answers = await apply(task, { parent: address(one) }))), 1);
    assert.equal(answers[0]?.issue.parentId, one.nativeId);
    assert.deepEqual(await read(task), answers[0]?.issue);
    await apply(await read(task), { parent: null });
    assert.equal((await read(task)).parentId, null);
    await assert.rejects(
      apply(other, { parent: address(task) }),
      hasCode("invalid_input", ({ message }) => /GitLab says: .*type of parent/.test(message)),
    );
  });
});

describe("statuses", () => {
  it("are moved in one request, close and open, and answer with the issue", async (t) => {
    const { make, apply, read, schema, count } = await setWriter(t, statusesSubject);
    const idOf = (name: string) => schema.vocabulary.states.find((state) => state.name === name)?.id ?? "";
    let issue = await make({ title: "On its way" });
    assert.equal(issue.stateId, idOf("To do"));
    for (const [name, isClosed] of [
      ["In review", false],
      ["Done", true],
      ["In progress", false],
      ["Won't do", true],
    ] as const) {
      let answers: readonly WriteAnswer[] = [];
      assert.equal(await count(async () => (answers = await apply(issue, { stateId: idOf(name) }))), 1);
      issue = await read(issue);
      assert.equal(issue.stateId, idOf(name));
      assert.equal(issue.closedAt !== null, isClosed);
      assert.deepEqual(answers[0]?.issue, issue);
    }
  });

  it("stay as they are when something else is edited, and a new issue has its first", async (t) => {
    const { make, apply, read, schema, write, source, emulator } = await setWriter(t, statusesSubject);
    const issue = await make({ title: "Before" });
    const [answer] = await apply(issue, { title: "After" });
    assert.equal(answer?.issue.stateId, issue.stateId);
    const created = await write.create(source, blankDraft, newMark());
    assert.equal(schema.vocabulary.states.find(({ id }) => id === created.issue.stateId)?.name, "To do");
    // Made all the same, though nothing more can be learned of it just now.
    emulator.faults.add({ kind: "drop", method: "GET", times: Infinity });
    const blind = await write.create(source, { ...blankDraft, title: "Blind" }, newMark());
    assert.equal(blind.issue.title, "Blind");
    emulator.faults.clear();
    assert.equal((await read(blind.issue)).title, "Blind");
  });

  it("come before labels that go, and after labels that come", async (t) => {
    const { make, write, source, schema, labelOf } = await setWriter(t, statusesSubject);
    const idOf = (name: string) => schema.vocabulary.states.find((state) => state.name === name)?.id ?? "";
    const issue = await make({ title: "Both", labels: ["workflow::planning"] });
    const kinds = async (edit: NativeEdit) => (await write.plan(source, issue, edit)).map(({ name }) => name);
    const stateId = idOf("In progress");
    const label = labelOf("workflow::planning");
    assert.deepEqual(await kinds({ stateId, removeLabels: [label] }), ["set status", "remove labels"]);
    assert.deepEqual(await kinds({ stateId, addLabels: [labelOf("customer")] }), ["add labels", "set status"]);
  });
});

describe("quick actions in what is written", () => {
  for (const variant of ["gitlab.com", "self-managed-15"]) {
    it(`are text: nothing is carried out, nothing is lost (${variant})`, async (t) => {
      const subject = variant === "gitlab.com" ? gitlabSubject : selfManagedSubject;
      const { write, source, apply, read, emulator, connection, address } = await setWriter(t, subject, { variant });
      const body = "/close\n\nThen:\n/title Gone\n\n```\n/label ~bug\n```\n\n~~~\n/reopen\n~~~";
      const { issue } = await write.create(source, { ...blankDraft, body }, newMark());
      assert.equal(issue.body, body);
      const other = await read(emulator.world.issues(source.key)[0] ?? assert.fail());
      const [edited] = await apply(other, { body });
      assert.equal(edited?.issue.body, body);
      const { comment } = await write.comment(source, address(issue), "/close", newMark());
      assert.equal(comment.body, "/close");
      const changed = await write.editComment(source, address(issue), comment.id, "/shrug\n/close");
      assert.equal(changed.comment.body, "/shrug\n/close");
      const after = await read(issue);
      assert.deepEqual(
        [after.title, after.stateId, after.labelIds, after.body],
        [blankDraft.title, "opened", [], body],
      );
      const pages = await Array.fromAsync(connection.comments(source, issue.nativeId, issue.key));
      assert.deepEqual(
        pages.flatMap(({ comments }) => comments.map((one) => one.body)),
        ["/shrug\n/close"],
      );
    });
  }
});

describe("texts", () => {
  it("are judged by what GitLab keeps of them", async (t) => {
    const { make, apply, write, source, read } = await setWriter(t);
    const issue = await make({ title: "Texts" });
    const [answer] = await apply(issue, { body: "a\r\nb\n\n" });
    assert.equal(answer?.issue.body, "a\nb");
    assert.deepEqual(await write.plan(source, await read(issue), { body: "a\r\nb\n\n" }), []);
    assert.equal(await write.sameText?.("a\r\nb\n\n", "a\nb"), true);
  });

  it("keep their project's uploads as GitLab's editor writes them", async (t) => {
    const { emulator, make, apply, read, write, source } = await setWriter(t);
    const issue = await make({ title: "With a picture", body: "Before" });
    const file = { name: "a.png", contentType: "image/png", content: new Uint8Array([1]) };
    const address = emulator.world.attach?.(issue.nativeId, file) ?? "";
    const shown = await read(issue);
    assert.ok(shown.body.includes(`](${address})`));
    emulator.requests.clear();
    await apply(shown, { body: `${shown.body}\n\nAfter` });
    assert.match(emulator.requests.list()[0]?.body ?? "", /\]\(\/uploads\//);
    const after = await read(issue);
    assert.equal(after.body, `${shown.body}\n\nAfter`);
    assert.equal(after.attachments?.[0]?.url, address);
    assert.deepEqual(await write.plan(source, after, { body: after.body }), []);
  });
});

describe("what was lost", () => {
  it("is looked for among the account's own newest issues only, in two requests", async (t) => {
    const { write, source, open, emulator, count } = await setWriter(t);
    const mark = sentMark();
    await write.create(source, blankDraft, mark);
    const { connection: other } = open({ credentials: emulator.otherCredentials });
    // Somebody copies the text, mark and all.
    const body = `${blankDraft.body}\n\n<!-- panopticon:${mark.id} -->`;
    emulator.world.create(source.key, { title: blankDraft.title, body });
    assert.equal((await write.findCreated(source, blankDraft, mark)).length, 1);
    assert.deepEqual(await other.write?.findCreated(source, blankDraft, mark), []);
    emulator.requests.clear();
    const sent = await count(() => write.findCreated(source, blankDraft, sentMark()));
    assert.equal(sent, 1, "who asks is known by now");
    assert.match(emulator.requests.list()[0]?.url ?? "", /author_id=\d+&order_by=created_at&sort=desc/);
  });

  it("is found by a clock that is off by a day, and after many others", async (t) => {
    const { write, source } = await setWriter(t);
    const dayMs = 24 * 60 * 60_000;
    for (const firstSentAt of [Date.now() - dayMs, Date.now() + dayMs]) {
      const mark = sentMark(firstSentAt);
      await write.create(source, blankDraft, mark);
      assert.equal((await write.findCreated(source, blankDraft, mark)).length, 1);
    }
    const mark = sentMark();
    await write.create(source, blankDraft, mark);
    for (let index = 0; index < 120; index++)
      await write.create(source, { ...blankDraft, title: `${index}` }, newMark());
    assert.equal((await write.findCreated(source, blankDraft, mark)).length, 1);
  });
});

describe("rights", () => {
  const guest = { GITLAB_TOKEN: "glpat-emulator_guest" };

  it("of a guest are told, and what GitLab leaves out without a word is seen in the answer", async (t) => {
    const { open, source, labelOf, make } = await setWriter(t);
    const { connection } = open({ credentials: guest });
    const { writable } = await connection.describe(source, {});
    assert.equal(writable.allowed, null);
    assert.match(writable.reason ?? "", /Guest/);
    const write = connection.write as TrackerWriter;
    const { issue } = await write.create(source, blankDraft, newMark());
    const edit: NativeEdit = { title: "Mine", addLabels: [labelOf("customer")] };
    const [step] = await write.plan(source, issue, edit);
    assert.ok(step);
    const answer = await write.perform(source, issue, step);
    assert.equal(answer?.issue.title, "Mine");
    assert.equal((await write.plan(source, answer.issue, edit)).length, 1, "the label did not take");
    const foreign = await make({ title: "Somebody else's" });
    const [other] = await write.plan(source, foreign, { title: "Mine too" });
    assert.ok(other);
    await assert.rejects(
      write.perform(source, foreign, other),
      hasCode("forbidden", ({ hint }) => /role/.test(hint ?? "")),
    );
  });

  it("over comments are their author's", async (t) => {
    const { open, source, write, make, address, emulator } = await setWriter(t);
    const issue = await make({ title: "Talked about" });
    const { comment } = await write.comment(source, address(issue), "Mine", newMark());
    const other = open({ credentials: emulator.otherCredentials }).connection.write as TrackerWriter;
    await assert.rejects(other.editComment(source, address(issue), comment.id, "Yours"), hasCode("forbidden"));
    await assert.rejects(other.deleteComment(source, address(issue), comment.id), hasCode("forbidden"));
    emulator.world.delete(issue.nativeId);
    await assert.rejects(write.deleteComment(source, address(issue), comment.id), hasCode("not_found"));
  });
});

describe("relations", () => {
  it("that need a paid plan are refused as such", async (t) => {
    const { source, write, make, address } = await setWriter(t, gitlabSubject, { project: 1 });
    const [one, two] = [await make({ title: "One" }), await make({ title: "Two" })];
    const target = address(two);
    await assert.rejects(
      write.relate(source, address(one), { type: "blocks", target, id: null }),
      hasCode("unsupported", ({ message, hint }) => /license/.test(message) && /paid/.test(hint ?? "")),
    );
    await write.relate(source, address(one), { type: "relates", target, id: null });
  });

  it("are one to two issues: another has to end first", async (t) => {
    const { source, write, make, address, read } = await setWriter(t);
    const [one, two] = [await make({ title: "One" }), await make({ title: "Two" })];
    const target = address(two);
    await write.relate(source, address(one), { type: "relates", target, id: null });
    await assert.rejects(
      write.relate(source, address(one), { type: "blocks", target, id: null }),
      hasCode("invalid_input", ({ message }) => /relates/.test(message)),
    );
    await write.unrelate(source, address(one), { type: "blocks", target, id: null });
    assert.equal((await read(one)).relations?.length, 1, "another type than what is to end");
  });

  it("that may not be ended say so", async (t) => {
    const { source, write, make, address, read, open } = await setWriter(t);
    const [one, two] = [await make({ title: "One" }), await make({ title: "Two" })];
    await write.relate(source, address(one), { type: "relates", target: address(two), id: null });
    const id = (await read(one)).relations?.[0]?.id ?? null;
    const guest = open({ credentials: { GITLAB_TOKEN: "glpat-emulator_guest" } }).connection.write as TrackerWriter;
    await assert.rejects(
      guest.unrelate(source, address(one), { type: "relates", target: address(two), id }),
      hasCode("forbidden", ({ message }) => /No Issue Link found/.test(message)),
    );
  });

  it("reach other projects of the connection", async (t) => {
    const { source, write, make, address, read, emulator } = await setWriter(t);
    const one = await make({ title: "Here" });
    const elsewhere = emulator.sources[1]?.key ?? "";
    const { nativeId, key } = emulator.world.create(elsewhere, { title: "There" });
    const target = { nativeId, key, sourceKey: elsewhere };
    await write.relate(source, address(one), { type: "blocked_by", target, id: null });
    assert.deepEqual(
      (await read(one)).relations?.map(({ type, targetId }) => [type, targetId]),
      [["blocked_by", nativeId]],
    );
  });
});
