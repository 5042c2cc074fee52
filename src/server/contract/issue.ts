import { z } from "@hono/zod-openapi";
import { groupings } from "../../domain/grouping.ts";
import { statuses } from "../../domain/status.ts";
import { pageShape } from "./page.ts";
import { ProblemShape } from "./problem.ts";

/** ISO 8601 in UTC. */
export const Time = z.iso.datetime().openapi({ example: "2026-11-22T13:53:00.000Z" });

export const StatusName = z.enum(statuses).openapi("Status");

export const PriorityNumber = z
  .union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)])
  .openapi({ description: "0 none, 1 urgent, 2 high, 3 medium, 4 low" });

export const PersonShape = z
  .object({ login: z.string(), name: z.string(), avatarUrl: z.string().nullable() })
  .openapi("Person");

export const LabelShape = z.object({ name: z.string(), color: z.string().nullable() }).openapi("Label");

export const IssueShape = z
  .object({
    ref: z.string().openapi({ example: "panopticon#45" }),
    address: z.string().openapi({
      description:
        "Identifies exactly this issue wherever a ref is accepted: its ref, or owner/repo#45 if other issues share that ref",
    }),
    tracker: z.string(),
    project: z.string(),
    source: z.string(),
    nativeId: z.string(),
    url: z.string().nullable().openapi({ description: "null until its tracker has created it" }),
    type: z.string(),
    title: z.string(),
    status: StatusName,
    nativeState: z.object({ name: z.string(), category: z.string() }),
    priority: PriorityNumber,
    nativePriority: z.string().nullable(),
    labels: z.array(LabelShape),
    assignees: z.array(PersonShape),
    author: PersonShape.nullable(),
    parent: z
      .object({
        ref: z.string().nullable(),
        address: z.string().nullable(),
        key: z.string().nullable().openapi({ description: "Its ref, or its key in the tracker" }),
        title: z.string().nullable(),
        url: z.string().nullable(),
      })
      .nullable()
      .openapi({
        description:
          "ref and address are null if the parent is not mirrored; the other fields are then what the tracker reports with the child, or null",
      }),
    children: z.object({ done: z.number(), total: z.number() }),
    cycle: z.object({ name: z.string(), startsAt: Time.nullable(), endsAt: Time.nullable() }).nullable(),
    createdAt: Time,
    updatedAt: Time,
    rank: z.number().openapi({
      description:
        "Its place in the manual order, highest first: where people put it, otherwise its creation time in milliseconds",
    }),
    closedAt: Time.nullable(),
    dueDate: z.string().nullable(),
    estimate: z.number().nullable(),
    commentCount: z.number().nullable(),
    blockedBy: z.array(z.string()),
    sync: z.object({
      state: z.enum(["synced", "pending", "failed", "conflict"]),
      reason: z.string().nullable(),
      operation: z.number().nullable().openapi({ description: "The outbox entry in question" }),
      waitsUntil: Time.nullable().openapi({ description: "If pending: the time of the next retry, if it has to wait" }),
    }),
    shadow: z
      .object({ trackerStatus: StatusName })
      .nullable()
      .openapi({ description: "The tracker's own state, if the project keeps status changes local" }),
    workspace: z.object({ id: z.string(), branch: z.string(), path: z.string() }).nullable(),
    agent: z.object({ id: z.string(), name: z.string(), state: z.string(), since: Time }).nullable(),
  })
  .openapi("Issue");

export type IssueShape = z.infer<typeof IssueShape>;

/** In the responses of calls that change something. */
export const ChangeName = z
  .string()
  .openapi({ description: "The id of this step: `POST /api/undo` with `{change}` undoes exactly this step" });

export const ChangedIssueShape = IssueShape.extend({ change: ChangeName }).openapi("ChangedIssue");

export type ChangedIssueShape = z.infer<typeof ChangedIssueShape>;

export const CreatedIssueShape = ChangedIssueShape.extend({
  sequence: z.number().openapi({
    description:
      "Boards from this sequence on include the issue, under the key that its tracker has given it by then or as it is here",
  }),
}).openapi("CreatedIssue");

export type CreatedIssueShape = z.infer<typeof CreatedIssueShape>;

export const CommentShape = z
  .object({
    id: z.string(),
    author: PersonShape.nullable(),
    body: z.string().openapi({ description: "Markdown" }),
    createdAt: Time,
    updatedAt: Time,
    own: z.boolean().openapi({
      description: "Written with these credentials, so it may be edited and deleted if the tracker allows it",
    }),
    pending: z.boolean().openapi({ description: "Not in the tracker yet" }),
    sentAgain: z.boolean().openapi({
      description: "Undoes a deletion already written: the text is the deleted comment's, the time and id are new",
    }),
    replyTo: z.string().nullable().openapi({
      description: "The comment whose thread it is in, where the tracker has threads; that may be gone",
    }),
  })
  .openapi("Comment");

export type CommentShape = z.infer<typeof CommentShape>;

export const ChangedCommentShape = CommentShape.extend({ change: ChangeName }).openapi("ChangedComment");

const CommentBlockShape = z.object({ version: z.string(), count: z.number() });

export type CommentBlockShape = z.infer<typeof CommentBlockShape>;

const commentBlocks = z.array(CommentBlockShape).optional().openapi({
  description:
    "With `known`: all comments of this answer in blocks, oldest first. Those of a block whose version is in `known` are left out of `comments`",
});

const IssueChangeShape = z.object({
  id: z.number(),
  at: Time,
  actor: z.string(),
  field: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  state: z.string(),
});

export const IssueDetailShape = IssueShape.extend({
  body: z.string().openapi({ description: "Markdown" }),
  relations: z.array(
    z.object({
      id: z.string(),
      type: z.enum(["parent", "child", "blocks", "blocked_by", "relates", "duplicates"]),
      ref: z.string().nullable().openapi({ description: "null if the other issue is not mirrored" }),
      address: z.string().nullable(),
      key: z.string().nullable().openapi({ description: "Its ref, or its key in the tracker" }),
      url: z.string().nullable(),
      tracker: z.string(),
      title: z.string().nullable(),
      status: StatusName.nullable(),
      origin: z.enum(["tracker", "made", "text"]).openapi({
        description: "tracker: the tracker's own. made: kept by Panopticon. text: found in a body or a comment",
      }),
    }),
  ),
  mentions: z.array(z.object({ written: z.string(), address: z.string() })).openapi({
    description: "The words of its body and comments that name mirrored issues, such as `#45`, and their addresses",
  }),
  shortForms: z.array(z.object({ prefix: z.string(), url: z.string(), upTo: z.number().nullable() })).openapi({
    description:
      "How its texts name what is not mirrored in its source: `prefix` and a number, no higher than `upTo`, are at `url` and the number in the tracker",
  }),
  comments: z
    .array(CommentShape)
    .openapi({ description: "As last fetched; GET …/comments fetches them from the tracker" }),
  commentBlocks,
  commentsFetchedAt: Time.nullable(),
  attachments: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        url: z.string(),
        contentType: z.string().nullable(),
        size: z.number().nullable(),
      }),
    )
    .openapi({ description: "As last fetched; GET …/comments fetches them from the tracker too" }),
  history: z
    .array(IssueChangeShape)
    .openapi({ description: "Newest first, at most 100; GET …/history has the others" }),
  historyTotal: z.number().openapi({ description: "The total number of changes, not only of those in `history`" }),
  historyCursor: z
    .string()
    .nullable()
    .openapi({ description: "Where GET …/history continues; null if `history` has all changes" }),
}).openapi("IssueDetail");

export type IssueDetailShape = z.infer<typeof IssueDetailShape>;

export const IssueHistoryShape = z
  .object({ history: z.array(IssueChangeShape).openapi({ description: "Newest first" }), ...pageShape })
  .openapi("IssueHistory");

export type IssueHistoryShape = z.infer<typeof IssueHistoryShape>;

export const CommentsShape = z
  .object({
    comments: z.array(CommentShape).openapi({ description: "Oldest first" }),
    commentBlocks,
    total: z.number(),
    cursor: z.string().nullable(),
    fetchedAt: Time.nullable().openapi({ description: "When they were last fetched from the tracker; null if never" }),
    problem: ProblemShape.nullable().openapi({
      description: "Why the tracker could not be reached; the comments are then the ones fetched before",
    }),
  })
  .openapi("Comments");

export type CommentsShape = z.infer<typeof CommentsShape>;

export const IssueListShape = z
  .object({
    issues: z.array(IssueShape),
    total: z.number(),
    byStatus: z.record(StatusName, z.number()).openapi({ description: "The total by status" }),
    cursor: z.string().nullable(),
  })
  .openapi("IssueList");

export type IssueListShape = z.infer<typeof IssueListShape>;

export const NotMirroredShape = z
  .object({
    source: z.string(),
    reason: z.string(),
    count: z.number().nullable(),
    project: z.string(),
    history: z
      .boolean()
      .openapi({ description: "They are older than the project's `history`; a longer history includes them" }),
  })
  .openapi("NotMirrored");

export type NotMirroredShape = z.infer<typeof NotMirroredShape>;

export const BoardShape = z
  .object({
    columns: z.array(
      z.object({
        status: StatusName,
        total: z.number(),
        issues: z.array(IssueShape),
        cursor: z
          .string()
          .nullable()
          .openapi({ description: "Pass to GET /api/issues with the same filter and this status" }),
      }),
    ),
    sequence: z.number(),
    total: z.number().openapi({ description: "Issues after filtering" }),
    mirrored: z.number().openapi({ description: "Issues without a filter" }),
    notMirrored: z.array(NotMirroredShape),
  })
  .openapi("Board");

export type BoardShape = z.infer<typeof BoardShape>;

export const GroupsShape = z
  .object({
    by: z.enum(groupings),
    groups: z
      .array(
        z.object({
          group: z.string().openapi({ description: "The value as the filter takes it; `none` for issues without one" }),
          total: z.number(),
          byStatus: z.record(StatusName, z.number()),
        }),
      )
      .openapi({ description: "Those that have issues, largest first. An issue with two assignees is in two groups" }),
  })
  .openapi("Groups");

export type GroupsShape = z.infer<typeof GroupsShape>;

export const FacetsShape = z
  .object({
    labels: z.array(z.object({ name: z.string(), color: z.string().nullable(), issues: z.number() })),
    assignees: z.array(
      z.object({ login: z.string(), name: z.string(), avatarUrl: z.string().nullable(), issues: z.number() }),
    ),
    types: z.array(z.object({ name: z.string(), issues: z.number() })),
    cycles: z.array(z.object({ name: z.string(), issues: z.number() })),
    states: z
      .array(z.object({ name: z.string(), status: StatusName, issues: z.number() }))
      .openapi({ description: "The trackers' own states, in workflow order, each with the status it maps to" }),
  })
  .openapi("Facets");

export type FacetsShape = z.infer<typeof FacetsShape>;
