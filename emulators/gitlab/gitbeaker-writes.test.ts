import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Gitlab } from "@gitbeaker/rest";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";
import { failure } from "./gitbeaker-failure.ts";

const path = "harborline/platform/billing";
const free = "harborline/platform/edge";

function client(emulator: Emulator, token = emulator.credentials["GITLAB_TOKEN"] ?? "") {
  return new Gitlab({ host: emulator.url, token });
}

describe("writing to the GitLab emulator with a widely used client", () => {
  let emulator: Emulator;
  let api: ReturnType<typeof client>;
  let me: number;

  before(async () => {
    emulator = await startEmulator("gitlab", { issues: 60, seed: 5 });
    api = client(emulator);
    me = (await api.Users.showCurrentUser()).id;
  });
  after(() => emulator.close());

  test("creates an issue as the token's user, with all fields at once", async () => {
    const [milestone] = await api.ProjectMilestones.all(path);
    const made = await api.Issues.create(path, "Made here", {
      description: "First\r\n\r\nsecond   \n",
      labels: "type::bug,brand new",
      assigneeIds: [me],
      milestoneId: milestone?.id ?? 0,
      dueDate: "2027-02-28",
      weight: 3,
      issueType: "incident",
    });
    assert.equal(made.author.id, me);
    assert.deepEqual(made.labels, ["brand new", "type::bug"], "answers name labels, with or without details asked for");
    assert.equal(made.description, "First\n\nsecond", "as GitLab keeps texts");
    assert.equal(made.milestone?.id, milestone?.id);
    assert.equal(made.due_date, "2027-02-28");
    assert.equal(made["weight"], 3);
    assert.equal(made["issue_type"], "incident");
    assert.ok((await api.ProjectLabels.all(path, { perPage: 100 })).some(({ name }) => name === "brand new"));
    assert.equal(emulator.world.issues(path).at(-1)?.title, "Made here");
  });

  test("one update changes many fields, closes the issue, and advances the update time", async () => {
    const made = await api.Issues.create(path, "To be changed", { labels: "type::bug", assigneeIds: [me], weight: 2 });
    const changed = await api.Issues.edit(path, made.iid, {
      title: "Changed",
      addLabels: "workflow::in review",
      removeLabels: "type::bug",
      assigneeIds: [],
      dueDate: "",
      weight: 5,
      stateEvent: "close",
    });
    assert.deepEqual(changed.labels, ["workflow::in review"]);
    assert.deepEqual([changed.title, changed.state, changed["weight"]], ["Changed", "closed", 5]);
    assert.deepEqual(changed.assignees, []);
    assert.equal((changed.closed_by as { id?: number } | null)?.id, me);
    assert.ok(Date.parse(changed.closed_at ?? "") >= Date.parse(made.created_at));
    const opened = await api.Issues.edit(path, made.iid, { stateEvent: "reopen" });
    assert.equal(opened.closed_at, null);
  });

  test("a label change by the last person who changed the issue keeps its update time", async () => {
    const made = await api.Issues.create(path, "Only labels", {});
    const first = await api.Issues.edit(path, made.iid, { addLabels: "customer" });
    assert.equal(first.updated_at, made.updated_at);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const other = client(emulator, emulator.otherCredentials["GITLAB_TOKEN"]);
    const second = await other.Issues.edit(path, made.iid, { addLabels: "priority::1" });
    assert.ok(second.updated_at > made.updated_at);
  });

  test("rejects invalid values in GitLab's words", async () => {
    const [issue] = emulator.world.issues(path);
    const iid = Number(issue?.key.slice(1));
    const cases: [() => Promise<unknown>, number, RegExp][] = [
      [() => api.Issues.edit(path, iid, {}), 400, /at least one parameter must be provided/],
      [() => api.Issues.edit(path, iid, { title: "" }), 400, /can't be blank/],
      [() => api.Issues.edit(path, iid, { title: "a".repeat(256) }), 400, /is too long \(maximum is 255 characters\)/],
      [() => api.Issues.edit(path, iid, { description: "a".repeat(1_048_577) }), 400, /maximum is 1048576 characters/],
      [() => api.Issues.edit(path, iid, { stateEvent: "shut" }), 400, /state_event does not have a valid value/],
      [() => api.Issues.edit(path, iid, { weight: -1 }), 400, /weight does not have a valid value/],
      [() => api.Issues.edit(path, 99_999, { title: "x" }), 404, /404 Not found/],
      [() => api.IssueNotes.create(path, iid, " "), 400, /can't be blank/],
      [() => api.IssueNotes.create(path, 99_999, "x"), 404, /404 Issue Not Found/],
      [() => api.IssueNotes.edit(path, iid, 1, { body: "x" }), 404, /404 Not found/],
    ];
    for (const [call, status, words] of cases) {
      const refused = await failure(call());
      assert.equal(refused.status, status, refused.description);
      assert.match(refused.description, words);
    }
  });

  test("a plan without multiple assignees uses the first, and ignores weight", async () => {
    const [first, second] = await api.ProjectMembers.all(free, { includeInherited: true });
    const made = await api.Issues.create(free, "One of us", {
      assigneeIds: [first?.id ?? 0, second?.id ?? 0],
      weight: 4,
    });
    assert.deepEqual(
      made.assignees?.map(({ id }) => id),
      [first?.id],
    );
    assert.ok(!("weight" in made));
  });

  test("notes are created, changed and deleted by their authors", async () => {
    const made = await api.Issues.create(path, "Talked about", {});
    const note = await api.IssueNotes.create(path, made.iid, "Hello 🎉");
    assert.equal(note.author.id, me);
    assert.deepEqual(emulator.world.comments?.(String(made.id)), [
      { id: String(note.id), body: "Hello 🎉", login: note.author.username },
    ]);
    const changed = await api.IssueNotes.edit(path, made.iid, note.id, { body: "Goodbye" });
    assert.equal(changed.body, "Goodbye");
    const other = client(emulator, emulator.otherCredentials["GITLAB_TOKEN"]);
    assert.equal((await failure(other.IssueNotes.edit(path, made.iid, note.id, { body: "Mine" }))).status, 403);
    assert.equal((await failure(other.IssueNotes.remove(path, made.iid, note.id))).status, 403);
    await api.IssueNotes.remove(path, made.iid, note.id);
    assert.deepEqual(emulator.world.comments?.(String(made.id)), []);
    assert.equal((await failure(api.IssueNotes.remove(path, made.iid, note.id))).status, 404);
  });

  test("a link between two issues is created once, visible from both, and removable", async () => {
    const [a, b] = [await api.Issues.create(path, "Blocker", {}), await api.Issues.create(path, "Blocked", {})];
    await api.IssueLinks.create(path, a.iid, path, b.iid, { linkType: "blocks" });
    const [seen] = await api.IssueLinks.all(path, b.iid);
    assert.equal(seen?.link_type, "is_blocked_by");
    const again = await failure(api.IssueLinks.create(path, b.iid, path, a.iid));
    assert.deepEqual([again.status, again.description], [409, '"Issue(s) already assigned"']);
    await api.IssueLinks.remove(path, b.iid, seen?.issue_link_id ?? 0);
    assert.deepEqual(await api.IssueLinks.all(path, a.iid), []);
    const [c, d] = [await api.Issues.create(free, "One", {}), await api.Issues.create(free, "Two", {})];
    const unpaid = await failure(api.IssueLinks.create(free, c.iid, free, d.iid, { linkType: "blocks" }));
    assert.deepEqual([unpaid.status, unpaid.description], [403, '"Blocked issues not available for current license"']);
    await api.IssueLinks.create(free, c.iid, free, d.iid);
  });

  test("a read-only token changes nothing, a guest only their own", async () => {
    const weak = client(emulator, emulator.weakCredentials.values["GITLAB_TOKEN"]);
    const refused = await failure(weak.Issues.create(free, "No", {}));
    assert.deepEqual([refused.status, refused.description], [403, '"insufficient_scope"']);

    const guest = client(emulator, "glpat-emulator_guest");
    const own = await guest.Issues.create(path, "By a guest", { labels: "customer", dueDate: "2027-01-01" });
    assert.deepEqual([own.labels, own.due_date], [[], null], "left out without a word");
    assert.equal((await guest.Issues.edit(path, own.iid, { title: "By the guest" })).title, "By the guest");
    const [foreign] = emulator.world.issues(path);
    const denied = await failure(guest.Issues.edit(path, Number(foreign?.key.slice(1)), { title: "Mine now" }));
    assert.equal(denied.status, 403);
  });

  test("a reply turns a note into a thread, which the list of notes shows and discussions name", async () => {
    const { iid } = await api.Issues.create(path, "Talk");
    const root = await api.IssueNotes.create(path, iid, "A question");
    const alone = await api.IssueNotes.create(path, iid, "Something else");
    assert.equal(root.type, null);
    const [discussion] = await api.IssueDiscussions.all(path, iid);
    assert.deepEqual([discussion?.individual_note, discussion?.notes?.map(({ id }) => id)], [true, [root.id]]);
    const reply = await api.IssueDiscussions.addNote(path, iid, discussion?.id ?? "", "An answer");
    assert.equal(reply.type, "DiscussionNote");
    const notes = await api.IssueNotes.all(path, iid, { sort: "asc" });
    assert.deepEqual(
      notes.map(({ id, type }) => [id, type]),
      [
        [root.id, "DiscussionNote"],
        [alone.id, null],
        [reply.id, "DiscussionNote"],
      ],
    );
    const thread = await api.IssueDiscussions.show(path, iid, discussion?.id ?? "");
    assert.deepEqual([thread.individual_note, thread.notes?.map(({ id }) => id)], [false, [root.id, reply.id]]);
    const begun = await api.IssueDiscussions.create(path, iid, "A thread from the start");
    assert.deepEqual([begun.individual_note, begun.notes?.map(({ type }) => type)], [false, ["DiscussionNote"]]);
    await api.IssueNotes.remove(path, iid, root.id);
    assert.deepEqual(
      (await api.IssueDiscussions.show(path, iid, thread.id)).notes?.map(({ id }) => id),
      [reply.id],
    );
    await api.IssueNotes.remove(path, iid, reply.id);
    assert.equal((await failure(api.IssueDiscussions.show(path, iid, thread.id))).status, 404);
  });
});
