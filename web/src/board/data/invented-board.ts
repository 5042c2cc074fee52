import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import type { Status } from "../../../../src/domain/status.ts";
import type { BoardData } from "./board-data.ts";

/** An issue for tests. */
export function inventedIssue(ref: string, changes: Partial<IssueShape> = {}): IssueShape {
  return {
    ref,
    address: ref,
    tracker: "one",
    project: "app",
    source: "one:app",
    nativeId: ref,
    url: `https://one.example/${ref}`,
    type: "issue",
    title: `Title of ${ref}`,
    status: "backlog",
    nativeState: { name: "Backlog", category: "backlog" },
    priority: 0,
    nativePriority: null,
    labels: [],
    assignees: [],
    author: null,
    parent: null,
    children: { done: 0, total: 0 },
    cycle: null,
    createdAt: "2026-11-01T00:00:00.000Z",
    rank: 0,
    updatedAt: "2026-11-02T00:00:00.000Z",
    closedAt: null,
    dueDate: null,
    estimate: null,
    commentCount: 0,
    blockedBy: [],
    sync: { state: "synced", reason: null, operation: null, waitsUntil: null },
    shadow: null,
    workspace: null,
    agent: null,
    ...changes,
  };
}

/** A board of two columns for tests. */
export function inventedBoard(
  columns: Partial<Record<Status, readonly string[]>>,
  more: Partial<BoardData> = {},
): BoardData {
  const made = Object.entries(columns).map(([status, refs]) => ({
    group: status,
    total: refs.length,
    byStatus: null,
    issues: refs.map((ref) => inventedIssue(ref, { status: status as Status, labels: [{ name: "bug", color: null }] })),
    cursor: null,
  }));
  const total = made.reduce((sum, column) => sum + column.total, 0);
  return { sequence: 1, grouping: "status", columns: made, total, mirrored: total, notMirrored: [], ...more };
}
