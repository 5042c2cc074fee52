import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseQuery, type Query } from "../../../emulators/rally/query-grammar.ts";
import { allOf, anyOf, compare, type Condition, type Operator, type QueryValue, writeQuery } from "./query.ts";

const operators: readonly Operator[] = ["=", "!=", "<", "<=", ">", ">=", "contains", "!contains"];
const attribute = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}(\.[A-Za-z][A-Za-z0-9_]{0,8}){0,2}$/);
const value: fc.Arbitrary<QueryValue> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom('"', "\\", "(", ")", " ", "AND", "\n", "a", "null") }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") }),
);
const comparison = fc.tuple(attribute, fc.constantFrom(...operators), value).map((parts) => compare(...parts));
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    comparison,
    fc
      .tuple(fc.constantFrom(allOf, anyOf), fc.array(tie("condition"), { minLength: 1, maxLength: 5 }))
      .map(([join, all]) => {
        const joined = join(all);
        assert.ok(joined);
        return joined;
      }),
  ),
}));

/** The result of parsing a formatted condition. */
function expected(one: Condition): Query {
  if ("join" in one) return { kind: one.join, left: expected(one.left), right: expected(one.right) };
  const text = one.value instanceof Date ? one.value.toISOString() : String(one.value);
  const isQuoted = typeof one.value === "string" || one.value instanceof Date;
  return { kind: "comparison", attribute: one.attribute, operator: one.operator, value: { text, isQuoted } };
}

describe("queries", () => {
  it("parse as what they were built from, whatever the values contain", () => {
    fc.assert(
      fc.property(condition, (one) => assert.deepEqual(parseQuery(writeQuery(one)), expected(one))),
      { numRuns: 500 },
    );
  });

  it("are joined in pairs, each in its own parentheses", () => {
    const [a, b, c] = ["A", "B", "C"].map((name) => compare(name, "=", 1));
    assert.ok(a && b && c);
    assert.equal(writeQuery(allOf([a, b, c]) ?? a), "(((A = 1) AND (B = 1)) AND (C = 1))");
    assert.equal(writeQuery(anyOf([a, null]) ?? b), "(A = 1)");
    assert.equal(allOf([]), null);
    assert.equal(
      writeQuery(compare("LastUpdateDate", ">=", new Date(0))),
      '(LastUpdateDate >= "1970-01-01T00:00:00.000Z")',
    );
  });

  it("nest a thousand conditions in few levels", () => {
    const all = allOf(Array.from({ length: 1000 }, (_, index) => compare("ObjectID", "!=", index)));
    assert.ok(all);
    const depth = (query: Query): number =>
      query.kind === "comparison" ? 1 : 1 + Math.max(depth(query.left), depth(query.right));
    assert.ok(depth(parseQuery(writeQuery(all))) <= 12);
  });

  it("refuse invalid attributes and numbers", () => {
    for (const name of ["", "a b", "A) OR (B", "1A", "A.", "A..B"]) {
      assert.throws(() => writeQuery(compare(name, "=", 1)), { code: "internal" });
    }
    assert.throws(() => writeQuery(compare("A", "=", Number.NaN)), { code: "internal" });
  });
});
