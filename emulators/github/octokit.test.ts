import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { beforeEach, describe, test } from "node:test";
import { Octokit } from "@octokit/rest";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

const owner = "harborline";
const repo = "portal";

function client(emulator: Emulator, credentials: Readonly<Record<string, string>>): Octokit {
  return new Octokit({
    ...("GITHUB_TOKEN" in credentials ? { auth: credentials["GITHUB_TOKEN"] } : {}),
    baseUrl: emulator.url,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

/** The status of a call that must fail, with the error's headers and body. */
async function failure(
  call: Promise<unknown>,
): Promise<{ status: number; headers: Record<string, unknown>; data: unknown }> {
  const error: unknown = await call.then(
    () => assert.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error && "status" in error && typeof error.status === "number", String(error));
  const response = "response" in error ? (error.response as { headers: Record<string, unknown>; data: unknown }) : null;
  return { status: error.status, headers: response?.headers ?? {}, data: response?.data };
}

describe("the GitHub emulator and its official client", () => {
  let emulator: Emulator;
  let octokit: Octokit;

  before(async () => {
    emulator = await startEmulator("github", { issues: 240, seed: 5 });
    octokit = client(emulator, emulator.credentials);
  });
  after(() => emulator.close());
  beforeEach(() => emulator.requests.clear());

  test("paginate follows links through issues and pull requests, oldest update first", async () => {
    const all = await octokit.paginate(octokit.rest.issues.listForRepo, {
      owner,
      repo,
      state: "all",
      sort: "updated",
      direction: "asc",
      per_page: 50,
    });
    const issues = all.filter((one) => one.pull_request === undefined);
    assert.equal(issues.length, emulator.world.issues("harborline/portal").length);
    assert.equal(all.length, issues.length * 1.5);
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
    assert.deepEqual(
      all.map(({ updated_at }) => updated_at),
      all.map(({ updated_at }) => updated_at).toSorted(),
    );
    assert.equal(emulator.requests.count(), Math.ceil(all.length / 50));
  });

  test("paging by link loses nothing while issues change between pages", async () => {
    const seen = new Set<number>();
    const pages = octokit.paginate.iterator(octokit.rest.issues.listForRepo, {
      owner,
      repo,
      state: "all",
      sort: "updated",
      direction: "asc",
      per_page: 20,
    });
    const expected = emulator.world.issues("harborline/portal").map(({ nativeId }) => Number(nativeId));
    let changed = 0;
    for await (const page of pages) {
      for (const { id } of page.data) seen.add(id);
      const first = page.data.find((one) => one.pull_request === undefined);
      if (first && changed < 5) {
        emulator.world.edit(String(first.id), { title: `${first.title} (again)` });
        changed += 1;
      }
    }
    assert.equal(changed, 5);
    assert.deepEqual(
      expected.filter((id) => !seen.has(id)),
      [],
    );
  });

  test("`since` is inclusive, with second precision", async () => {
    const { data } = await octokit.rest.issues.listForRepo({
      owner,
      repo,
      state: "all",
      sort: "updated",
      direction: "asc",
    });
    const third = data[2];
    assert.ok(third);
    assert.match(third.updated_at, /:\d\dZ$/);
    const later = await octokit.rest.issues.listForRepo({
      owner,
      repo,
      state: "all",
      sort: "updated",
      direction: "asc",
      since: third.updated_at,
    });
    assert.ok(later.data.some(({ id }) => id === third.id));
    assert.ok(later.data.every(({ updated_at }) => updated_at >= third.updated_at));
  });

  test("filters by state, label, assignee, creator and milestone", async () => {
    const open = await octokit.paginate(octokit.rest.issues.listForRepo, { owner, repo, per_page: 100 });
    assert.ok(open.length > 0 && open.every(({ state }) => state === "open"));
    const bugs = await octokit.rest.issues.listForRepo({ owner, repo, state: "all", labels: "bug,P1" });
    assert.ok(bugs.data.length > 0);
    for (const { labels } of bugs.data) {
      const names = labels.map((label) => (typeof label === "string" ? label : label.name));
      assert.ok(names.includes("bug") && names.includes("P1"));
    }
    const assigned = open.find(({ assignees }) => (assignees ?? []).length > 0);
    const login = assigned?.assignees?.[0]?.login;
    assert.ok(login);
    const theirs = await octokit.rest.issues.listForRepo({ owner, repo, state: "all", assignee: login });
    assert.ok(theirs.data.every(({ assignees }) => assignees?.some((user) => user.login === login)));
    const planned = await octokit.rest.issues.listForRepo({ owner, repo, state: "all", milestone: "7" });
    assert.ok(planned.data.length > 0 && planned.data.every(({ milestone }) => milestone?.number === 7));
  });

  test("rejects invalid values, ignores unknown parameters, caps page sizes", async () => {
    const bad = await failure(octokit.request("GET /repos/{owner}/{repo}/issues?state=half", { owner, repo }));
    assert.equal(bad.status, 422);
    assert.match(JSON.stringify(bad.data), /"field":"state","code":"invalid"/);
    for (const query of ["sort=name", "direction=up", "since=yesterday", "milestone=99", "assignee=nobody"]) {
      assert.equal((await failure(octokit.request(`GET /repos/${owner}/${repo}/issues?${query}`))).status, 422, query);
    }
    assert.equal((await octokit.request(`GET /repos/${owner}/${repo}/issues?colour=red`)).status, 200);
    const many = await octokit.request(`GET /repos/${owner}/${repo}/issues?state=all&per_page=1000`);
    assert.equal(many.data.length, 100);
  });

  test("page numbers end near 100 pages of 100; cursors do not", async () => {
    const { status } = await failure(
      octokit.rest.issues.listForRepo({ owner, repo, state: "all", per_page: 100, page: 100 }),
    );
    assert.equal(status, 422);
    assert.equal(
      (await octokit.rest.issues.listForRepo({ owner, repo, state: "all", per_page: 100, page: 99 })).data.length,
      0,
    );
  });

  test("the account, its scopes and its repositories", async () => {
    const { data, headers } = await octokit.rest.users.getAuthenticated();
    assert.equal(data.login, "marena");
    assert.match(String(headers["x-oauth-scopes"]), /\brepo\b/);
    const repos = await octokit.paginate(octokit.rest.repos.listForAuthenticatedUser);
    assert.deepEqual(
      repos.map(({ full_name }) => full_name).toSorted(),
      emulator.sources.map(({ key }) => key).toSorted(),
    );
    const other = await client(emulator, emulator.otherCredentials).rest.users.getAuthenticated();
    assert.notEqual(other.data.login, data.login);
  });

  test("a token without the `repo` scope does not see private repositories", async () => {
    const weak = client(emulator, emulator.weakCredentials.values);
    assert.equal((await failure(weak.rest.issues.listForRepo({ owner, repo }))).status, 404);
    assert.equal((await weak.rest.issues.listForRepo({ owner, repo: "carrier-sdk" })).status, 200);
    assert.deepEqual(
      (await weak.rest.repos.listForAuthenticatedUser()).data.map(({ name }) => name),
      ["carrier-sdk"],
    );
    const search = await failure(weak.rest.search.issuesAndPullRequests({ q: `repo:${owner}/${repo} is:issue` }));
    assert.equal(search.status, 422);
  });

  test("rejects an unknown token; without a token, only public data is visible", async () => {
    const { status, data } = await failure(
      client(emulator, { GITHUB_TOKEN: "ghp_wrong" }).rest.users.getAuthenticated(),
    );
    assert.equal(status, 401);
    assert.equal((data as { message: string }).message, "Bad credentials");
    const nobody = client(emulator, {});
    const { headers } = await nobody.rest.issues.listForRepo({ owner, repo: "carrier-sdk" });
    assert.equal(headers["x-ratelimit-limit"], "60");
    assert.equal((await failure(nobody.rest.issues.listForRepo({ owner, repo }))).status, 404);
  });

  test("rejects requests without a user agent", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      httpRequest(`${emulator.url}/rate_limit`, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    assert.equal(status, 403);
  });

  test("search counts issues by state and time", async () => {
    const issues = emulator.world.issues("harborline/portal");
    const count = async (q: string) =>
      (await octokit.rest.search.issuesAndPullRequests({ q: `repo:${owner}/${repo} ${q}`, per_page: 1 })).data
        .total_count;
    assert.equal(await count("is:issue"), issues.length);
    assert.equal(await count("is:issue is:closed"), issues.filter(({ closed }) => closed).length);
    assert.equal(await count("is:pr"), Math.floor(issues.length / 2));
    const times = issues.map(({ updatedAt }) => updatedAt).toSorted((a, b) => a - b);
    const middle = times[Math.floor(times.length / 2)] ?? 0;
    const text = new Date(middle).toISOString().slice(0, 19);
    assert.equal(await count(`is:issue updated:<${text}Z`), times.filter((time) => time < middle).length);
    assert.equal(await count(`is:issue updated:>=${text}Z`), times.filter((time) => time >= middle).length);
    const year = await count("is:issue is:closed closed:2000-01-01..2001-01-01");
    assert.equal(year, 0);
  });

  test("parents, children and blockers match the summaries", async () => {
    const all = await octokit.paginate(octokit.rest.issues.listForRepo, { owner, repo, state: "all", per_page: 100 });
    const parent = all.find((one) => (one.sub_issues_summary?.total ?? 0) > 0);
    assert.ok(parent);
    const children = await octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}/sub_issues", {
      owner,
      repo,
      issue_number: parent.number,
    });
    assert.equal(children.data.length, parent.sub_issues_summary?.total);
    assert.equal(children.data.filter(({ state }) => state === "closed").length, parent.sub_issues_summary?.completed);
    assert.ok(children.data.every((child) => String(child.parent_issue_url).endsWith(`/issues/${parent.number}`)));
  });

  test("renamed repositories and transferred issues redirect; deleted issues are gone", async () => {
    const own = await startEmulator("github", { issues: 20, seed: 1 });
    try {
      const direct = (path: string) =>
        fetch(`${own.url}${path}`, {
          redirect: "manual",
          headers: { authorization: `Bearer ${own.credentials["GITHUB_TOKEN"]}` },
        });
      const [first, second] = own.world.issues("harborline/portal");
      assert.ok(first && second);
      own.world.move?.(first.nativeId, "harborline/carrier-sdk");
      const moved = await direct(`/repos/harborline/portal/issues/${first.key.slice(1)}`);
      assert.equal(moved.status, 301);
      const target = await direct(new URL(moved.headers.get("location") ?? "").pathname);
      assert.equal(((await target.json()) as { title: string }).title, first.title);
      own.world.delete(second.nativeId);
      assert.equal((await direct(`/repos/harborline/portal/issues/${second.key.slice(1)}`)).status, 410);
      assert.equal((await direct("/repos/harborline/portal/issues/99999")).status, 404);

      own.world.renameSource?.("harborline/portal", "harborline/shipper-portal");
      const renamed = await direct("/repos/harborline/portal/issues?state=all");
      assert.equal(renamed.status, 301);
      assert.match(renamed.headers.get("location") ?? "", /\/repositories\/\d+\/issues\?state=all$/);
      const followed = await client(own, own.credentials).rest.issues.listForRepo({ owner, repo, state: "all" });
      assert.ok(followed.data.length > 0);
    } finally {
      await own.close();
    }
  });
});
