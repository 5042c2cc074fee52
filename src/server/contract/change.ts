import { z } from "@hono/zod-openapi";
import { linkTypes, operationKinds, operationStates } from "../../domain/operation.ts";
import { ChangeName, IssueShape, LabelShape, PersonShape, PriorityNumber, StatusName, Time } from "./issue.ts";
import { FieldSpecShape, MoveChoiceShape } from "./move-choice.ts";
import { ProblemShape } from "./problem.ts";
import { pageShape } from "./page.ts";

const Ref = z.string().min(1).max(1000);
const Names = z.array(z.string().min(1).max(500)).max(100);
/** `2026-11-22`. */
const Day = z.iso.date();
/** The tracker's own fields by id. */
const OwnFields = z.record(z.string(), z.unknown());
/** A priority as a number or a word: `urgent`. */
const PriorityInput = z.union([PriorityNumber, z.string()]);

/** A change; absent fields stay unchanged. Uses the names that users see: statuses, labels, logins, cycles; null clears a field. */
export const IssuePatch = z
  .strictObject({
    title: z.string().optional(),
    body: z.string().optional().openapi({ description: "Markdown" }),
    status: z.string().optional().openapi({ description: "One of the six statuses, or a native state's name" }),
    state: z.string().optional().openapi({
      description: "Exactly this native state, even if a status has the same name; not together with `status`",
    }),
    priority: PriorityInput.optional(),
    dueDate: Day.nullable().optional(),
    estimate: z.number().nullable().optional(),
    parent: Ref.nullable().optional(),
    cycle: z.string().nullable().optional(),
    type: z.string().optional(),
    addLabels: Names.optional(),
    removeLabels: Names.optional(),
    addAssignees: Names.optional().openapi({ description: "Logins, or `me`" }),
    removeAssignees: Names.optional(),
    transition: z.string().optional().openapi({ description: "One of the choices listed in a 409 response" }),
    fields: OwnFields.optional(),
    rank: z
      .union([z.strictObject({ before: Ref }), z.strictObject({ after: Ref })])
      .optional()
      .openapi({
        description:
          "Places it in the manual order (`sort=manual`), directly before or after another issue. Kept in Panopticon only, not sent to the tracker",
      }),
    base: z.strictObject({ title: z.string().optional(), body: z.string().optional() }).optional().openapi({
      description:
        "The texts that the edit started from. If a text was changed since then, the two are merged by lines or become a conflict; nothing is overwritten",
    }),
  })
  .openapi("IssuePatch");

export type IssuePatch = z.infer<typeof IssuePatch>;

export const IssueDraft = z
  .strictObject({
    project: z.string().optional().openapi({ description: "May be omitted if `source` implies it" }),
    source: z
      .string()
      .optional()
      .openapi({ description: "A source's id or key; may be omitted if the project has only one" }),
    title: z.string(),
    body: z.string().default(""),
    status: z.string().optional(),
    type: z.string().optional(),
    priority: PriorityInput.optional(),
    labels: Names.default([]),
    assignees: Names.default([]),
    parent: Ref.nullable().optional(),
    cycle: z.string().nullable().optional(),
    dueDate: Day.nullable().optional(),
    estimate: z.number().nullable().optional(),
    fields: OwnFields.default({}),
  })
  .openapi("IssueDraft");

export type IssueDraft = z.input<typeof IssueDraft>;

export const BulkInput = z
  .strictObject({ refs: z.array(Ref).min(1).max(1000), patch: IssuePatch })
  .openapi("BulkInput");

export const CommentInput = z.strictObject({ body: z.string().min(1) }).openapi("CommentInput");

export const NewCommentInput = CommentInput.extend({
  replyTo: z.string().min(1).max(500).optional().openapi({
    description:
      "The comment of this issue to reply to, in its thread: its id, or the login of a person for their newest one. Where comments have threads",
  }),
}).openapi("NewCommentInput");

export const RelationInput = z
  .strictObject({ type: z.enum(["parent", "child", ...linkTypes]), ref: Ref })
  .openapi("RelationInput");

export type RelationInput = z.infer<typeof RelationInput>;

export const UndoInput = z
  .strictObject({
    change: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .openapi({ description: "Exactly this step, as named in the response to the change" }),
    operation: z.number().int().optional().openapi({ description: "The change in this outbox entry" }),
  })
  .refine(({ change, operation }) => change === undefined || operation === undefined, {
    message: "Name a change or an operation, not both.",
  })
  .openapi("UndoInput");

export const ResolveInput = z.record(z.string(), z.enum(["mine", "theirs"])).openapi("ResolveInput");

export const RetryInput = z
  .strictObject({ transition: z.string().optional(), fields: OwnFields.optional() })
  .openapi("RetryInput");

/** An entry of the outbox, with names for users. */
export const OperationShape = z
  .object({
    id: z.number(),
    ref: z.string(),
    address: z.string().openapi({ description: "Finds exactly this issue, as IssueShape.address does" }),
    title: z.string(),
    status: StatusName.nullable().openapi({ description: "The issue's status as shown; null if the issue is gone" }),
    tracker: z.string(),
    kind: z.enum(operationKinds),
    sentAgain: z.boolean().openapi({ description: "For a new comment: it undoes a deletion already written" }),
    fields: z.array(
      z.object({
        name: z.string(),
        from: z.union([z.string(), z.number()]).nullable(),
        to: z.union([z.string(), z.number()]).nullable(),
        theirs: z.union([z.string(), z.number()]).nullable().optional().openapi({
          description: "For a conflict: the tracker's current value",
        }),
        conflict: z.boolean().optional(),
      }),
    ),
    state: z.enum(operationStates),
    steps: z.array(z.string()),
    stepsDone: z.number(),
    attempts: z.number(),
    createdAt: Time,
    nextAttemptAt: Time.nullable(),
    reason: z.string().nullable(),
    code: z.string().nullable(),
    hint: z.string().nullable(),
    choices: z.array(MoveChoiceShape),
    actor: z.string(),
    canDrop: z
      .boolean()
      .openapi({ description: "false while it is being sent, or while a lost response has not been checked yet" }),
    canRetry: z.boolean(),
    twins: z
      .array(z.string())
      .openapi({ description: "Duplicate issues or comments that a lost response left behind" }),
  })
  .openapi("Operation");

export type OperationShape = z.infer<typeof OperationShape>;

export const OutboxShape = z.object({ operations: z.array(OperationShape), ...pageShape }).openapi("Outbox");

export type OutboxShape = z.infer<typeof OutboxShape>;

export const BulkResultShape = z
  .object({
    results: z.array(
      z.object({
        ref: z.string(),
        ok: z.boolean(),
        problem: ProblemShape.nullable(),
        issue: IssueShape.nullable().openapi({
          description: "The issue as shown now; null if it could not be changed",
        }),
      }),
    ),
    change: ChangeName,
  })
  .openapi("BulkResult");

export type BulkResultShape = z.infer<typeof BulkResultShape>;

export const UndoResultShape = z
  .object({
    ref: z.string(),
    operation: z.number().nullable(),
    what: z.string().openapi({ description: "A description of what was undone" }),
    problems: z
      .array(ProblemShape)
      .openapi({ description: "For a step with several parts: why some of them were not undone" }),
  })
  .openapi("UndoResult");

export type UndoResultShape = z.infer<typeof UndoResultShape>;

/** A source's form: all choices for a new issue or an edit. `GET /api/form?source=ID`. */
export const SourceFormShape = z
  .object({
    source: z.string(),
    project: z.string(),
    tracker: z.string(),
    writable: z.object({ allowed: z.boolean().nullable(), reason: z.string().nullable() }),
    types: z.array(
      z.object({
        name: z.string(),
        creatable: z.boolean(),
        needsParent: z.boolean(),
        has: z.array(z.string()).openapi({ description: "The common fields that issues of this kind have" }),
        fields: z.array(FieldSpecShape),
      }),
    ),
    statuses: z.array(
      z.object({
        status: StatusName,
        state: z
          .string()
          .nullable()
          .openapi({ description: "The native state a new issue of the first type gets; null if none" }),
        label: z.string().nullable().openapi({ description: "The label it gets in addition; null if none" }),
      }),
    ),
    priorities: z.array(z.object({ priority: PriorityNumber, native: z.string() })),
    labels: z.array(LabelShape),
    newLabels: z.boolean(),
    members: z.array(PersonShape),
    assignees: z
      .enum(["one", "many"])
      .openapi({ description: "How many of the members an issue here can be assigned to" }),
    mostAssignees: z
      .number()
      .nullable()
      .openapi({ description: "The number of assignees that an issue here can have at most; null: any number" }),
    cycles: z.array(z.object({ name: z.string(), startsAt: Time.nullable(), endsAt: Time.nullable() })),
  })
  .openapi("SourceForm");

export type SourceFormShape = z.infer<typeof SourceFormShape>;

/** Where an issue can be moved, for menus. `GET /api/issues/{ref}/moves`; asks the tracker if its workflow decides. */
export const MovesShape = z
  .object({
    moves: z.array(
      z.object({
        status: StatusName,
        state: z
          .string()
          .nullable()
          .openapi({ description: "The native state it moves to; null if the mapping has none" }),
        label: z.string().nullable().openapi({
          description: "The label that gives it this status in addition to the state; null if the state alone does",
        }),
        choices: z
          .array(MoveChoiceShape)
          .openapi({ description: "Transitions to choose from, if there are several or one requires fields" }),
        allowed: z
          .boolean()
          .nullable()
          .openapi({ description: "null if unknown because the tracker could not be asked" }),
        reason: z.string().nullable(),
      }),
    ),
  })
  .openapi("Moves");

export type MovesShape = z.infer<typeof MovesShape>;
