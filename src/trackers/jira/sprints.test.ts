import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { parseSprint, readSprints } from "./sprints.ts";

const printed = (name: string, goal = "<null>") =>
  `com.atlassian.greenhopper.service.sprint.Sprint@1f[activatedDate=<null>,completeDate=<null>,endDate=2026-11-29T10:00:00.000Z,goal=${goal},id=7,name=${name},rapidViewId=2,sequence=7,startDate=<null>,state=ACTIVE,synced=false]`;

it("parses a sprint printed by Data Center, whatever its name contains", () => {
  for (const name of ["Sprint 7", "A, b=c, [d]", "x,y", "Übung ]"]) {
    const sprint = parseSprint(printed(name));
    assert.deepEqual([sprint?.id, sprint?.name, sprint?.state], ["7", name, "ACTIVE"]);
    assert.equal(sprint?.endDate, "2026-11-29T10:00:00.000Z");
  }
  assert.equal(parseSprint(printed("Sprint 7", "name=other"))?.id, "7");
});

it("returns null for anything else", () => {
  for (const text of ["", "Sprint", "[]", "x[name=y]"]) assert.equal(parseSprint(text), null, text);
  fc.assert(fc.property(fc.string(), (text) => void parseSprint(text)));
});

it("parses Cloud's objects, and drops what is neither", () => {
  const fields = { customfield_1: [{ id: 5, name: "S5", state: "closed" }, null, 4, printed("S7")] };
  const sprints = readSprints(fields as never, ["customfield_1", "customfield_2"]);
  assert.deepEqual(
    sprints.map(({ id, name }) => [id, name]),
    [
      ["5", "S5"],
      ["7", "S7"],
    ],
  );
});
