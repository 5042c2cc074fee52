import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { Emulator } from "../emulator.ts";
import { missingReference, readReference } from "../server/reference-file.ts";
import { startEmulator } from "../start.ts";

const fileName = "github-issues.openapi.json";
const reference = readReference(fileName);

/** JSON Schema has no `nullable`, and OpenAPI puts it beside anything. */
function allowNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(allowNull);
  if (typeof value !== "object" || value === null) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, allowNull(inner)]),
  );
  // A field may itself be called "nullable".
  if (typeof nullable === "object") return { nullable, ...rest };
  return nullable === true ? { anyOf: [{ type: "null" }, rest] } : rest;
}

describe(
  "the GitHub emulator's answers fit the published schema",
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

    function validator(path: string, method: string): ValidateFunction {
      const pointer = `/paths/${path.replaceAll("/", "~1")}/${method}/responses/200/content/application~1json/schema`;
      return ajv.compile({ $ref: `github#${pointer.replaceAll("{", "%7B").replaceAll("}", "%7D")}` });
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
  },
);
