import assert from "node:assert/strict";
import { test } from "node:test";
import { layOverRelations, type LocalRelation, type Relation } from "./lay-over-relations.ts";

const relation = (id: string, address: string): Relation => ({
  id,
  type: "relates",
  ref: address,
  address,
  key: address,
  url: null,
  tracker: "linear",
  title: address,
  status: "backlog",
  origin: "made",
});
const shown = (relations: readonly Relation[], changes: readonly LocalRelation[]) =>
  layOverRelations(relations, changes).map(({ id }) => id);

test("an added relation appears at once, and only once while it is also read; a removed one is gone", () => {
  const added: LocalRelation = { kind: "added", relation: relation("local", "A-2") };
  assert.deepEqual(shown([relation("r1", "A-1")], [added]), ["r1", "local"]);
  assert.deepEqual(shown([relation("r1", "A-1"), relation("r2", "A-2")], [added]), ["r1", "r2"]);
  assert.deepEqual(shown([relation("r1", "A-1")], [{ kind: "removed", relation: relation("r1", "A-1") }]), []);
});

test("undoing shows what was before, whether the change was read or not", () => {
  const [local, read] = [relation("local", "A-2"), relation("r2", "A-2")];
  const addedAndBack: LocalRelation[] = [
    { kind: "added", relation: local },
    { kind: "removed", relation: local },
  ];
  assert.deepEqual(shown([], addedAndBack), []);
  assert.deepEqual(shown([read], addedAndBack), []);
  const removedAndBack: LocalRelation[] = [
    { kind: "removed", relation: read },
    { kind: "added", relation: read },
  ];
  assert.deepEqual(shown([read], removedAndBack), ["r2"]);
  assert.deepEqual(shown([], removedAndBack), ["r2"]);
});
