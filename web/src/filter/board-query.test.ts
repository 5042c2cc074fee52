import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseFilter } from "../../../src/domain/parse-filter.ts";
import { priorityLabels } from "../../../src/domain/priority.ts";
import { statuses } from "../../../src/domain/status.ts";
import {
  emptyQuery,
  formatQuery,
  hasChip,
  parseChip,
  parseQuery,
  plainValueLabel,
  queryParams,
  sortNames,
  withChip,
  withoutChip,
  type BoardQuery,
  type Chip,
} from "./board-query.ts";
import { groupings } from "../../../src/domain/grouping.ts";

/** Records with a normal prototype, which deepEqual compares. */
function record<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true });
}

const freeText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).map((text) => text.trim());
const value = freeText.filter((text) => text !== "" && !text.includes("\\"));
const chip: fc.Arbitrary<Chip> = fc.oneof(
  record({ key: fc.constantFrom("tracker", "project", "assignee", "label", "type", "cycle"), value }),
  record({ key: fc.constant("status" as const), value: fc.constantFrom(...statuses) }),
  record({
    key: fc.constant("priority" as const),
    value: fc.constantFrom(...Object.values(priorityLabels).map((label) => label.toLowerCase())),
  }),
  record({
    key: fc.constant("updated" as const),
    value: fc.constantFrom(">2026-01-31", "<=2025-12-01", "2026-02-28"),
  }),
);
const query: fc.Arbitrary<BoardQuery> = record({
  chips: fc.array(chip, { maxLength: 6 }).map((chips) => chips.filter((one, at) => !hasChip(chips.slice(0, at), one))),
  text: freeText,
  sort: record({ name: fc.constantFrom(...sortNames), reverse: fc.boolean() }),
  group: fc.constantFrom(...groupings),
});

test("a query survives the round trip through the URL", () => {
  fc.assert(
    fc.property(query, (written) => {
      const { query: read, problems } = parseQuery(formatQuery(written));
      assert.deepEqual(problems, []);
      assert.deepEqual(read, written);
    }),
  );
});

test("the server parses the parameters the board sends", () => {
  fc.assert(
    fc.property(query, (written) => {
      const trackers = written.chips.filter(({ key }) => key === "tracker").map((one) => one.value);
      const projects = written.chips.filter(({ key }) => key === "project").map(({ value: id }) => ({ id, name: id }));
      const { filter, sort } = parseFilter(queryParams(written), { trackers, projects });
      const labels = written.chips.filter(({ key }) => key === "label").map((one) => one.value);
      assert.deepEqual(filter.label ?? [], labels);
      assert.equal(filter.q ?? "", written.text);
      assert.deepEqual(sort, { key: written.sort.name, reverse: written.sort.reverse });
    }),
  );
});

test("the default board has an empty query", () => {
  assert.equal(formatQuery(emptyQuery), "");
  assert.deepEqual(parseQuery(""), { query: emptyQuery, problems: [] });
});

test("values may be repeated, comma-separated, or contain a comma", () => {
  const { query: read } = parseQuery("?label=bug,docs&label=needs%5C%2C+work&label=bug");
  assert.deepEqual(
    read.chips.map((one) => one.value),
    ["bug", "docs", "needs, work"],
  );
  assert.equal(formatQuery(read), "label=bug&label=docs&label=needs%5C%2C+work");
});

test("accepts the spellings people use", () => {
  assert.deepEqual(parseChip("status", "In Review"), { chip: { key: "status", value: "in_review" } });
  assert.deepEqual(parseChip("priority", "1"), { chip: { key: "priority", value: "urgent" } });
  assert.deepEqual(parseChip("updated", ">= 2026-01-31"), { chip: { key: "updated", value: ">=2026-01-31" } });
});

test("reports an invalid part and reads the rest", () => {
  const { query: read, problems } = parseQuery("label=bug&status=reviewed&foo=1&updated=yesterday&sort=size&q=crash");
  assert.deepEqual(read.chips, [{ key: "label", value: "bug" }]);
  assert.equal(read.text, "crash");
  assert.deepEqual(read.sort, emptyQuery.sort);
  assert.deepEqual(
    problems.map(({ key }) => key),
    ["status", "foo", "updated", "sort"],
  );
  assert.match(problems[0]?.message ?? "", /Unknown status “reviewed”; use backlog, planning/);
  assert.equal(parseQuery("updated=2026-02-30").problems.length, 1);
});

test("a column requests its own status, whatever the filter names", () => {
  const { query: read } = parseQuery("status=done&status=backlog&label=bug&sort=-updated");
  assert.equal(queryParams(read, "done").toString(), "status=done&label=bug&sort=-updated");
});

test("chips are added once and removed individually", () => {
  const bug: Chip = { key: "label", value: "bug" };
  const once = withChip(withChip(emptyQuery, bug), { key: "label", value: "Bug" });
  assert.deepEqual(once.chips, [bug]);
  assert.deepEqual(withoutChip(once, bug).chips, []);
});

test("chips describe their condition", () => {
  assert.equal(plainValueLabel({ key: "status", value: "in_review" }), "In Review");
  assert.equal(plainValueLabel({ key: "priority", value: "urgent" }), "Urgent");
  assert.equal(plainValueLabel({ key: "updated", value: ">2026-01-31" }), "since 2026-01-31");
  assert.equal(plainValueLabel({ key: "updated", value: "<=2026-01-31" }), "before 2026-01-31");
  assert.equal(plainValueLabel({ key: "updated", value: "2026-01-31" }), "on 2026-01-31");
});
