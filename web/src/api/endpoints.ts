import type {
  BoardShape,
  CommentsShape,
  FacetsShape,
  IssueDetailShape,
  IssueListShape,
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

/** Every call the dashboard makes. `query` holds filter words as in `api.md`. */
export const api = {
  board: (query: URLSearchParams, signal?: AbortSignal) => call<BoardShape>("/api/board", { query, signal }),

  issues: (query: URLSearchParams, signal?: AbortSignal) => call<IssueListShape>("/api/issues", { query, signal }),

  issue: (ref: string, signal?: AbortSignal) =>
    call<IssueDetailShape>(`/api/issues/${encodeURIComponent(ref)}`, { signal }),

  /** Asks the tracker; where it does not answer, `problem` says why and the comments are those fetched before. */
  comments: (ref: string, signal?: AbortSignal) =>
    call<CommentsShape>(`/api/issues/${encodeURIComponent(ref)}/comments`, { signal }),

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
