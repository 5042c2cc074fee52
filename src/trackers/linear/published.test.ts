import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildSchema, getVariableValues, type GraphQLSchema, Kind, parse, validate } from "graphql";
import { findSpecification, recordRequests } from "../conformance/published.ts";
import { linearSubject } from "./subject.ts";
import * as queries from "./queries.ts";

const specification = findSpecification("linear.graphql");
const options = "missing" in specification ? { skip: specification.missing } : {};

let built: GraphQLSchema | undefined;
function schema(): GraphQLSchema {
  assert.ok("text" in specification);
  built ??= buildSchema(specification.text(), { assumeValid: true });
  return built;
}

describe("Linear's published schema", () => {
  for (const [name, query] of Object.entries(queries)) {
    if (typeof query !== "object") continue;
    it(`knows everything that ${name} asks for`, options, () => {
      assert.deepEqual(validate(schema(), parse(query.document)), []);
    });
  }

  it("takes every request as it is sent, variables included", options, async (t) => {
    const requests = await recordRequests(t, linearSubject);
    const sent = new Set<string>();
    for (const request of requests) {
      const { query, variables } = JSON.parse(request.body) as { query: string; variables: Record<string, unknown> };
      const document = parse(query);
      const [operation] = document.definitions;
      assert.ok(operation?.kind === Kind.OPERATION_DEFINITION);
      sent.add(operation.name?.value ?? "");
      assert.deepEqual(validate(schema(), document), []);
      const { errors } = getVariableValues(schema(), operation.variableDefinitions ?? [], variables);
      assert.deepEqual(errors?.map(String) ?? [], []);
    }
    for (const name of ["Viewer", "Teams", "Team", "Labels", "Issues", "IssueIds", "Issue", "Comments"]) {
      assert.ok(sent.has(name), `${name} was not sent`);
    }
  });
});
