import { labelOfMove, movesTo, priorityMoveTo } from "../domain/outward.ts";
import { priorities } from "../domain/priority.ts";
import { type ScalarField, scalarFields, type SetField, setFields } from "../domain/operation.ts";
import { statuses } from "../domain/status.ts";
import type { SourceFormView } from "./changes.ts";
import { allowsSeveralAssignees, type SourceContext } from "./source-context.ts";
import { hasField } from "./words/type-words.ts";

/** All choices for a new issue of a source, or for an edit. Throws `busy` before the source was described. */
export async function describeForm(source: SourceContext): Promise<SourceFormView> {
  const { config, tracker, form, types } = source;
  const mapping = source.mapping();
  const vocabulary = await source.vocabulary();
  const first = types.find(({ creatable }) => creatable)?.name ?? "";
  const stateNames = new Map(vocabulary.states.map(({ id, name }) => [id, name]));
  const priorityNames = new Map(vocabulary.priorities.map(({ id, name }) => [id, name]));
  return {
    source: config.id,
    project: config.project,
    tracker: config.tracker,
    writable: form?.writable ?? { allowed: null, reason: null },
    types: types.map(({ name, creatable, needsParent, fields }) => ({
      name,
      creatable,
      needsParent,
      has: [...scalarFields, ...setFields].filter((field: ScalarField | SetField) => hasField(source, name, field)),
      fields,
    })),
    statuses: statuses.map((status) => {
      const fresh = { type: first, stateId: "", labels: [] };
      const [move] = movesTo(mapping, vocabulary.states, fresh, status);
      if (move === undefined) return { status, state: null, label: null };
      return {
        status,
        state: stateNames.get(move.stateId) ?? null,
        label: labelOfMove(mapping, fresh, move, status),
      };
    }),
    priorities: priorities.flatMap((priority) => {
      const move = priorityMoveTo(mapping, { nativePriority: null, labels: [] }, priority);
      if (move === null) return [];
      if (move.kind === "labels") return [{ priority, native: move.addLabels[0] ?? "None" }];
      const { nativePriority } = move;
      return [
        { priority, native: nativePriority === null ? "None" : (priorityNames.get(nativePriority) ?? nativePriority) },
      ];
    }),
    labels: vocabulary.labels,
    newLabels: tracker.writing.newLabels,
    members: vocabulary.people,
    assignees: allowsSeveralAssignees(source) ? "many" : "one",
    mostAssignees: allowsSeveralAssignees(source) ? tracker.writing.mostAssignees : 1,
    cycles: vocabulary.cycles,
  };
}
