import assert from "node:assert/strict";
import { test } from "node:test";
import { inventedTracker } from "../shell/invented-tracker.ts";
import { changedProjectKeys, projectKeys, type ChosenSource } from "./project-keys.ts";

const two = inventedTracker({
  id: "two",
  label: "Two",
  connection: "two",
  sourceKeys: [{ key: "two_team", label: "Team", plural: "Teams", placeholder: "APP", qualifier: "two_space" }],
});
const trackers = [inventedTracker(), inventedTracker({ connection: "work" }), two];

test("one source is a value, several are a list, under the tracker's key", () => {
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

test("writes the name of a named connection", () => {
  assert.deepEqual(projectKeys([{ tracker: "one", connection: "work", key: "acme/app" }], trackers), {
    keys: { one_repo: "acme/app", connections: { one: "work" } },
  });
});

test("rejects two connections of one tracker in one project", () => {
  const result = projectKeys(
    [
      { tracker: "one", connection: "one", key: "a" },
      { tracker: "one", connection: "work", key: "b" },
    ],
    trackers,
  );
  assert.deepEqual(result, { problem: "A project can use only one One connection; you chose one and work" });
});

test("a change has only the keys of changed trackers, with null for removed ones", () => {
  const app = { tracker: "one", connection: "one", key: "acme/app" };
  const site = { tracker: "one", connection: "one", key: "acme/site" };
  const team = { tracker: "two", connection: "two", key: "APP" };
  const changed = (before: ChosenSource[], after: ChosenSource[]) => changedProjectKeys(before, after, trackers);
  assert.deepEqual(changed([app, team], [app, site, team]), { keys: { one_repo: ["acme/app", "acme/site"] } });
  assert.deepEqual(changed([app, team], [app]), { keys: { two_team: null, two_space: null } });
  assert.deepEqual(changed([app, team], [{ ...app, key: "Acme/App" }, team]), { keys: {} });
  assert.deepEqual(changed([app], [{ ...app, connection: "work" }]), {
    keys: { one_repo: "acme/app", connections: { one: "work" } },
  });
});
