import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { createAgileClient, createCloudClient, isApiError } from "jira.js";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

/** The client validates every response with its own schemas; here a mismatch is a failure. */
function clientsOf(emulator: Emulator, credentials: Readonly<Record<string, string>> = emulator.credentials) {
  const config = {
    host: emulator.url,
    auth: {
      type: "basic" as const,
      email: credentials["JIRA_EMAIL"] ?? "",
      apiToken: credentials["JIRA_API_KEY"] ?? "",
    },
    onSchemaMismatch: "throw" as const,
  };
  return { jira: createCloudClient(config), agile: createAgileClient(config) };
}

async function failure(call: Promise<unknown>): Promise<{ status: number; body: unknown }> {
  const error: unknown = await call.then(
    () => assert.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(isApiError(error), String(error));
  return { status: error.status, body: error.body };
}

describe("the Jira emulator and jira.js", () => {
  let emulator: Emulator;
  let jira: ReturnType<typeof clientsOf>["jira"];
  let agile: ReturnType<typeof clientsOf>["agile"];

  before(async () => {
    emulator = await startEmulator("jira", { issues: 500, seed: 5 });
    ({ jira, agile } = clientsOf(emulator));
  });
  after(() => emulator.close());
  beforeEach(() => emulator.requests.clear());

  test("the account, its projects, and their configuration", async () => {
    const me = await jira.myself.getCurrentUser();
    assert.equal(me.displayName, "Maren Aldous");
    const projects = await jira.projects.searchProjects({ maxResults: 1 });
    assert.equal(projects.total, 2);
    assert.equal(projects.isLast, false);
    assert.deepEqual(
      (await jira.projects.searchProjects()).values?.map(({ key }) => key),
      ["BOOK", "YARD"],
    );
    const project = await jira.projects.getProject({ projectIdOrKey: "YARD" });
    assert.equal(project.name, "Yard Operations");
    const types = await jira.projects.getAllStatuses({ projectIdOrKey: "YARD" });
    assert.deepEqual(types.map(({ name }) => name).sort(), ["Bug", "Epic", "Story", "Sub-task", "Task"]);
    const weak = clientsOf(emulator, emulator.weakCredentials.values).jira;
    assert.equal((await weak.projects.searchProjects()).values?.length, 1);
    assert.equal((await failure(weak.projects.getProject({ projectIdOrKey: "YARD" }))).status, 404);
  });

  test("searches page by token to the end, each issue once", async () => {
    const jql = "project = BOOK ORDER BY updated ASC, key ASC";
    const found: { id: string; updated: string }[] = [];
    let nextPageToken: string | undefined;
    do {
      const page = await jira.issueSearch.searchAndReconsileIssuesUsingJqlPost({
        jql,
        fields: ["updated", "summary"],
        maxResults: 40,
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
      });
      for (const issue of page.issues ?? []) {
        found.push({
          id: String(issue.id),
          updated: String((issue.fields as { updated?: unknown } | undefined)?.updated),
        });
      }
      nextPageToken = page.nextPageToken ?? undefined;
    } while (nextPageToken !== undefined);
    const world = emulator.world.issues("BOOK");
    assert.deepEqual(found.map(({ id }) => id).sort(), world.map(({ nativeId }) => nativeId).sort());
    assert.deepEqual(
      found.map(({ updated }) => updated),
      found.map(({ updated }) => updated).toSorted(),
    );
    assert.equal(emulator.requests.count(), Math.ceil(world.length / 40));
    const { count } = await jira.issueSearch.countIssues({ jql: "project = BOOK" });
    assert.equal(count, world.length);
  });

  test("paging by token loses nothing while issues change between pages", async () => {
    const seen = new Set<string>();
    let nextPageToken: string | undefined;
    let changed = 0;
    do {
      const page = await jira.issueSearch.searchAndReconsileIssuesUsingJqlPost({
        jql: "project = BOOK ORDER BY updated ASC, key ASC",
        maxResults: 30,
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
      });
      const [first] = page.issues ?? [];
      for (const issue of page.issues ?? []) seen.add(String(issue.id));
      if (first?.id !== undefined && changed < 5) {
        emulator.world.edit(String(first.id), { title: `changed ${changed}` });
        changed += 1;
      }
      nextPageToken = page.nextPageToken ?? undefined;
    } while (nextPageToken !== undefined);
    assert.equal(changed, 5);
    for (const { nativeId } of emulator.world.issues("BOOK")) assert.ok(seen.has(nativeId));
  });

  test("one issue by id, by key and by a former key; a deleted one is missing", async () => {
    const own = await startEmulator("jira", { issues: 30, seed: 2 });
    try {
      const client = clientsOf(own).jira;
      const [moved, deleted] = own.world.issues("BOOK");
      assert.ok(moved && deleted);
      own.world.move?.(moved.nativeId, "YARD");
      for (const issueIdOrKey of [moved.nativeId, moved.key]) {
        const issue = await client.issues.getIssue({ issueIdOrKey });
        assert.equal(issue.id, moved.nativeId);
        assert.match(issue.key ?? "", /^YARD-\d+$/);
      }
      own.world.delete(deleted.nativeId);
      const { status, body } = await failure(client.issues.getIssue({ issueIdOrKey: deleted.key }));
      assert.equal(status, 404);
      assert.match(JSON.stringify(body), /Issue does not exist or you do not have permission/);
    } finally {
      await own.close();
    }
  });

  test("comments as documents, oldest first", async () => {
    const { nativeId } = emulator.world.create("BOOK", { title: "talk" });
    for (let index = 0; index < 3; index++) emulator.world.comment(nativeId, `**Comment** ${index}`);
    const page = await jira.issueComments.getComments({ issueIdOrKey: nativeId, orderBy: "created", maxResults: 2 });
    assert.equal(page.total, 3);
    assert.equal(page.comments?.length, 2);
    assert.match(JSON.stringify(page.comments?.[0]?.body), /"Comment","marks":\[\{"type":"strong"\}\]/);
  });

  test("transitions from the current status; a workflow that asks for a resolution", async () => {
    const issue = emulator.world.issues("YARD").find(({ state }) => state === "In Progress");
    assert.ok(issue);
    const { transitions = [] } = await jira.issues.getTransitions({
      issueIdOrKey: issue.key,
      expand: "transitions.fields",
    });
    assert.ok(transitions.length > 3 && transitions.every(({ to }) => to?.name !== "In Progress"));
    const ends = transitions.filter(({ to }) => to?.statusCategory?.key === "done");
    assert.deepEqual(
      ends.map(({ to }) => to?.name),
      ["Resolved", "Done", "Done"],
    );
    for (const { fields } of ends) assert.ok(fields?.["resolution"]?.required);
    const finished = emulator.world.issues("YARD").find(({ state }) => state === "Done");
    const back = await jira.issues.getTransitions({ issueIdOrKey: finished?.key ?? "" });
    assert.deepEqual(
      back.transitions?.map(({ to }) => to?.name),
      ["Open"],
      "what is finished is only opened again",
    );
    const plain = await jira.issues.getTransitions({ issueIdOrKey: issue.key });
    assert.ok(plain.transitions?.every(({ fields }) => fields === undefined));
    const simple = emulator.world.issues("BOOK").find(({ state }) => state === "In Progress");
    const easy = await jira.issues.getTransitions({ issueIdOrKey: simple?.key ?? "", expand: "transitions.fields" });
    assert.ok(easy.transitions?.every(({ fields }) => Object.keys(fields ?? {}).length === 0));
  });

  test("lists of fields, priorities, people, labels, boards and sprints", async () => {
    const fields = await jira.issueFields.getFields();
    assert.ok(fields.some(({ schema }) => schema?.custom === "com.pyxis.greenhopper.jira:gh-sprint"));
    const people = await jira.userSearch.findAssignableUsers({ project: "BOOK" });
    assert.equal(people.length, 14);
    assert.ok(((await jira.labels.getAllLabels()).values ?? []).includes("customer"));
    const boards = await agile.board.getAllBoards({ projectKeyOrId: "BOOK" });
    const [board] = boards.values ?? [];
    assert.ok(board?.id);
    const sprints = await agile.board.getAllSprints({ boardId: board.id, state: "active" });
    assert.equal(sprints.values?.length, 1);
  });

  test("an issue is created, changed, moved, commented on and linked", async () => {
    const meta = await jira.issues.getCreateIssueMetaIssueTypes({ projectIdOrKey: "BOOK" });
    const task = meta.issueTypes?.find(({ name }) => name === "Task");
    const fields = await jira.issues.getCreateIssueMetaIssueTypeId({
      projectIdOrKey: "BOOK",
      issueTypeId: task?.id ?? "",
    });
    assert.deepEqual(
      fields.fields?.filter(({ required, hasDefaultValue }) => required && !hasDefaultValue).map(({ key }) => key),
      ["summary", "project", "issuetype"],
    );
    const made = await jira.issues.createIssue({
      fields: {
        project: { key: "BOOK" },
        issuetype: { name: "Task" },
        summary: "Made by jira.js",
        labels: ["fresh"],
        description: {
          type: "doc",
          version: 1,
          content: [{ type: "paragraph", content: [{ type: "text", text: "a" }] }],
        },
      },
      properties: [{ key: "made", value: { by: "jira.js" } }],
    } as Parameters<typeof jira.issues.createIssue>[0]);
    const issueIdOrKey = made.id ?? "";
    await jira.issues.editIssue({ issueIdOrKey, update: { labels: [{ add: "more" }, { remove: "fresh" }] } });
    const { transitions = [] } = await jira.issues.getTransitions({ issueIdOrKey });
    const way = transitions.find(({ to }) => to?.name === "In Progress");
    await jira.issues.doTransition({ issueIdOrKey, transition: { id: way?.id ?? "" } });
    const [world] = emulator.world.issues("BOOK").filter(({ nativeId }) => nativeId === issueIdOrKey);
    assert.deepEqual([world?.title, world?.labels, world?.state], ["Made by jira.js", ["more"], "In Progress"]);
    const property = await jira.issueProperties.getIssueProperty({ issueIdOrKey, propertyKey: "made" });
    assert.deepEqual(property.value, { by: "jira.js" });
    const body = { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text: "Hm" }] }] };
    const comment = await jira.issueComments.addComment({
      issueIdOrKey,
      body,
      properties: [{ key: "k", value: { v: 1 } }],
    } as Parameters<typeof jira.issueComments.addComment>[0]);
    const listed = await jira.issueComments.getCommentsByIds({ ids: [Number(comment.id)], expand: "properties" });
    assert.deepEqual(
      listed.values?.map(({ properties }) => properties),
      [[{ key: "k", value: { v: 1 } }]],
    );
    await jira.issueComments.deleteComment({ issueIdOrKey, id: comment.id ?? "" });
    assert.deepEqual(emulator.world.comments?.(issueIdOrKey), []);
    const [other] = emulator.world.issues("BOOK");
    await jira.issueLinks.linkIssues({
      type: { name: "Blocks" },
      inwardIssue: { id: issueIdOrKey },
      outwardIssue: { key: other?.key ?? "" },
    });
    const { fields: read } = await jira.issues.getIssue({ issueIdOrKey, fields: ["issuelinks"] });
    const [link] = (read as { issuelinks: { id: string; outwardIssue?: { key: string } }[] }).issuelinks;
    assert.equal(link?.outwardIssue?.key, other?.key, "it blocks the other");
    await jira.issueLinks.deleteIssueLink({ linkId: link?.id ?? "" });
  });

  test("the old search is gone, and unknown tokens are rejected", async () => {
    const headers = {
      authorization: `Basic ${btoa(`${emulator.credentials["JIRA_EMAIL"]}:${emulator.credentials["JIRA_API_KEY"]}`)}`,
    };
    for (const path of ["/rest/api/3/search?jql=project=BOOK", "/rest/api/2/search?jql=project=BOOK"]) {
      assert.equal((await fetch(`${emulator.url}${path}`, { headers })).status, 410);
    }
    const wrong = clientsOf(emulator, { JIRA_EMAIL: "maren.aldous@harborline.example", JIRA_API_KEY: "nonsense" }).jira;
    assert.equal((await failure(wrong.myself.getCurrentUser())).status, 401);
    const anonymous = await fetch(`${emulator.url}/rest/api/2/serverInfo`);
    assert.equal(((await anonymous.json()) as { deploymentType: string }).deploymentType, "Cloud");
    const alone = await fetch(`${emulator.url}/rest/api/3/myself`, { headers: { authorization: "Bearer pat" } });
    assert.equal(alone.status, 403);
  });
});
