import assert from "node:assert/strict";
import { it } from "node:test";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { findSpecification, recordRequests } from "../conformance/published.ts";
import { githubSubject } from "./subject.ts";

type Parameter = { name: string; in: string; required?: boolean; schema: { type?: string } };
type Operation = { parameters?: (Parameter | { $ref: string })[] };
type Specification = {
  paths: Record<string, Record<string, Operation>>;
  components: { parameters: Record<string, Parameter> };
};

const specification = findSpecification("github-issues.openapi.json");

it(
  "sends only what GitHub's published OpenAPI document describes",
  "missing" in specification ? { skip: specification.missing } : {},
  async (t) => {
    assert.ok("text" in specification);
    const document = JSON.parse(specification.text()) as Specification;
    const ajv = new Ajv({ strict: false, coerceTypes: true });
    // The package is CommonJS: its function is the default export's default.
    (addFormats as unknown as (on: Ajv) => void)(ajv);

    const requests = await recordRequests(t, githubSubject);
    const used = new Set<string>();
    for (const request of requests) {
      const url = new URL(request.url, "http://localhost");
      // GitHub's `Link` headers name the repository by its id, which its document does not show.
      url.pathname = url.pathname.replace(/^\/repositories\/\d+\//, "/repos/owner/repo/");
      const found = Object.entries(document.paths).find(([path, methods]) => {
        const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`);
        return pattern.test(url.pathname) && methods[request.method.toLowerCase()] !== undefined;
      });
      assert.ok(found, `${request.method} ${url.pathname} is not in the document`);
      const [path, methods] = found;
      used.add(path);
      const parameters = (methods[request.method.toLowerCase()]?.parameters ?? []).map((parameter) =>
        "$ref" in parameter ? document.components.parameters[parameter.$ref.split("/").at(-1) ?? ""] : parameter,
      );
      // Cursors that GitHub itself puts into `Link`; its document names them only in the text.
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
      assert.equal(request.body, "");
      assert.equal(request.headers["accept"], "application/vnd.github+json");
      assert.match(request.headers["user-agent"] ?? "", /^Panopticon/);
    }
    // Nothing was left out: these are all the calls the adapter knows.
    assert.deepEqual([...used].sort(), [
      "/orgs/{org}/issue-types",
      "/repos/{owner}/{repo}",
      "/repos/{owner}/{repo}/assignees",
      "/repos/{owner}/{repo}/issues",
      "/repos/{owner}/{repo}/issues/{issue_number}",
      "/repos/{owner}/{repo}/issues/{issue_number}/comments",
      "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by",
      "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocking",
      "/repos/{owner}/{repo}/labels",
      "/repos/{owner}/{repo}/milestones",
      "/search/issues",
      "/user",
      "/user/repos",
    ]);
  },
);
