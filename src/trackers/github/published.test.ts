import assert from "node:assert/strict";
import { it } from "node:test";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import type { RecordedRequest } from "../../../emulators/emulator.ts";
import { recordWrites } from "../conformance/published-writes.ts";
import { findSpecification, recordRequests } from "../conformance/published.ts";
import { githubSubject } from "./subject.ts";

type Parameter = { name: string; in: string; required?: boolean; schema: { type?: string } };
type Operation = {
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { content: { "application/json": { schema: object } } };
};
type Specification = {
  paths: Record<string, Record<string, Operation>>;
  components: { parameters: Record<string, Parameter> };
};

const specification = findSpecification("github-issues.openapi.json");
const skip = "missing" in specification ? { skip: specification.missing } : {};

it("reads only through requests that GitHub's published OpenAPI document describes", skip, async (t) => {
  const requests = await recordRequests(t, githubSubject);
  assert.ok(requests.every(({ body }) => body === ""));
  assert.deepEqual(checkAll(requests), [
    "GET /orgs/{org}/issue-types",
    "GET /repos/{owner}/{repo}",
    "GET /repos/{owner}/{repo}/assignees",
    "GET /repos/{owner}/{repo}/issues",
    "GET /repos/{owner}/{repo}/issues/{issue_number}",
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
    "GET /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by",
    "GET /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocking",
    "GET /repos/{owner}/{repo}/labels",
    "GET /repos/{owner}/{repo}/milestones",
    "GET /search/issues",
    "GET /user",
    "GET /user/repos",
  ]);
});

it("writes only through requests that it describes", skip, async (t) => {
  const used = checkAll(await recordWrites(t, githubSubject));
  assert.deepEqual(
    used.filter((call) => !call.startsWith("GET ")),
    [
      "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}",
      "DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees",
      "DELETE /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by/{issue_id}",
      "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
      "DELETE /repos/{owner}/{repo}/issues/{issue_number}/sub_issue",
      "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
      "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
      "POST /repos/{owner}/{repo}/issues",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/assignees",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues",
    ],
  );
});

/** Checks every request against its operation and returns the operations used, in order. */
function checkAll(requests: readonly RecordedRequest[]): string[] {
  assert.ok("text" in specification);
  const document = JSON.parse(specification.text()) as Specification;
  const ajv = new Ajv({ strict: false, coerceTypes: true });
  const strict = new Ajv({ strict: false });
  // The package is CommonJS: its function is the default export's `default`.
  for (const one of [ajv, strict]) (addFormats as unknown as (on: Ajv) => void)(one);
  const used = new Set<string>();
  for (const request of requests) {
    const url = new URL(request.url, "http://localhost");
    // GitHub's `Link` headers name the repository by its id, which the document does not describe.
    url.pathname = url.pathname.replace(/^\/repositories\/\d+\//, "/repos/owner/repo/");
    const method = request.method.toLowerCase();
    // The longest path without parameters wins, so that `issues/comments` is not read as an issue.
    const found = Object.entries(document.paths)
      .filter(([path, methods]) => {
        const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`);
        return pattern.test(url.pathname) && methods[method] !== undefined;
      })
      .toSorted(([a], [b]) => a.split("{").length - b.split("{").length)[0];
    assert.ok(found, `${request.method} ${url.pathname} is not in the document`);
    const [path, methods] = found;
    const operation = methods[method];
    assert.ok(operation);
    used.add(`${request.method} ${path}`);
    const parameters = (operation.parameters ?? []).map((parameter) =>
      "$ref" in parameter ? document.components.parameters[parameter.$ref.split("/").at(-1) ?? ""] : parameter,
    );
    // Cursors that GitHub itself puts into `Link`; the document mentions them only in its text.
    const own = new Set(["after", "before", "page"]);
    for (const [name, value] of url.searchParams) {
      if (own.has(name)) continue;
      const parameter = parameters.find((one) => one?.name === name && one.in === "query");
      assert.ok(parameter, `${path} has no parameter ${name}`);
      const data = { value };
      const check = ajv.compile({ type: "object", properties: { value: parameter.schema } });
      assert.ok(check(data), `${path}: ${name}=${value}: ${ajv.errorsText(check.errors)}`);
    }
    for (const parameter of parameters) {
      if (parameter?.in === "query" && parameter.required)
        assert.ok(url.searchParams.has(parameter.name), parameter.name);
    }
    checkBody(strict, request, operation, path);
    assert.equal(request.headers["accept"], "application/vnd.github+json");
    assert.match(request.headers["user-agent"] ?? "", /^Panopticon/);
  }
  return [...used].toSorted();
}

/** Checks that the operation describes the body and all of its fields. */
function checkBody(ajv: Ajv, request: RecordedRequest, operation: Operation, path: string): void {
  if (operation.requestBody === undefined) {
    assert.equal(request.body, "", path);
    return;
  }
  const body = JSON.parse(request.body) as Record<string, unknown>;
  const schema = allowNull(operation.requestBody.content["application/json"].schema) as {
    properties?: object;
    oneOf?: { properties?: object }[];
  };
  const known = Object.keys(schema.properties ?? schema.oneOf?.[0]?.properties ?? {});
  assert.deepEqual(
    Object.keys(body).filter((key) => !known.includes(key)),
    [],
    path,
  );
  const check = ajv.compile(schema);
  assert.ok(check(body), `${path}: ${request.body}: ${ajv.errorsText(check.errors)}`);
}

/** JSON Schema has no `nullable`. */
function allowNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(allowNull);
  if (typeof value !== "object" || value === null) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, allowNull(inner)]),
  );
  return nullable === true ? { anyOf: [{ type: "null" }, rest] } : rest;
}
