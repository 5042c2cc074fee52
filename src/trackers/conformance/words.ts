import assert from "node:assert/strict";
import { statusOf } from "../../domain/mapping.ts";
import { statuses } from "../../domain/status.ts";
import { hasCode } from "./assert-code.ts";
import { createMirror } from "./mirror.ts";
import type { Register } from "./register.ts";
import { setStage, type Subject } from "./stage.ts";

/** States, labels, members, cycles, priorities and their mapping. */
export function testWords(it: Register, subject: Subject): void {
  it("describes a source, including everything that its issues refer to", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 400 });
    const { info, vocabulary, mapping, warnings } = await connection.describe(source, {});
    assert.equal(info.id, emulator.sources[0]?.id);
    assert.equal(info.key, source.key);
    assert.deepEqual(warnings ?? [], []);

    const mirror = createMirror();
    const { pages } = await mirror.pull(connection, source);
    const known = {
      states: new Set(vocabulary.states.map(({ id }) => id)),
      labels: new Set(vocabulary.labels.map(({ id }) => id)),
      people: new Set([...vocabulary.people, ...pages.flatMap((page) => page.seen.people ?? [])].map(({ id }) => id)),
      cycles: new Set([...vocabulary.cycles, ...pages.flatMap((page) => page.seen.cycles ?? [])].map(({ id }) => id)),
      priorities: new Set(vocabulary.priorities.map(({ id }) => id)),
      named: new Map(pages.flatMap((page) => page.seen.named ?? []).map((other) => [other.id, other])),
    };
    for (const issue of mirror.issues.values()) {
      assert.ok(known.states.has(issue.stateId), issue.stateId);
      for (const id of issue.labelIds) assert.ok(known.labels.has(id), `label ${id}`);
      for (const id of [...issue.assigneeIds, issue.authorId])
        assert.ok(id === null || known.people.has(id), `person ${id}`);
      assert.ok(issue.cycleId === null || known.cycles.has(issue.cycleId), `cycle ${issue.cycleId}`);
      const parent = issue.parentId === null ? undefined : mirror.issues.get(issue.parentId);
      if (parent !== undefined) {
        const { key = "", title, url } = known.named.get(parent.nativeId) ?? {};
        assert.ok(key.endsWith(parent.key), `parent ${parent.key} of ${issue.key}`);
        assert.deepEqual([title, url], [parent.title, parent.url]);
      }
      if (issue.nativePriority !== null) assert.ok(known.priorities.has(issue.nativePriority));
      assert.ok(mapping.statusRules.some((rule) => rule.stateId === issue.stateId));
    }
    const names = new Map(vocabulary.labels.map(({ id, name }) => [id, name]));
    const used = new Set(
      [...mirror.issues.values()].map((issue) =>
        statusOf(mapping, { stateId: issue.stateId, labels: issue.labelIds.map((id) => names.get(id) ?? "") }),
      ),
    );
    assert.deepEqual(
      [...statuses].filter((status) => !used.has(status)),
      [],
      "the seed shows every status",
    );
  });

  it("returns the tracker's own labels and assignees", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 60 });
    const { vocabulary } = await connection.describe(source, {});
    const mirror = createMirror();
    const { pages } = await mirror.pull(connection, source);
    const labels = new Map(
      [...vocabulary.labels, ...pages.flatMap((page) => page.seen.labels ?? [])].map((label) => [label.id, label.name]),
    );
    const logins = new Map(
      [...vocabulary.people, ...pages.flatMap((page) => page.seen.people ?? [])].map((person) => [
        person.id,
        person.login,
      ]),
    );
    for (const one of emulator.world.issues(source.key)) {
      const issue = mirror.issues.get(one.nativeId);
      assert.deepEqual(sorted(issue?.labelIds.map((id) => labels.get(id) ?? id)), sorted(one.labels));
      assert.deepEqual(sorted(issue?.assigneeIds.map((id) => logins.get(id) ?? id)), sorted(one.assignees));
      assert.equal(issue?.closedAt !== null, one.closed);
    }
  });

  it("names related issues, whether or not they are mirrored", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 10 });
    const { world } = emulator;
    const [blocked, blocker] = [
      world.create(source.key, { title: "Waits" }),
      world.create(source.key, { title: "First" }),
    ];
    world.block?.(blocked.nativeId, blocker.nativeId);
    const read = await connection.read(source, blocked.nativeId, blocked.key);
    assert.ok(read.kind === "issue");
    assert.deepEqual(
      read.issue.relations?.map(({ type, targetId }) => [type, targetId]),
      [["blocked_by", blocker.nativeId]],
    );
    const { key = "", title, url = "" } = read.seen.named?.find(({ id }) => id === blocker.nativeId) ?? {};
    assert.ok(key.endsWith(blocker.key), key);
    assert.deepEqual([title, URL.canParse(url)], ["First", true]);
  });

  it("shows a renamed label everywhere, because issues contain its id", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 60 });
    const label = emulator.world.issues(source.key).flatMap((issue) => issue.labels)[0] ?? "";
    const before = (await connection.describe(source, {})).vocabulary.labels.find((one) => one.name === label);
    emulator.world.renameLabel(source.key, label, "renamed by somebody");
    const after = (await connection.describe(source, {})).vocabulary.labels.find((one) => one.id === before?.id);
    assert.equal(after?.name, "renamed by somebody");
  });

  it("applies overrides, and warns about names that do not exist with the nearest one", async (t) => {
    const { connection, source } = await setStage(t, subject, { issues: 40 });
    const { vocabulary } = await connection.describe(source, {});
    const state = vocabulary.states.at(-1);
    const label = vocabulary.labels[0];
    assert.ok(state && label);
    const { mapping, warnings } = await connection.describe(source, {
      planning: `label:${label.name.toUpperCase()}`,
      done: state.name.toUpperCase(),
      in_review: `${state.name}x`,
    });
    assert.equal(statusOf(mapping, { stateId: state.id, labels: [] }), "done");
    const open = vocabulary.states[0]?.id ?? "";
    assert.equal(statusOf(mapping, { stateId: open, labels: [label.name] }), "planning");
    assert.equal(warnings?.length, 1);
    assert.equal(warnings[0]?.code, "invalid_input");
    assert.equal(warnings[0]?.candidates[0], state.name);
  });

  it("gives a state or label that is set for two statuses to the first, and warns about it", async (t) => {
    const { connection, source } = await setStage(t, subject, { issues: 40 });
    const { vocabulary, mapping: detected } = await connection.describe(source, {});
    const state = vocabulary.states.at(-1);
    const label = vocabulary.labels[0];
    assert.ok(state && label);
    const { mapping, warnings } = await connection.describe(source, {
      done: state.name,
      canceled: state.name.toLowerCase(),
      planning: `label:${label.name}`,
      in_review: `label:${label.name}`,
    });
    assert.equal(statusOf(mapping, { stateId: state.id, labels: [] }), "done");
    assert.deepEqual(
      warnings?.map(({ message }) => / both (\w+ and \w+): /.exec(message)?.[1]),
      ["done and canceled", "planning and in_review"],
    );
    const rulesOf = ({ statusRules }: typeof mapping) =>
      statusRules.filter(
        ({ status, stateId }) => status === "in_review" || (status === "canceled" && stateId !== state.id),
      );
    assert.deepEqual(rulesOf(mapping), rulesOf(detected), "what is not set is detected");
  });

  it("throws not_found for a source that does not exist", async (t) => {
    const { connection, source } = await setStage(t, subject, { issues: 10 });
    const missing = { ...source, key: source.key.replace(/\w+$/, "NOSUCH") };
    await assert.rejects(
      connection.describe(missing, {}),
      hasCode("not_found", (error) => error.message.includes("NOSUCH")),
    );
    const pages = connection.pull(missing, { cursor: null, resume: null, signal: new AbortController().signal });
    await assert.rejects(Array.fromAsync(pages), hasCode("not_found"));
  });
}

function sorted(names: readonly string[] | undefined): string[] | undefined {
  return names === undefined ? undefined : [...names].sort();
}
