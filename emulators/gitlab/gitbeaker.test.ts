import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Gitlab } from "@gitbeaker/rest";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";
import { failure } from "./gitbeaker-failure.ts";

const path = "harborline/platform/billing";

function client(emulator: Emulator, credentials: Readonly<Record<string, string>> = emulator.credentials) {
  const token = credentials["GITLAB_TOKEN"] ?? "";
  const how = /^[0-9a-f]{64}$/.test(token) ? { oauthToken: token } : { token };
  return new Gitlab({ host: emulator.url, ...how });
}

describe("the GitLab emulator and a widely used client", () => {
  let emulator: Emulator;
  let api: ReturnType<typeof client>;

  before(async () => {
    emulator = await startEmulator("gitlab", { issues: 240, seed: 5 });
    api = client(emulator);
  });
  after(() => emulator.close());
  beforeEach(() => emulator.requests.clear());

  test("follows the pages of a list, by number and by keyset, oldest update first", async () => {
    const world = emulator.world.issues(path);
    for (const pagination of ["offset", "keyset"] as const) {
      emulator.requests.clear();
      const all = await api.Issues.all({
        projectId: path,
        orderBy: "updated_at",
        sort: "asc",
        scope: "all",
        perPage: 25,
        pagination,
      });
      assert.equal(all.length, world.length, pagination);
      assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
      const times = all.map(({ updated_at }) => updated_at);
      assert.deepEqual(times, times.toSorted());
      assert.equal(emulator.requests.count(), Math.ceil(all.length / 25));
    }
  });

  test("keyset links lose nothing while issues change between pages", async () => {
    const expected = emulator.world.issues(path).map(({ nativeId }) => nativeId);
    const seen = new Set<number>();
    let url: string | null =
      `${emulator.url}/api/v4/projects/${encodeURIComponent(path)}/issues?pagination=keyset&order_by=updated_at&sort=asc&per_page=20`;
    for (let page = 0; url !== null; page++) {
      const response: Response = await fetch(url, {
        headers: { "private-token": emulator.credentials["GITLAB_TOKEN"] ?? "" },
      });
      assert.equal(response.headers.get("x-total"), null);
      const records = (await response.json()) as { id: number; title: string }[];
      for (const { id } of records) seen.add(id);
      const [first] = records;
      if (first && page < 5) emulator.world.edit(String(first.id), { title: `${first.title} (again)` });
      url = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1] ?? null;
    }
    assert.deepEqual(
      expected.filter((id) => !seen.has(Number(id))),
      [],
    );
  });

  test("`updated_after` and `updated_before` are inclusive, with millisecond precision", async () => {
    const all = await api.Issues.all({ projectId: path, orderBy: "updated_at", sort: "asc", perPage: 100 });
    const third = all[2]?.updated_at ?? "";
    assert.match(third, /\.\d{3}Z$/);
    const later = await api.Issues.all({ projectId: path, updatedAfter: third, perPage: 100 });
    assert.ok(later.some(({ updated_at }) => updated_at === third));
    assert.ok(later.every(({ updated_at }) => updated_at >= third));
    const earlier = await api.Issues.all({ projectId: path, updatedBefore: third, perPage: 100 });
    assert.equal(
      later.length + earlier.length,
      all.length + all.filter(({ updated_at }) => updated_at === third).length,
    );
  });

  test("`scope` defaults to all in a project, and to the caller's own elsewhere", async () => {
    const me = await api.Users.showCurrentUser();
    const own = await api.Issues.all({ perPage: 100 });
    assert.ok(own.length > 0 && own.every(({ author }) => author.id === me.id));
    const everything = await api.Issues.all({ scope: "all", perPage: 100 });
    assert.equal(everything.length, emulator.world.issues().length);
    const inProject = await api.Issues.all({ projectId: path, perPage: 100 });
    assert.equal(inProject.length, emulator.world.issues(path).length);
    const mine = await api.Issues.all({ projectId: path, scope: "assigned_to_me", perPage: 100 });
    assert.ok(mine.every(({ assignees }) => assignees?.some(({ id }) => id === me.id)));
  });

  test("filters by state, label, milestone and type; labels come with details on request", async () => {
    const opened = await api.Issues.all({ projectId: path, state: "opened", labels: "type::bug", perPage: 100 });
    assert.ok(opened.length > 0);
    for (const { state, labels } of opened) {
      assert.equal(state, "opened");
      assert.ok((labels as string[]).includes("type::bug"));
    }
    const detailed = await api.Issues.all({ projectId: path, withLabelsDetails: true, perPage: 100 });
    const [label] = detailed[0]?.labels ?? [];
    assert.ok(typeof label === "object" && Number.isInteger(label.id) && /^#[0-9a-f]{6}$/i.test(label.color));
    const tasks = await api.Issues.all({ projectId: path, issueType: "task", perPage: 100 });
    assert.ok(tasks.length > 0 && tasks.every(({ web_url }) => String(web_url).includes("/-/work_items/")));
  });

  test("a project's vocabulary: labels of project and group, milestones, iterations, members", async () => {
    const labels = await api.ProjectLabels.all(path, { perPage: 100 });
    assert.ok(labels.some(({ name, is_project_label }) => name === "workflow::in progress" && !is_project_label));
    assert.ok(labels.some(({ name, is_project_label }) => name === "duplicate" && is_project_label));
    assert.equal((await api.ProjectMilestones.all(path)).length, 8);
    assert.ok(
      (await api.ProjectMembers.all(path, { includeInherited: true })).some(({ username }) => username === "elifk"),
    );
    // This client requests iterations at a URL that GitLab does not have.
    const iterations = (project: string) =>
      fetch(`${emulator.url}/api/v4/projects/${encodeURIComponent(project)}/iterations`, {
        headers: { "private-token": emulator.credentials["GITLAB_TOKEN"] ?? "" },
      });
    const paid = (await (await iterations(path)).json()) as { title: string | null }[];
    assert.ok(paid.length > 0 && paid.every(({ title }) => title === null));
    assert.equal((await iterations("harborline/platform/edge")).status, 403);
  });

  test("one issue, its notes and its links", async () => {
    const [issue] = emulator.world.issues(path);
    assert.ok(issue);
    const iid = Number(issue.key.slice(1));
    emulator.world.comment(issue.nativeId, "Hello 🎉");
    const shown = await api.Issues.show(iid, { projectId: path });
    assert.equal(String(shown.id), issue.nativeId);
    const notes = await api.IssueNotes.all(path, iid);
    assert.equal(notes[0]?.body, "Hello 🎉", "newest first");
    const [first, second] = emulator.world.issues(path).slice(5);
    assert.ok(first && second);
    emulator.world.block?.(first.nativeId, second.nativeId);
    const links = await api.IssueLinks.all(path, Number(first.key.slice(1)));
    assert.ok(links.some(({ id, link_type }) => String(id) === second.nativeId && link_type === "is_blocked_by"));
  });

  test("statistics count any list", async () => {
    const { statistics } = await api.IssuesStatistics.all({ projectId: path, scope: "all" });
    const world = emulator.world.issues(path);
    const closed = world.filter((issue) => issue.closed).length;
    assert.deepEqual(statistics.counts, { all: world.length, closed, opened: world.length - closed });
  });

  test("rejects invalid values by name, ignores unknown parameters, caps page sizes", async () => {
    const url = `${emulator.url}/api/v4/projects/${encodeURIComponent(path)}/issues`;
    const get = async (query: string) => {
      const headers = { "private-token": emulator.credentials["GITLAB_TOKEN"] ?? "" };
      const response = await fetch(`${url}?${query}`, { headers });
      return { status: response.status, body: (await response.json()) as { error?: string } & unknown[], response };
    };
    for (const [query, error] of [
      ["state=half", "state does not have a valid value"],
      ["order_by=name", "order_by does not have a valid value"],
      ["updated_after=yesterday", "updated_after is invalid"],
      ["per_page=0", "per_page has a value not allowed"],
      ["scope=mine", "scope does not have a valid value"],
      ["iids[]=x", "iids is invalid"],
      ["pagination=keyset&order_by=updated_at&cursor=nonsense", "cursor is invalid"],
    ] as const) {
      const refused = await get(query);
      assert.equal(refused.status, 400, query);
      assert.ok(refused.body.error?.includes(error), query);
    }
    const keyset = await get("pagination=keyset&order_by=priority");
    assert.equal(keyset.status, 405);
    assert.equal(keyset.body.error, "Keyset pagination is not yet available for this type of request");
    assert.equal((await get("colour=red")).status, 200);
    const many = await get("per_page=1000");
    assert.equal(many.body.length, 100);
    assert.equal(many.response.headers.get("x-per-page"), "100");
    assert.equal(many.response.headers.get("x-total"), String(emulator.world.issues(path).length));
    assert.match(many.response.headers.get("link") ?? "", /rel="next".*rel="first".*rel="last"/);
  });

  test("visibility: projects, scopes and refusals", async () => {
    const projects = await api.Projects.all({
      membership: true,
      pagination: "keyset",
      orderBy: "id",
      sort: "asc",
      perPage: 1,
    });
    assert.deepEqual(
      projects.map(({ path_with_namespace }) => path_with_namespace),
      emulator.sources.map(({ key }) => key),
    );
    const weak = client(emulator, emulator.weakCredentials.values);
    const hidden = await failure(weak.Projects.show(path));
    assert.equal(hidden.status, 404);
    assert.match(hidden.description, /404 Project Not Found/);
    assert.equal((await weak.Projects.show("harborline/platform/edge")).id, Number(emulator.sources[1]?.id));
    const wrong = client(emulator, { GITLAB_TOKEN: "glpat-wrong" });
    assert.equal((await failure(wrong.Users.showCurrentUser())).status, 401);
  });

  test("a renamed project redirects to its id; a moved issue stays and links to the new one", async () => {
    const own = await startEmulator("gitlab", { issues: 20, seed: 1 });
    try {
      const [from, to] = own.sources;
      assert.ok(from && to);
      own.world.renameSource?.(from.key, "harborline/ledger");
      const renamed = await fetch(`${own.url}/api/v4/projects/${encodeURIComponent(from.key)}/issues?state=all`, {
        redirect: "manual",
        headers: { "private-token": own.credentials["GITLAB_TOKEN"] ?? "" },
      });
      assert.equal(renamed.status, 301);
      assert.equal(renamed.headers.get("location"), `${own.url}/api/v4/projects/${from.id}/issues?state=all`);
      assert.equal((await client(own).Projects.show("harborline/ledger")).id, Number(from.id));

      const [issue] = own.world.issues("harborline/ledger");
      assert.ok(issue);
      own.world.move?.(issue.nativeId, to.key);
      const left = await client(own).Issues.show(Number(issue.key.slice(1)), { projectId: from.id });
      assert.equal(left.state, "closed");
      const arrived = own.world.issues(to.key).find(({ nativeId }) => nativeId === String(left.moved_to_id));
      assert.equal(arrived?.title, issue.title);
    } finally {
      await own.close();
    }
  });

  test("a self-managed server: below a path, OAuth tokens only as Bearer, no keyset for issues", async () => {
    const own = await startEmulator("gitlab", { issues: 20, seed: 1, variant: "self-managed" });
    try {
      assert.match(own.url, /\/gitlab$/);
      const issues = await client(own).Issues.all({ projectId: path, perPage: 5 });
      assert.equal(issues.length, own.world.issues(path).length);
      assert.ok(issues.every(({ web_url }) => String(web_url).startsWith(`${own.url}/`)));
      const keyset = { projectId: path, pagination: "keyset", orderBy: "updated_at", sort: "asc" } as const;
      assert.equal((await failure(client(own).Issues.all(keyset))).status, 405);
      const asPersonal = new Gitlab({ host: own.url, token: own.credentials["GITLAB_TOKEN"] ?? "" });
      assert.equal((await failure(asPersonal.Users.showCurrentUser())).status, 401);
    } finally {
      await own.close();
    }
  });
});
