import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { Emulator } from "../emulator.ts";
import { missingReference, readReference } from "../server/reference-file.ts";
import { startEmulator } from "../start.ts";

const fileName = "jira-v3.openapi.json";
const reference = readReference(fileName);

type Operation = { responses: Record<string, { content?: Record<string, { schema: object }> }> };
type Document = { paths: Record<string, Record<string, Operation>>; components: object };

/** Jira writes times with an offset without its colon, and null where its document has no value. */
function loosen(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(loosen);
  if (typeof value !== "object" || value === null) return value;
  const { format, ...rest } = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, loosen(inner)]));
  if (format === undefined || typeof format === "object")
    return { ...(format === undefined ? {} : { format }), ...rest };
  return format === "date-time" ? rest : { ...rest, format };
}

describe(
  "the Jira emulator's answers fit the published schema",
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

    function validator(path: string, method: string): ValidateFunction {
      const schema = document.paths[path]?.[method]?.responses["200"]?.content?.["application/json"]?.schema;
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
      [`${api}/issue/BOOK-1`, `${api}/issue/{issueIdOrKey}`],
      [`${api}/issue/BOOK-1/transitions?expand=transitions.fields`, `${api}/issue/{issueIdOrKey}/transitions`],
      [`${api}/search/jql`, `${api}/search/jql`, { jql: "project = BOOK", fields: ["*all"], maxResults: 100 }],
      [`${api}/search/approximate-count`, `${api}/search/approximate-count`, { jql: "project = BOOK" }],
    ];
    for (const [path, published, body] of calls) {
      test(`${body === undefined ? "GET" : "POST"} ${path}`, async () => {
        const answer = await read(path, body);
        assert.ok(!Array.isArray(answer) || answer.length > 0, "nothing to validate");
        const validate = validator(published, body === undefined ? "get" : "post");
        // The document says that the list of assignable people is one person; the text beside it says list.
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

    test("what issues hold: users, links, statuses, types, attachments", async () => {
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
