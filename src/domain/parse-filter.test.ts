import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isPanopticonError } from "./error.ts";
import { parseFilter, type WrittenFilter } from "./parse-filter.ts";
import { statuses } from "./status.ts";

const words = {
  trackers: ["alpha", "beta"],
  projects: [
    { id: "myapp", name: "My Application" },
    { id: "site", name: "Site" },
  ],
};
const parse = (written: WrittenFilter) => parseFilter(written, words);
const refused = (written: WrittenFilter, message: RegExp, code = "invalid_input") =>
  assert.throws(
    () => parse(written),
    (error) => {
      assert.ok(isPanopticonError(error));
      assert.equal(error.code, code);
      assert.match(`${error.message} ${error.hint ?? ""}`, message);
      return true;
    },
  );

test("an empty query is an empty filter, sorted by priority", () => {
  assert.deepEqual(parse([]), { filter: {}, sort: { key: "priority", reverse: false } });
  assert.deepEqual(
    parse([
      ["label", ""],
      ["q", "  "],
      ["status", ",,"],
    ]).filter,
    {},
  );
});

test("repeated and comma-separated values mean any of", () => {
  const { filter } = parse([
    ["status", "in_progress,In Review"],
    ["status", "done"],
    ["label", "needs\\, work,bug"],
    ["assignee", "me"],
    ["assignee", "none"],
    ["priority", "urgent,2"],
    ["tracker", "ALPHA"],
    ["project", "My Application"],
  ]);
  assert.deepEqual(filter, {
    status: ["in_progress", "in_review", "done"],
    label: ["needs, work", "bug"],
    assignee: ["me", "none"],
    priority: [1, 2],
    tracker: ["alpha"],
    project: ["myapp"],
  });
});

test("a search text keeps its commas", () => {
  assert.equal(parse([["q", "login, then logout"]]).filter.q, "login, then logout");
});

test("times", () => {
  const day = Date.UTC(2026, 0, 1);
  assert.deepEqual(parse([["updated", ">2026-01-01"]]).filter.updated, { after: day });
  assert.deepEqual(parse([["updated", ">=2026-01-01"]]).filter.updated, { after: day - 1 });
  assert.deepEqual(parse([["updated", "2026-01-01"]]).filter.updated, { after: day - 1, before: day + 86_400_000 });
  assert.deepEqual(parse([["updated", ">2026-01-01,<2026-01-02T12:30Z"]]).filter.updated, {
    after: day,
    before: day + 86_400_000 + 45_000_000,
  });
  refused([["updated", "yesterday"]], /not a valid time/);
  refused([["updated", ">2026-02-30"]], /not a valid time/);
});

test("blockers and agents", () => {
  assert.deepEqual(parse([["blocked", "Yes"]]).filter, { blocked: ["yes"] });
  assert.deepEqual(parse([["agent", "waiting,none"]]).filter, { agent: ["waiting", "none"] });
});

test("sort", () => {
  assert.deepEqual(parse([["sort", "-updated"]]).sort, { key: "updated", reverse: true });
  refused([["sort", "updated,created"]], /one key/);
});

test("an unknown word is refused with the nearest known one", () => {
  refused([["status", "in_progres"]], /Did you mean “in_progress”/);
  refused([["statsu", "done"]], /Did you mean “status”/);
  refused([["tracker", "alhpa"]], /Did you mean “alpha”/);
  refused([["project", "mayapp"]], /Did you mean “myapp”/, "not_found");
  refused([["priority", "urgnt"]], /Did you mean “urgent”/);
  refused([["blocked", "yea"]], /Did you mean “yes”/);
  refused([["agent", "wating"]], /Did you mean “waiting”/);
  refused([["sort", "prio"]], /Did you mean “priority”/);
  refused([["tracker", "zzzzzzzz"]], /Available: alpha, beta/);
});

test("any input is parsed or refused as invalid_input, or not_found for an unknown project", () => {
  const key = fc.oneof(
    fc.constantFrom("status", "label", "q", "updated", "sort", "priority", "tracker", "project"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.string())), (written) => {
      try {
        const { filter } = parse(written);
        for (const status of filter.status ?? []) assert.ok(statuses.includes(status));
      } catch (error) {
        assert.ok(isPanopticonError(error) && ["invalid_input", "not_found"].includes(error.code), String(error));
      }
    }),
  );
});
