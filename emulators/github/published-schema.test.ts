import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { missingReference, readReference } from "../server/reference-file.ts";
import { startEmulator } from "../start.ts";

const fileName = "github-issues.openapi.json";
const reference = readReference(fileName);

/** JSON Schema has no `nullable`, which OpenAPI allows next to anything. */
function allowNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(allowNull);
  if (typeof value !== "object" || value === null) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, allowNull(inner)]),
  );
  // A property may itself be called "nullable".
  if (typeof nullable === "object") return { nullable, ...rest };
  return nullable === true ? { anyOf: [{ type: "null" }, rest] } : rest;
}

describe(
  "the GitHub emulator's responses match the published schema",
  { skip: reference === null ? missingReference(fileName) : false },
  () => {
    let emulator: Emulator;
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats.default(ajv);

    before(async () => {
      ajv.addSchema(allowNull(JSON.parse(reference ?? "{}")) as object, "github");
      emulator = await startEmulator("github", { issues: 200, seed: 3 });
    });
    after(() => emulator.close());

    function validator(path: string, method: string, status = 200): ValidateFunction {
      const own = `/paths/${path.replaceAll("/", "~1")}/${method}/responses/${status}`;
      const shared: Readonly<Record<number, string>> = { 404: "not_found", 422: "validation_failed" };
      const pointer = shared[status] === undefined ? own : `/components/responses/${shared[status]}`;
      const encoded = pointer.replaceAll("{", "%7B").replaceAll("}", "%7D");
      return ajv.compile({ $ref: `github#${encoded}/content/application~1json/schema` });
    }

    async function read(path: string): Promise<unknown> {
      const response = await fetch(`${emulator.url}${path}`, {
        headers: { authorization: `Bearer ${emulator.credentials["GITHUB_TOKEN"]}` },
      });
      assert.equal(response.status, 200, path);
      return response.json();
    }

    const repo = "/repos/harborline/portal";
    const calls: readonly (readonly [path: string, published: string])[] = [
      ["/user", "/user"],
      ["/user/repos", "/user/repos"],
      ["/rate_limit", "/rate_limit"],
      [repo, "/repos/{owner}/{repo}"],
      [`${repo}/issues?state=all&per_page=100`, "/repos/{owner}/{repo}/issues"],
      [`${repo}/issues/1`, "/repos/{owner}/{repo}/issues/{issue_number}"],
      [`${repo}/labels`, "/repos/{owner}/{repo}/labels"],
      [`${repo}/assignees`, "/repos/{owner}/{repo}/assignees"],
      [`${repo}/milestones?state=all`, "/repos/{owner}/{repo}/milestones"],
      ["/search/issues?q=repo:harborline/portal+is:issue", "/search/issues"],
      ["/orgs/harborline/issue-types", "/orgs/{org}/issue-types"],
    ];
    for (const [path, published] of calls) {
      test(`GET ${path}`, async () => {
        const body = await read(path);
        assert.ok(!Array.isArray(body) || body.length > 0, "nothing to validate");
        const validate = validator(published, "get");
        assert.ok(validate(body), JSON.stringify(validate.errors?.slice(0, 5), null, 2));
      });
    }

    test("comments, sub-issues and dependencies", async () => {
      const issues = (await read(`${repo}/issues?state=all&per_page=100`)) as {
        number: number;
        comments: number;
        pull_request?: object;
        sub_issues_summary?: { total: number };
        issue_dependencies_summary?: { total_blocked_by: number };
      }[];
      const below: readonly (readonly [string, (issue: (typeof issues)[number]) => number | undefined])[] = [
        ["comments", (issue) => issue.comments],
        ["sub_issues", (issue) => issue.sub_issues_summary?.total],
        ["dependencies/blocked_by", (issue) => issue.issue_dependencies_summary?.total_blocked_by],
      ];
      for (const [name, count] of below) {
        const issue = issues.find((one) => (count(one) ?? 0) > 0);
        assert.ok(issue, `the seed has no issue with ${name}`);
        const body = (await read(`${repo}/issues/${issue.number}/${name}`)) as unknown[];
        assert.equal(body.length, count(issue));
        const validate = validator(`/repos/{owner}/{repo}/issues/{issue_number}/${name}`, "get");
        assert.ok(validate(body), JSON.stringify(validate.errors?.slice(0, 5), null, 2));
      }
    });

    test("responses to writes", async () => {
      const issues = "/repos/{owner}/{repo}/issues";
      const one = `${issues}/{issue_number}`;
      const send = async (method: string, published: string, status: number, body: object, parts: object = {}) => {
        const named: Record<string, unknown> = { owner: "harborline", repo: "portal", issue_number: 1, ...parts };
        const path = published.replace(/\{(\w+)\}/g, (_, name: string) => String(named[name]));
        const response = await fetch(emulator.url + path, {
          method,
          headers: { authorization: `Bearer ${emulator.credentials["GITHUB_TOKEN"]}` },
          body: JSON.stringify(body),
        });
        assert.equal(response.status, status, `${method} ${path}`);
        const answer: unknown = await response.json();
        const validate = validator(published, method.toLowerCase(), status);
        assert.ok(validate(answer), `${method} ${path} ${JSON.stringify(validate.errors?.slice(0, 5), null, 2)}`);
        return answer as { id: number; number: number };
      };
      const all = { labels: ["bug"], assignees: ["marena"], milestone: 7, type: "Bug" };
      const made = await send("POST", issues, 201, { title: "New", body: "Text", ...all });
      const other = await send("POST", issues, 201, { title: "Other" });
      const own = { issue_number: made.number };
      await send("PATCH", one, 200, { state: "closed", state_reason: "duplicate" }, own);
      await send("POST", `${one}/labels`, 200, { labels: ["never used"] }, own);
      await send("DELETE", `${one}/labels/{name}`, 200, {}, { ...own, name: "bug" });
      await send("POST", `${one}/assignees`, 201, { assignees: ["marena"] }, own);
      await send("DELETE", `${one}/assignees`, 200, { assignees: ["marena"] }, own);
      const comment = await send("POST", `${one}/comments`, 201, { body: "A comment" }, own);
      await send("PATCH", `${issues}/comments/{comment_id}`, 200, { body: "Again" }, { comment_id: comment.id });
      await send("POST", `${one}/sub_issues`, 201, { sub_issue_id: other.id }, own);
      await send("DELETE", `${one}/sub_issue`, 200, { sub_issue_id: other.id }, own);
      await send("POST", `${one}/dependencies/blocked_by`, 201, { issue_id: other.id }, own);
      const { id: issue_id } = other;
      await send("DELETE", `${one}/dependencies/blocked_by/{issue_id}`, 200, {}, { ...own, issue_id });
      await send("PATCH", one, 422, { title: "" }, own);
      await send("PATCH", one, 404, { title: "x" }, { issue_number: 99_999 });
    });
  },
);
