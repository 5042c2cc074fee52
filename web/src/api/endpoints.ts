import type {
  BulkResultShape,
  IssueDraft,
  IssuePatch,
  MovesShape,
  OutboxShape,
  RelationInput,
  SourceFormShape,
  UndoResultShape,
} from "../../../src/server/contract/change.ts";
import type { HistoryShape } from "../../../src/server/contract/history.ts";
import type {
  BoardShape,
  CommentShape,
  CommentsShape,
  FacetsShape,
  IssueDetailShape,
  IssueListShape,
  IssueShape,
} from "../../../src/server/contract/issue.ts";
import type { ProjectShape, ProjectsShape, ViewShape, ViewsShape } from "../../../src/server/contract/project.ts";
import type {
  SourcesShape,
  SyncResultShape,
  TrackersShape,
  ValidationShape,
} from "../../../src/server/contract/tracker.ts";
import type { WatchInput, WatchShape } from "../../../src/server/contract/session.ts";
import { call } from "./client.ts";

/** Bodies up to this many characters may be sent on while the page is being left; browsers allow 64 KiB in all. */
const keptAlive = 8000;

function change<T>(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown, idempotencyKey?: string) {
  const keepalive = body === undefined || JSON.stringify(body).length < keptAlive;
  return call<T>(path, {
    method,
    keepalive,
    ...(body !== undefined && { body }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  });
}

function ofIssue(address: string): string {
  return `/api/issues/${encodeURIComponent(address)}`;
}

/** Every call the dashboard makes. `query` holds filter words as in `api.md`. */
export const api = {
  board: (query: URLSearchParams, signal?: AbortSignal) => call<BoardShape>("/api/board", { query, signal }),

  issues: (query: URLSearchParams, signal?: AbortSignal) => call<IssueListShape>("/api/issues", { query, signal }),

  issue: (ref: string, signal?: AbortSignal) => call<IssueDetailShape>(ofIssue(ref), { signal }),

  editIssue: (address: string, patch: IssuePatch) => change<IssueShape>("PATCH", ofIssue(address), patch),

  editIssues: (refs: readonly string[], patch: IssuePatch) =>
    change<BulkResultShape>("POST", "/api/issues/bulk", { refs, patch }),

  /** `key`: the same for every attempt at the same issue. */
  createIssue: (draft: IssueDraft, key: string) => change<IssueShape>("POST", "/api/issues", draft, key),

  addComment: (address: string, body: string, key: string) =>
    change<CommentShape>("POST", `${ofIssue(address)}/comments`, { body }, key),

  editComment: (address: string, id: string, body: string) =>
    change<CommentShape>("PATCH", `${ofIssue(address)}/comments/${encodeURIComponent(id)}`, { body }),

  removeComment: (address: string, id: string) =>
    change<unknown>("DELETE", `${ofIssue(address)}/comments/${encodeURIComponent(id)}`),

  addRelation: (address: string, relation: RelationInput, key: string) =>
    change<IssueShape>("POST", `${ofIssue(address)}/relations`, relation, key),

  removeRelation: (address: string, id: string) =>
    change<unknown>("DELETE", `${ofIssue(address)}/relations/${encodeURIComponent(id)}`),

  /** Where an issue can go, and the native state that each status becomes. */
  moves: (address: string, signal?: AbortSignal) => call<MovesShape>(`${ofIssue(address)}/moves`, { signal }),

  /** What a new issue of a source, or an edit, can choose from. */
  form: (source: string, signal?: AbortSignal) =>
    call<SourceFormShape>("/api/form", { query: new URLSearchParams({ source }), signal }),

  /** Takes an entry of the outbox back; the session's last where none is named. */
  undo: (operation: number | null, key: string) =>
    change<UndoResultShape>("POST", "/api/undo", operation === null ? {} : { operation }, key),

  outbox: (signal?: AbortSignal) => call<OutboxShape>("/api/outbox", { signal }),

  retryOperation: (id: number, more: { transition?: string; fields?: Record<string, unknown> } = {}) =>
    change<unknown>("POST", `/api/outbox/${id}/retry`, more),

  closeTwins: (id: number) => change<unknown>("POST", `/api/outbox/${id}/close`, {}),

  dropOperation: (id: number) => change<unknown>("POST", `/api/outbox/${id}/drop`, {}),

  resolveOperation: (id: number, choices: Readonly<Record<string, "mine" | "theirs">>) =>
    change<unknown>("POST", `/api/outbox/${id}/resolve`, choices),

  history: (cursor: string | null, signal?: AbortSignal) =>
    call<HistoryShape>("/api/history", {
      query: new URLSearchParams({ limit: "100", ...(cursor !== null && { cursor }) }),
      signal,
    }),

  /** Asks the tracker; where it does not answer, `problem` says why and the comments are those fetched before. */
  comments: (ref: string, signal?: AbortSignal) => call<CommentsShape>(`${ofIssue(ref)}/comments`, { signal }),

  facets: (signal?: AbortSignal) => call<FacetsShape>("/api/facets", { signal }),

  trackers: (signal?: AbortSignal) => call<TrackersShape>("/api/trackers", { signal }),

  /** Asks a tracker, or one connection, for news and answers when done. */
  sync: (connection: string) =>
    call<SyncResultShape>(`/api/trackers/${encodeURIComponent(connection)}/sync`, { method: "POST" }),

  /** Tests the stored credentials of a connection. */
  validate: (tracker: string, connection: string) =>
    call<ValidationShape>(`/api/${encodeURIComponent(tracker)}/validate`, {
      method: "POST",
      body: connection === tracker ? {} : { connection },
    }),

  /** What a connection's credentials can see. */
  sources: (connection: string, signal?: AbortSignal) =>
    call<SourcesShape>("/api/sources", { query: new URLSearchParams({ tracker: connection }), signal }),

  /** Says what this page shows, so that it is synced sooner; counts for `leaseMs`. */
  watch: (seen: WatchInput) => call<WatchShape>("/api/watch", { method: "POST", body: seen }),

  projects: async (signal?: AbortSignal) => (await call<ProjectsShape>("/api/projects", { signal })).projects,

  addProject: (project: Record<string, unknown>) =>
    call<ProjectShape>("/api/projects", { method: "POST", body: project }),

  removeProject: (id: string) => call<void>(`/api/projects/${encodeURIComponent(id)}`, { method: "DELETE" }),

  views: async (signal?: AbortSignal) => (await call<ViewsShape>("/api/views", { signal })).views,

  addView: (view: { name: string; query: string }) => call<ViewShape>("/api/views", { method: "POST", body: view }),

  removeView: (id: string) => call<void>(`/api/views/${encodeURIComponent(id)}`, { method: "DELETE" }),
};
