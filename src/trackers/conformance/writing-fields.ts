import assert from "node:assert/strict";
import type { NativeIssue } from "../../domain/issue.ts";
import type { FieldSpec, IssueAddress, ScalarField, SetField } from "../../domain/operation.ts";
import type { NativeEdit } from "../tracker.ts";
import { isAlone, samples, type WriterStage } from "./writer-stage.ts";

/** The change of one field, and the expected issue after it. */
export type FieldEdit = {
  readonly name: keyof NativeEdit;
  readonly edit: NativeEdit;
  readonly expect: (issue: NativeIssue) => Promise<void>;
  /** The parts of an issue that it changes. */
  readonly changes: readonly (keyof NativeIssue)[];
};

/** Changes every field that the tracker and the issue's type have to another value. */
export function fieldEdits(stage: WriterStage, issue: NativeIssue): FieldEdit[] {
  const { schema, subject } = stage;
  const { capabilities, writing } = subject.definition;
  const { vocabulary } = schema;
  const has = (field: ScalarField | SetField) => stage.typeOf(issue).has?.includes(field) ?? true;
  const edits: FieldEdit[] = [];
  const scalar = <Key extends keyof NativeEdit & keyof NativeIssue>(
    name: Key,
    value: NativeIssue[Key],
    more: readonly (keyof NativeIssue)[] = [],
  ) => {
    edits.push({
      name,
      edit: { [name]: value },
      expect: async (read) => {
        if (name === "body") await stage.sameText(read.body, String(value));
        else assert.equal(read[name], value, name);
      },
      changes: [name, ...more],
    });
  };
  scalar("title", `${issue.title} and more`);
  scalar("body", "# Another text\n\nWith **two** paragraphs.");
  const states = vocabulary.states.filter(
    ({ id, types }) => id !== issue.stateId && (types?.includes(issue.type) ?? true),
  );
  const state = states.at(-1);
  if (state !== undefined && !writing.choices) scalar("stateId", state.id, ["closedAt"]);
  const priority = vocabulary.priorities.find(({ id }) => id !== issue.nativePriority);
  if (priority !== undefined && has("priority")) scalar("nativePriority", priority.id);
  const cycle = vocabulary.cycles.findLast(({ id }) => id !== issue.cycleId);
  if (cycle !== undefined && capabilities.cycles && has("cycle")) scalar("cycleId", cycle.id);
  if (capabilities.dueDate && has("dueDate")) scalar("dueDate", "2031-02-03");
  if (capabilities.estimate && has("estimate"))
    scalar("estimate", stage.writing.estimate ?? (issue.estimate === 3 ? 5 : 3));
  const type = schema.types.find(
    ({ name, creatable, needsParent }) => name !== issue.type && creatable && !needsParent,
  );
  if (type !== undefined && writing.type && has("type")) scalar("type", type.name);
  const parent = findParent(stage, issue);
  if (parent !== undefined && capabilities.parent && has("parent")) {
    edits.push({
      name: "parent",
      edit: { parent: stage.address(parent) },
      expect: async (read) => assertParent(read, stage.address(parent)),
      changes: ["parentId", "parentKey", "relations"],
    });
  }
  return edits;
}

/** Another issue that this one can be put below. */
export function findParent(stage: WriterStage, issue: NativeIssue): NativeIssue | undefined {
  const fits = stage.writing.canBeParent ?? (() => true);
  const taken = new Set([issue, ...samples(stage)].map(({ nativeId }) => nativeId));
  return stage.issues.find((one) => !taken.has(one.nativeId) && isAlone(one) && fits(issue, one));
}

/** By id, or by address if the tracker identifies parents so. */
export function assertParent(issue: NativeIssue, parent: IssueAddress | null): void {
  if (parent === null) {
    assert.equal(issue.parentId, null);
    assert.equal(issue.parentKey ?? null, null);
  } else if (issue.parentId !== null) assert.equal(issue.parentId, parent.nativeId);
  else assert.ok([parent.key, parent.sourceKey + parent.key].includes(issue.parentKey ?? ""), "the parent");
}

/** The parts that differ between two states of an issue, without those that any change affects. */
export function changedParts(before: NativeIssue, after: NativeIssue): (keyof NativeIssue)[] {
  const marks: readonly string[] = ["updatedAt", "version", "commentCount"];
  const normal = (issue: NativeIssue, key: keyof NativeIssue) => JSON.stringify(issue[key] ?? null);
  return (Object.keys({ ...before, ...after }) as (keyof NativeIssue)[]).filter(
    (key) => !marks.includes(key) && normal(before, key) !== normal(after, key),
  );
}

/** Fills every required field of a form. */
export function fillForm(fields: readonly FieldSpec[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { id, kind, required, options } of fields) {
    if (!required) continue;
    const first = options[0]?.id;
    values[id] =
      kind === "choice" || kind === "person"
        ? first
        : kind === "choices" || kind === "people" || kind === "labels"
          ? first === undefined
            ? []
            : [first]
          : kind === "number"
            ? 1
            : kind === "date"
              ? "2031-02-03"
              : "Something";
  }
  return values;
}
