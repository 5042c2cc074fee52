import type { OutboxEntry, PossibleMove, SourceFormView } from "../../changes/changes.ts";
import type { FieldSpec, MoveChoice } from "../../domain/operation.ts";
import type { MovesShape, OperationShape, SourceFormShape } from "../contract/change.ts";
import type { FieldSpecShape, MoveChoiceShape } from "../contract/move-choice.ts";
import { toNullableTime, toTime } from "./issue-shape.ts";

export function toMoveChoiceShape({ id, name, stateName, fields, reversible }: MoveChoice): MoveChoiceShape {
  return { id, name, state: stateName, fields: fields.map(toFieldSpecShape), reversible };
}

function toFieldSpecShape({ id, name, kind, required, options }: FieldSpec): FieldSpecShape {
  return { id, name, kind, required, options: options.map((option) => ({ id: option.id, name: option.name })) };
}

export function toOperationShape(entry: OutboxEntry): OperationShape {
  const { operation, address, status, fields, hint, canDrop, canRetry } = entry;
  const { reason } = operation;
  return {
    id: operation.id,
    ref: operation.ref,
    address,
    title: operation.title,
    status,
    tracker: operation.tracker,
    kind: operation.kind,
    sentAgain: operation.payload.comment?.replaces !== undefined,
    fields: fields.map(({ name, from, to, theirs }) => ({
      name,
      from,
      to,
      ...(theirs !== undefined && { theirs, conflict: true }),
    })),
    state: operation.state,
    steps: operation.steps.map(({ name }) => name),
    stepsDone: operation.stepsDone,
    attempts: operation.attempts,
    createdAt: toTime(operation.createdAt),
    nextAttemptAt: toNullableTime(operation.nextAttemptAt),
    reason: reason?.message ?? null,
    code: reason?.code ?? null,
    hint,
    choices: (reason?.choices ?? []).map(toMoveChoiceShape),
    actor: operation.actor,
    canDrop,
    canRetry,
    twins: [...operation.twins],
  };
}

export function toSourceFormShape(form: SourceFormView): SourceFormShape {
  return {
    source: form.source,
    project: form.project,
    tracker: form.tracker,
    writable: { ...form.writable },
    types: form.types.map(({ name, creatable, needsParent, has, fields }) => ({
      name,
      creatable,
      needsParent,
      has: [...has],
      fields: fields.map(toFieldSpecShape),
    })),
    statuses: form.statuses.map(({ status, state, label }) => ({ status, state, label })),
    priorities: form.priorities.map(({ priority, native }) => ({ priority, native })),
    labels: form.labels.map(({ name, color }) => ({ name, color })),
    newLabels: form.newLabels,
    members: form.members.map(({ login, name, avatarUrl }) => ({ login, name, avatarUrl })),
    assignees: form.assignees,
    mostAssignees: form.mostAssignees,
    cycles: form.cycles.map(({ name, startsAt, endsAt }) => ({
      name,
      startsAt: toNullableTime(startsAt),
      endsAt: toNullableTime(endsAt),
    })),
  };
}

export function toMovesShape(moves: readonly PossibleMove[]): MovesShape {
  return {
    moves: moves.map(({ status, state, label, choices, allowed, reason }) => ({
      status,
      state,
      label,
      choices: choices.map(toMoveChoiceShape),
      allowed,
      reason,
    })),
  };
}
