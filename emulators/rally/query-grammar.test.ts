import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseQuery, QueryError } from "./query-grammar.ts";

describe("the query language", () => {
  for (const text of [
    "(State = Open)",
    '(Name contains "a (b) c")',
    '(Name = "say \\"hello\\"")',
    "((A = 1) AND (B = 2))",
    "(((A = 1) AND (B = 2)) OR (C != null))",
    "((ScheduleState != Accepted)AND(ScheduleState != Completed))",
    "(Owner.UserName = someone@example.com)",
    "( c_Custom !contains x )",
  ]) {
    test(`accepts ${text}`, () => assert.ok(parseQuery(text)));
  }

  const wrong: readonly (readonly [query: string, words: RegExp])[] = [
    ["((A = 1) AND (B = 2) AND (C = 3))", /^Error parsing expression -- expected "\)" but saw "AND" instead\.$/],
    ["(A = 1) AND (B = 2)", /expected end of expression but saw "AND"/],
    ["A = 1", /expected "\(" but saw "A"/],
    ["(A=1)", /expected " " but saw "=1"/],
    ["(A =1)", /unknown operator "=1"/],
    ["(A like 1)", /unknown operator "like"/],
    ["(A = two words)", /expected "\)" but saw "words"/],
    ["(A = (x))", /expected a value/],
    ['(A = "open)', /expected a value/],
    ["((A = 1) and (B = 2))", /expected "AND" or "OR" but saw "and"/],
    ["((A = 1))", /expected "AND" or "OR" but saw "\)"/],
    ["(A = 1", /expected "\)" but saw ""/],
    ["()", /expected an attribute/],
    ["(1A = 1)", /expected an attribute/],
    [`${"(".repeat(2000)}A = 1${")".repeat(2000)}`, /too deeply nested/],
  ];
  for (const [query, words] of wrong) {
    test(`rejects ${query.slice(0, 40)}`, () => {
      assert.throws(
        () => parseQuery(query),
        (error: unknown) => error instanceof QueryError && words.test(error.message),
      );
    });
  }
});
