import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildSchema, getVariableValues, type GraphQLSchema, Kind, parse, validate } from "graphql";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { linkTypes, newLabelId } from "../../domain/operation.ts";
import { sentMark } from "../conformance/operation-mark.ts";
import { findSpecification, recordRequests } from "../conformance/published.ts";
import * as mutations from "./write/mutations.ts";
import * as queries from "./queries.ts";
import { linearSubject } from "./subject.ts";
import * as webhookDocuments from "./webhook-documents.ts";
import { setWriteStage, toAddress, type WriteStage } from "./write/write-stage.ts";

const specification = findSpecification("linear.graphql");
const options = "missing" in specification ? { skip: specification.missing } : {};

let built: GraphQLSchema | undefined;
function schema(): GraphQLSchema {
  assert.ok("text" in specification);
  built ??= buildSchema(specification.text(), { assumeValid: true });
  return built;
}

describe("Linear's published schema", () => {
  for (const [name, { document }] of Object.entries({ ...queries, ...mutations, ...webhookDocuments })) {
    it(`contains everything that ${name} selects`, options, () => {
      assert.deepEqual(validate(schema(), parse(document)), []);
    });
  }

  it("accepts every query as sent, including its variables", options, async (t) => {
    const requests = await recordRequests(t, linearSubject);
    const sent = check(requests);
    for (const name of ["Viewer", "Teams", "Team", "Labels", "Issues", "IssueIds", "Issue", "Comments"]) {
      assert.ok(sent.has(name), `${name} was not sent`);
    }
  });

  it("accepts every mutation as sent", options, async (t) => {
    const stage = await setWriteStage(t);
    await writeAll(stage);
    const sent = check(stage.emulator.requests.list());
    const all = Object.values(mutations).map(({ document }) => /^mutation (\w+)/.exec(document)?.[1] ?? "");
    for (const name of [...all, "LabelsByName", "LabelGroups", "TeamId", "Relations", "Comments"]) {
      assert.ok(sent.has(name), `${name} was not sent`);
    }
  });
});

/** The names of the operations sent, after validating each with its variables against the published schema. */
function check(requests: readonly { readonly body: string }[]): ReadonlySet<string> {
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
  return sent;
}

/** Performs every kind of write once. */
async function writeAll(stage: WriteStage): Promise<void> {
  const { connection, write, source } = stage;
  const { vocabulary } = await connection.describe(source, {});
  const [one, two] = [await stage.issue(0), await stage.issue(1)];
  const [label, person, cycle] = [vocabulary.labels[0], vocabulary.people[1], vocabulary.cycles[0]];
  const state = vocabulary.states.find(({ id }) => id !== one.stateId);
  assert.ok(label && person && cycle && state);
  const whole = {
    title: "New",
    body: "- new",
    stateId: state.id,
    nativePriority: "4",
    cycleId: cycle.id,
    dueDate: "2027-01-01",
    estimate: 21,
    parent: toAddress(two, source),
  };
  const made = { id: newLabelId("new"), name: "new" };
  await stage.edit(one, {
    ...whole,
    addAssignees: [person.id],
    addLabels: [made],
    removeLabels: one.labelIds.map((id) => ({ id, name: id })),
  });
  const mark = sentMark();
  const chosen = { labels: [label], assigneeIds: [person.id] };
  await write.create({ ...source, nativeId: null }, { ...blankDraft, ...whole, ...chosen }, mark);
  const address = toAddress(one, source);
  await write.comment(source, address, "A comment", mark);
  await write.findComments(source, address, "A comment", mark);
  await write.editComment(source, address, mark.id, "Changed");
  await write.deleteComment(source, address, mark.id);
  for (const type of linkTypes) {
    const relation = { type, target: toAddress(two, source), id: null };
    await write.relate(source, address, relation);
    await write.unrelate(source, address, relation);
  }
  await write.createState?.(source, "Building", { category: "started" });
  const group = await stage.makeLabelGroup("Size", ["Small", "Large"]);
  for (const sized of group.labels) await stage.edit(await stage.read(one.nativeId), { addLabels: [sized] });
}
