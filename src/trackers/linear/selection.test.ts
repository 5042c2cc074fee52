import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse, type SelectionSetNode } from "graphql";
import * as queries from "./queries.ts";
import { maxPoints, pageSizeFor, pointsOf, toText } from "./selection.ts";

const all = Object.entries(queries).flatMap(([name, query]) =>
  typeof query === "object" ? [[name, query] as const] : [],
);

/** Computes a document's complexity independently from its text: `nodes` marks what a connection multiplies. */
function priceOf(set: SelectionSetNode, first: number): number {
  return set.selections.reduce((sum, field) => {
    if (field.kind !== "Field") throw new Error("only fields are expected");
    if (field.selectionSet === undefined) return sum + 0.1;
    const argument = field.arguments?.find((one) => one.name.value === "first")?.value;
    const times = argument === undefined ? 1 : argument.kind === "IntValue" ? Number(argument.value) : first;
    return sum + 1 + times * priceOf(field.selectionSet, first);
  }, 0);
}

describe("the complexity of a query", () => {
  for (const [name, { document, pageSize }] of all) {
    it(`${name} stays within Linear's limit`, () => {
      const [operation] = parse(document).definitions;
      assert.ok(operation?.kind === "OperationDefinition");
      assert.ok(priceOf(operation.selectionSet, pageSize) <= maxPoints);
    });
  }

  it("counts scalars, objects and connections", () => {
    const selection = ["a", "b", { name: "one", fields: ["c"] }, { name: "many", first: 10, fields: ["d"] }];
    assert.ok(Math.abs(pointsOf(selection, 0) - (0.2 + 1.1 + 1 + 10 * 1.1)) < 1e-9);
    assert.equal(toText(selection), "a b one { c } many(first: 10) { nodes { d } }");
  });

  it("reduces the page size when more is selected", () => {
    const dear = { name: "inner", first: 50, fields: ["x", "y"] };
    assert.equal(pageSizeFor([{ name: "list", first: "$first", fields: ["x"] }]), 250);
    assert.ok(pageSizeFor([{ name: "list", first: "$first", fields: [dear] }]) < 170);
  });

  it("fits a whole page of issues, as required for 10,000 issues in 40 requests", () => {
    assert.equal(queries.issuesQuery.pageSize, 250);
  });
});
