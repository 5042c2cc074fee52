import assert from "node:assert/strict";
import { it } from "node:test";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { findSpecification, recordRequests } from "../conformance/published.ts";
import { recordWrites } from "../conformance/published-writes.ts";
import { jiraCloudSubject } from "./subject.ts";

type Parameter = { name: string; in: string; required?: boolean; schema: { type?: string } };
type Operation = {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: object }> };
};
type Specification = { paths: Record<string, Record<string, Operation>>; components: object };

const specification = findSpecification("jira-v3.openapi.json");

/** Calls outside the scope of the document, which covers issues. */
const outside = [
  /^\/_edge\/tenant_info$/,
  /^\/rest\/api\/2\/serverInfo$/,
  /^\/rest\/api\/3\/resolution$/,
  /^\/rest\/api\/3\/mypermissions$/,
  /^\/rest\/agile\/1\.0\//,
];

it(
  "sends only requests that Jira Cloud's published OpenAPI document describes",
  "missing" in specification ? { skip: specification.missing } : {},
  async (t) => {
    assert.ok("text" in specification);
    const document = JSON.parse(specification.text()) as Specification;
    const ajv = new Ajv({ strict: false, coerceTypes: true });
    // The package is CommonJS: its function is the default export's `default`.
    (addFormats as unknown as (on: Ajv) => void)(ajv);
    ajv.addSchema({ $id: "jira", components: document.components });

    const requests = [...(await recordRequests(t, jiraCloudSubject)), ...(await recordWrites(t, jiraCloudSubject))];
    const used = new Set<string>();
    for (const request of requests) {
      const url = new URL(request.url, "http://localhost");
      assert.match(request.headers["user-agent"] ?? "", /^Panopticon/);
      assert.match(request.headers["authorization"] ?? "", /^Basic /);
      if (outside.some((path) => path.test(url.pathname))) continue;
      const method = request.method.toLowerCase();
      const found = Object.entries(document.paths)
        .filter(([path, methods]) => {
          const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`);
          return pattern.test(url.pathname) && methods[method] !== undefined;
        })
        // `/project/search` is not a project.
        .sort(([a], [b]) => a.split("{").length - b.split("{").length)[0];
      assert.ok(found, `${request.method} ${url.pathname} is not in the document`);
      const [path, methods] = found;
      used.add(`${request.method} ${path}`);
      const { parameters = [], requestBody } = methods[method] ?? {};
      for (const [name, value] of url.searchParams) {
        const parameter = parameters.find((one) => one.name === name && one.in === "query");
        assert.ok(parameter, `${path} has no parameter ${name}`);
        const isList = parameter.schema.type === "array";
        const data = { value: isList ? value.split(",") : value };
        const check = ajv.compile({ type: "object", properties: { value: resolve(parameter.schema) } });
        assert.ok(check(data), `${path}: ${name}=${value}: ${ajv.errorsText(check.errors)}`);
      }
      for (const parameter of parameters) {
        if (parameter.in === "query" && parameter.required)
          assert.ok(url.searchParams.has(parameter.name), parameter.name);
      }
      const schema = requestBody?.content["application/json"]?.schema;
      if (schema === undefined) assert.equal(request.body, "");
      else {
        const check = ajv.compile(resolve(schema));
        assert.ok(check(JSON.parse(request.body)), `${path}: ${request.body}: ${ajv.errorsText(check.errors)}`);
      }
    }
    // Complete: these are all the calls that the adapter makes.
    assert.deepEqual([...used].sort(), [
      "DELETE /rest/api/3/issue/{issueIdOrKey}/comment/{id}",
      "DELETE /rest/api/3/issueLink/{linkId}",
      "GET /rest/api/3/field",
      "GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes",
      "GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
      "GET /rest/api/3/issue/{issueIdOrKey}",
      "GET /rest/api/3/issue/{issueIdOrKey}/comment",
      "GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}",
      "GET /rest/api/3/issue/{issueIdOrKey}/transitions",
      "GET /rest/api/3/issueLinkType",
      "GET /rest/api/3/label",
      "GET /rest/api/3/myself",
      "GET /rest/api/3/priority",
      "GET /rest/api/3/project/search",
      "GET /rest/api/3/project/{projectIdOrKey}",
      "GET /rest/api/3/project/{projectIdOrKey}/statuses",
      "GET /rest/api/3/user/assignable/search",
      "POST /rest/api/3/comment/list",
      "POST /rest/api/3/issue",
      "POST /rest/api/3/issue/{issueIdOrKey}/comment",
      "POST /rest/api/3/issue/{issueIdOrKey}/transitions",
      "POST /rest/api/3/issueLink",
      "POST /rest/api/3/search/approximate-count",
      "POST /rest/api/3/search/jql",
      "PUT /rest/api/3/issue/{issueIdOrKey}",
      "PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}",
    ]);
  },
);

/** Rewrites references inside the document to where it was added. */
function resolve(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"jira#/')) as object;
}
