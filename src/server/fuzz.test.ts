import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { findUnforeseen, fuzzing, hostileJson, hostileText } from "../../test/support/fuzz.ts";
import { after, before } from "../../test/support/hooks.ts";
import type { SentAnswer } from "../../test/support/send-request.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import { putIssues } from "../../test/support/put-issues.ts";
import { makeIssue } from "../../test/support/store-fixtures.ts";

// Calls everything in the OpenAPI document with parameters and bodies that nobody would send on purpose.

type Schema = {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
};
type Operation = {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
};
type Call = { readonly method: string; readonly path: string; readonly operation: Operation };

let harness: ServerHarness;
let calls: Call[];
let schemas: Readonly<Record<string, Schema>>;
/** Existing things, so that calls reach them as often as missing ones. */
const known = [
  "app#1",
  "app#2",
  "MIN-1",
  "alpha",
  "app",
  "alpha:acme/app",
  "1",
  "Bug",
  "bug",
  "done",
  "me",
  "none",
  "ann",
  "priority",
  "In Review",
];

before(async () => {
  harness = await startServerHarness({
    prepare: (store) =>
      putIssues(
        store,
        [1, 2, 3].map((number) => makeIssue(number)),
      ),
  });
  const document = (await harness.send("/api/openapi.json")).json() as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema> };
  };
  schemas = document.components.schemas;
  calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});
after(() => harness.close());

/** A stream never ends; its parameters are tested in `events/events.test.ts`. */
const streams = new Set(["/api/events"]);

const word = fc.oneof(fc.constantFrom(...known), hostileText);

/** Mostly valid values, with something else in between. */
function valueOf(schema: Schema | undefined, depth = 0): fc.Arbitrary<unknown> {
  const [first = ""] = [schema?.type ?? ""].flat();
  const fitting = (): fc.Arbitrary<unknown> => {
    if (schema === undefined || depth > 4) return hostileJson;
    if (schema.$ref !== undefined) return valueOf(schemas[schema.$ref.split("/").at(-1) ?? ""], depth + 1);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices !== undefined) return fc.oneof(...choices.map((choice) => valueOf(choice, depth + 1)));
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    if (first === "object" || schema.properties !== undefined)
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, valueOf(inner, depth + 1)]),
        ),
        { requiredKeys: [], noNullPrototype: true },
      );
    if (first === "array") return fc.array(valueOf(schema.items, depth + 1), { maxLength: 3 });
    if (first === "integer") return fc.oneof(fc.integer(), fc.constantFrom(0, 1, 2));
    if (first === "number") return fc.double();
    if (first === "boolean") return fc.boolean();
    return word;
  };
  return fc.oneof({ weight: 5, arbitrary: fitting() }, { weight: 1, arbitrary: hostileJson });
}

/** Valid path segments: an empty segment or a surrogate would be another path, or none. */
const pathPart = word.map((text) => encodeURIComponent(text.toWellFormed().slice(0, 500)) || "x");

type Sent = { readonly path: string; readonly query: [string, string][]; readonly body: unknown };

function requestOf({ path, operation }: Call): fc.Arbitrary<Sent> {
  const names = (operation.parameters ?? []).filter((one) => one.in === "query").map(({ name }) => name);
  const content = operation.requestBody?.content["application/json"];
  return fc.record({
    path: fc
      .array(pathPart, { minLength: 3, maxLength: 3 })
      .map((parts) => path.replace(/\{[^}]+\}/g, () => parts.shift() ?? "x")),
    query: fc.array(
      fc.tuple(names.length === 0 ? word : fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...names) }, word), word),
      { maxLength: 4 },
    ),
    body: content === undefined ? fc.constant(undefined) : valueOf(content.schema),
  });
}

function check(sent: Sent, answer: SentAnswer): void {
  const what = `${JSON.stringify(sent).slice(0, 2000)} → ${answer.status} ${answer.text.slice(0, 500)}`;
  assert.notEqual(answer.status, 500, what);
  assert.equal(findUnforeseen(answer.text), null, what);
  if (answer.status < 400) return;
  const problem = answer.json() as { detail?: string; code?: string; error?: string };
  assert.ok((problem.detail ?? problem.error ?? "") !== "", what);
  assert.notEqual(problem.code, "internal", what);
}

describe("every call of the document", () => {
  test("is answered in plain words, whatever is sent", async (t) => {
    assert.ok(calls.length > 40);
    // All calls in one property, so that each call meets what earlier ones left behind.
    const some = fc
      .constantFrom(...calls.filter(({ path }) => !streams.has(path)))
      .chain((call) => requestOf(call).map((sent) => ({ call, sent })));
    const tried = new Set<string>();
    await fc.assert(
      fc.asyncProperty(some, async ({ call, sent }) => {
        const query = new URLSearchParams(sent.query.map(([name, value]) => [name, value.toWellFormed()])).toString();
        const answer = await harness.ask(`${sent.path}${query === "" ? "" : `?${query}`}`, {
          method: call.method,
          ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
        });
        tried.add(`${call.method} ${call.path}`);
        check({ ...sent, path: `${call.method} ${sent.path}` }, answer);
      }),
      fuzzing(t, { runs: 1500, seconds: 12 }),
    );
    t.diagnostic(`${tried.size} of ${calls.length} calls tried`);
    assert.equal((await harness.ask("/api/health")).status, 200);
  });

  test("treats invalid or truncated JSON as an error of the caller", async (t) => {
    const changing = calls.filter(({ operation }) => operation.requestBody !== undefined);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...changing),
        fc.oneof(
          hostileText,
          fc.json().map((text) => text.slice(0, -1)),
          fc.constant(`${"[".repeat(100_000)}`),
        ),
        fc.constantFrom("application/json", "application/json; charset=utf-16", "text/plain", "application/jsonx", ""),
        async ({ method, path }, body, type) => {
          const answer = await harness.ask(path.replace(/\{[^}]+\}/g, "app%231"), {
            method,
            body: body.toWellFormed(),
            headers: { "content-type": type },
          });
          check({ path: `${method} ${path} ${type}`, query: [], body }, answer);
        },
      ),
      fuzzing(t, { runs: 300, seconds: 5 }),
    );
  });
});
