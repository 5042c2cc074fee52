import assert from "node:assert/strict";
import { test } from "node:test";
import { inventedTracker } from "../shell/invented-tracker.ts";
import { projectKeys } from "./project-keys.ts";

const two = inventedTracker({
  id: "two",
  label: "Two",
  connection: "two",
  sourceKeys: [{ key: "two_team", label: "Team", plural: "Teams", placeholder: "APP" }],
});
const trackers = [inventedTracker(), inventedTracker({ connection: "work" }), two];

test("one source is a value, several are a list, each under its tracker's key", () => {
  assert.deepEqual(
    projectKeys(
      [
        { tracker: "one", connection: "one", key: "acme/app" },
        { tracker: "one", connection: "one", key: "acme/site" },
        { tracker: "two", connection: "two", key: "APP" },
      ],
      trackers,
    ),
    { keys: { one_repo: ["acme/app", "acme/site"], two_team: "APP" } },
  );
});

test("a named connection is named", () => {
  assert.deepEqual(projectKeys([{ tracker: "one", connection: "work", key: "acme/app" }], trackers), {
    keys: { one_repo: "acme/app", connections: { one: "work" } },
  });
});

test("two connections of one tracker do not fit into one project", () => {
  const result = projectKeys(
    [
      { tracker: "one", connection: "one", key: "a" },
      { tracker: "one", connection: "work", key: "b" },
    ],
    trackers,
  );
  assert.deepEqual(result, { problem: "A project reads One through one connection; one and work are chosen" });
});
