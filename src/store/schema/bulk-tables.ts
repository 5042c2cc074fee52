import type { BulkTable } from "../database/database.ts";

/** The tables written in bulk; columns in the order of row values. */
export const issueRows = {
  name: "issue",
  key: ["id"],
  columns: {
    id: "bigint",
    source_id: "bigint",
    status: "bigint",
    priority: "bigint",
    urgency: "bigint",
    state_id: "bigint",
    type_id: "bigint",
    cycle_id: "bigint",
    native_priority_id: "bigint",
    author_id: "bigint",
    assignees: "bigint",
    created_at: "bigint",
    updated_at: "bigint",
    closed_at: "bigint",
    requested_at: "bigint",
    comments_at: "bigint",
  },
  settled: ["source_id", "status", "created_at"],
} as const satisfies BulkTable;

export const cardRows = {
  name: "card",
  key: ["issue_id"],
  columns: {
    issue_id: "bigint",
    connection_id: "bigint",
    source_id: "bigint",
    native_id: "text",
    key: "text",
    ref: "text",
    ref_folded: "text",
    url: "text",
    title: "text",
    parent: "text",
    children_done: "bigint",
    children_total: "bigint",
    due_date: "text",
    estimate: "float8",
    comment_count: "bigint",
  },
  settled: ["connection_id", "source_id", "native_id", "ref_folded", "parent"],
} as const satisfies BulkTable;

export const baseRows = {
  name: "base",
  key: ["issue_id"],
  columns: { issue_id: "bigint", record: "text" },
} as const satisfies BulkTable;

export const labelRows = {
  name: "issue_label",
  key: ["issue_id", "label_id"],
  columns: { issue_id: "bigint", label_id: "bigint" },
} as const satisfies BulkTable;

export const assigneeRows = {
  name: "issue_assignee",
  key: ["issue_id", "person_id"],
  columns: { issue_id: "bigint", person_id: "bigint" },
} as const satisfies BulkTable;

export const relationRows = {
  name: "relation",
  key: ["issue_id", "type", "target", "native_id"],
  columns: { issue_id: "bigint", native_id: "text", type: "text", target: "text" },
} as const satisfies BulkTable;

export const unreadRelationRows = {
  name: "unread_relation",
  key: ["issue_id"],
  columns: { issue_id: "bigint" },
} as const satisfies BulkTable;

export const mentionRows = {
  name: "mention",
  key: ["issue_id", "handle", "written"],
  columns: { issue_id: "bigint", written: "text", handle: "text", host: "text" },
} as const satisfies BulkTable;

export const aliasRows = {
  name: "alias",
  key: ["issue_id", "key_folded"],
  columns: { issue_id: "bigint", key_folded: "text", key: "text" },
} as const satisfies BulkTable;

export const commentRows = {
  name: "comment",
  key: ["issue_id", "native_id"],
  columns: {
    issue_id: "bigint",
    native_id: "text",
    position: "bigint",
    author_id: "bigint",
    body: "text",
    created_at: "bigint",
    updated_at: "bigint",
    reply_to: "text",
  },
} as const satisfies BulkTable;

export const tombstoneRows = {
  name: "tombstone",
  key: ["connection_id", "native_id"],
  columns: { connection_id: "bigint", native_id: "text", requested_at: "bigint" },
} as const satisfies BulkTable;

export const changeRows = {
  name: "change",
  key: ["sequence"],
  columns: { sequence: "bigint", ref: "text" },
} as const satisfies BulkTable;

export const historyRows = {
  name: "history",
  key: ["id"],
  columns: {
    issue_id: "bigint",
    at: "bigint",
    ref: "text",
    title: "text",
    actor: "text",
    field: "text",
    from_value: "text",
    to_value: "text",
    state: "text",
    operation_id: "bigint",
    source_id: "bigint",
  },
} as const satisfies BulkTable;
