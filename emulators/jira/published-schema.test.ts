import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { missingReference, readReference } from "../server/reference-file.ts";
import { startEmulator } from "../start.ts";

const fileName = "jira-v3.openapi.json";
const reference = readReference(fileName);

type Operation = { responses: Record<string, { content?: Record<string, { schema: object }> }> };
type Document = { paths: Record<string, Record<string, Operation>>; components: object };

/** Jira writes offsets without a colon, and null where its document has no value. */
function loosen(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(loosen);
  if (typeof value !== "object" || value === null) return value;
  const { format, ...rest } = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, loosen(inner)]));
  if (format === undefined || typeof format === "object")
    return { ...(format === undefined ? {} : { format }), ...rest };
  return format === "date-time" ? rest : { ...rest, format };
}

describe(
  "the Jira emulator's responses match the published schema",
  { skip: reference === null ? missingReference(fileName) : false },
  () => {
    let emulator: Emulator;
    let document: Document;
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats.default(ajv);

    before(async () => {
      document = loosen(JSON.parse(reference ?? "{}")) as Document;
      ajv.addSchema({ $id: "jira", components: document.components });
      emulator = await startEmulator("jira", { issues: 200, seed: 3 });
    });
    after(() => emulator.close());

    function validator(path: string, method: string, status = "200"): ValidateFunction {
      const schema = document.paths[path]?.[method]?.responses[status]?.content?.["application/json"]?.schema;
      assert.ok(schema, `${method} ${path} has no schema`);
      return ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"jira#/')) as object);
    }

    async function read(path: string, body?: unknown): Promise<unknown> {
      const { JIRA_EMAIL, JIRA_API_KEY } = emulator.credentials;
      const response = await fetch(`${emulator.url}${path}`, {
        headers: { authorization: `Basic ${btoa(`${JIRA_EMAIL}:${JIRA_API_KEY}`)}` },
        ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      });
      assert.equal(response.status, 200, path);
      return response.json();
    }

    const api = "/rest/api/3";
    const calls: readonly (readonly [path: string, published: string, body?: unknown])[] = [
      [`${api}/serverInfo`, `${api}/serverInfo`],
      [`${api}/myself`, `${api}/myself`],
      [`${api}/field`, `${api}/field`],
      [`${api}/priority`, `${api}/priority`],
      [`${api}/status`, `${api}/status`],
      [`${api}/label`, `${api}/label`],
      [`${api}/issueLinkType`, `${api}/issueLinkType`],
      [`${api}/project/search?maxResults=1`, `${api}/project/search`],
      [`${api}/project/BOOK`, `${api}/project/{projectIdOrKey}`],
      [`${api}/project/BOOK/statuses`, `${api}/project/{projectIdOrKey}/statuses`],
      [`${api}/user/assignable/search?project=BOOK`, `${api}/user/assignable/search`],
      [`${api}/issue/BOOK-1?expand=editmeta&properties=*all`, `${api}/issue/{issueIdOrKey}`],
      [`${api}/issue/BOOK-1/editmeta`, `${api}/issue/{issueIdOrKey}/editmeta`],
      [`${api}/issue/createmeta/BOOK/issuetypes`, `${api}/issue/createmeta/{projectIdOrKey}/issuetypes`],
      [
        `${api}/issue/createmeta/BOOK/issuetypes/10002`,
        `${api}/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}`,
      ],
      [`${api}/issue/BOOK-1/transitions?expand=transitions.fields`, `${api}/issue/{issueIdOrKey}/transitions`],
      [`${api}/search/jql`, `${api}/search/jql`, { jql: "project = BOOK", fields: ["*all"], maxResults: 100 }],
      [`${api}/search/approximate-count`, `${api}/search/approximate-count`, { jql: "project = BOOK" }],
    ];
    for (const [path, published, body] of calls) {
      test(`${body === undefined ? "GET" : "POST"} ${path}`, async () => {
        const answer = await read(path, body);
        assert.ok(!Array.isArray(answer) || answer.length > 0, "nothing to validate");
        const validate = validator(published, body === undefined ? "get" : "post");
        // The document describes the list of assignable people as one person, although its text says list.
        const subject = published.endsWith("assignable/search") && !Array.isArray(answer) ? [answer] : answer;
        assert.ok(validate(subject), JSON.stringify(validate.errors?.slice(0, 5), null, 2));
      });
    }

    test("comments", async () => {
      const issue = emulator.world.issues("BOOK").at(-1);
      emulator.world.comment(issue?.nativeId ?? "", "Hello");
      const page = (await read(`${api}/issue/${issue?.key}/comment`)) as { comments: unknown[] };
      assert.ok(page.comments.length > 0);
      const validate = validator(`${api}/issue/{issueIdOrKey}/comment`, "get");
      assert.ok(validate(page), JSON.stringify(validate.errors?.slice(0, 5), null, 2));
    });

    test("responses to writes", async () => {
      const { JIRA_EMAIL, JIRA_API_KEY } = emulator.credentials;
      const send = async (method: string, path: string, body: unknown): Promise<[number, unknown]> => {
        const response = await fetch(`${emulator.url}${api}${path}`, {
          method,
          headers: {
            authorization: `Basic ${btoa(`${JIRA_EMAIL}:${JIRA_API_KEY}`)}`,
            "content-type": "application/json",
          },
          body: JSON.stringify(body),
        });
        const text = await response.text();
        return [response.status, text === "" ? null : JSON.parse(text)];
      };
      const fits = (path: string, method: string, status: string, answer: unknown) => {
        const validate = validator(`${api}${path}`, method, status);
        assert.ok(validate(answer), `${path}: ${JSON.stringify(validate.errors?.slice(0, 5), null, 2)}`);
      };
      const fields = { project: { key: "BOOK" }, issuetype: { name: "Task" }, summary: "made" };
      const [created, made] = await send("POST", "/issue", { fields });
      assert.equal(created, 201);
      fits("/issue", "post", "201", made);
      const [refused, errors] = await send("POST", "/issue", { fields: { ...fields, summary: "" } });
      assert.equal(refused, 400);
      fits("/issue", "post", "400", errors);
      const { id } = made as { id: string };
      const [edited, whole] = await send("PUT", `/issue/${id}?returnIssue=true`, { fields: { summary: "changed" } });
      assert.equal(edited, 200);
      const isIssue = ajv.compile({ $ref: "jira#/components/schemas/IssueBean" });
      assert.ok(isIssue(whole), JSON.stringify(isIssue.errors?.slice(0, 5)));
      const paragraph = { type: "paragraph", content: [{ type: "text", text: "Hm" }] };
      const comment = { body: { type: "doc", version: 1, content: [paragraph] } };
      const [said, answer] = await send("POST", `/issue/${id}/comment`, comment);
      assert.equal(said, 201);
      fits("/issue/{issueIdOrKey}/comment", "post", "201", answer);
      const own = answer as { id: string };
      const [rewritten, again] = await send("PUT", `/issue/${id}/comment/${own.id}`, comment);
      assert.equal(rewritten, 200);
      fits("/issue/{issueIdOrKey}/comment/{id}", "put", "200", again);
      const [listed, list] = await send("POST", "/comment/list?expand=properties", { ids: [Number(own.id)] });
      assert.equal(listed, 200);
      fits("/comment/list", "post", "200", list);
    });

    test("parts of issues: users, links, statuses, types, attachments", async () => {
      const { issues } = (await read(`${api}/search/jql`, {
        jql: "project = BOOK",
        fields: ["*all"],
        maxResults: 100,
      })) as {
        issues: { fields: Record<string, unknown> }[];
      };
      const schemas: Readonly<Record<string, string>> = {
        assignee: "UserDetails",
        status: "StatusDetails",
        issuetype: "IssueTypeDetails",
        priority: "Priority",
      };
      for (const [field, name] of Object.entries(schemas)) {
        const validate = ajv.compile({ $ref: `jira#/components/schemas/${name}` });
        const values = issues
          .map(({ fields }) => fields[field])
          .filter((value) => value !== null && value !== undefined);
        assert.ok(values.length > 0, field);
        for (const value of values) {
          assert.ok(validate(value), `${field}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
        }
      }
    });
  },
);
