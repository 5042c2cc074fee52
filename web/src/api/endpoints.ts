import { withoutRepeats, withRepeats } from "./repeated-states.ts";
import { fetchPages } from "../../../src/domain/fetch-pages.ts";
import type {
  BulkResultShape,
  IssueDraft,
  IssuePatch,
  MovesShape,
  OutboxShape,
  SourceFormShape,
  UndoResultShape,
} from "../../../src/server/contract/change.ts";
import type { HistoryShape } from "../../../src/server/contract/history.ts";
import type {
  BoardShape,
  CommentsShape,
  CreatedIssueShape,
  FacetsShape,
  GroupsShape,
  IssueDetailShape,
  IssueHistoryShape,
  IssueListShape,
} from "../../../src/server/contract/issue.ts";
import type {
  ChangedProjectShape,
  ProjectStatesShape,
  ProjectsShape,
  ViewPatch,
  ViewShape,
  ViewsShape,
} from "../../../src/server/contract/project.ts";
import type {
  KeptDropInput,
  KeptMoveShape,
  KeptMovesShape,
  KeptSendInput,
} from "../../../src/server/contract/shadow.ts";
import type { Status } from "../../../src/domain/status.ts";
import type {
  SourcesShape,
  SyncResultShape,
  TrackerShape,
  TrackersShape,
  ValidationShape,
} from "../../../src/server/contract/tracker.ts";
import type { WatchInput, WatchShape } from "../../../src/server/contract/session.ts";
import { type ChangeCall, changeCalls, ofIssue } from "./change-calls.ts";
import { call, type CallOptions } from "./client.ts";
import { sendKept } from "./keepalive.ts";
import { type KnownComments, knownComments } from "./known-comments.ts";

function change<T>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  more: Pick<CallOptions, "idempotencyKey" | "onReplay" | "change"> = {},
) {
  return sendKept(body, (keepalive) =>
    call<T>(path, { method, keepalive, ...(body !== undefined && { body }), ...more }),
  );
}

/** Makes a call that changes an issue, as part of this undo step; null: of none. */
function makeChange<T>({ method, path, body, key }: ChangeCall, step: string | null): Promise<T> {
  return change<T>(method, path, body, {
    ...(key !== undefined && { idempotencyKey: key }),
    ...(step !== null && { change: step }),
  });
}

function ofProject(id: string): string {
  return `/api/projects/${encodeURIComponent(id)}`;
}

/** Credentials by field name; null deletes one. */
export type CredentialChanges = Readonly<Record<string, string | null>>;

type ReadOptions = {
  /** Comments read before, which are not sent again. */
  readonly known?: KnownComments;
  readonly signal?: AbortSignal;
};

/** The maximum page size of a list. */
const maxAtOnce = "1000";

/** Every call the dashboard makes. `query` takes the filters of docs/api.md; `step` names the undo step of a change. */
export const api = {
  board: (query: URLSearchParams, signal?: AbortSignal) => call<BoardShape>("/api/board", { query, signal }),

  issues: (query: URLSearchParams, signal?: AbortSignal) => call<IssueListShape>("/api/issues", { query, signal }),

  async issue(ref: string, { known = knownComments([]), signal }: ReadOptions = {}): Promise<IssueDetailShape> {
    return known.complete(await call<IssueDetailShape>(ofIssue(ref), { query: known.query(), signal }));
  },

  change: makeChange,

  /** Undoes exactly this step. `key`: idempotency key, the same for every attempt at the same undo. */
  undo: (step: string, key: string) => makeChange<UndoResultShape>(changeCalls.undo(step, key), null),

  editIssues: (refs: readonly string[], patch: IssuePatch, step: string) =>
    change<BulkResultShape>("POST", "/api/issues/bulk", { refs, patch }, { change: step }),

  /** `key`: idempotency key, the same for every attempt at the same issue; `isRepeated`: an earlier attempt had created it. */
  createIssue: async (draft: IssueDraft, key: string) => {
    let isRepeated = false;
    const onReplay = () => {
      isRepeated = true;
    };
    const issue = await change<CreatedIssueShape>("POST", "/api/issues", draft, { idempotencyKey: key, onReplay });
    return { issue, isRepeated };
  },

  /** Where an issue can move, and the native state each status maps to. */
  moves: (address: string, signal?: AbortSignal) => call<MovesShape>(`${ofIssue(address)}/moves`, { signal }),

  /** The choices for a new issue of a source, or for an edit. */
  form: (source: string, signal?: AbortSignal) =>
    call<SourceFormShape>("/api/form", { query: new URLSearchParams({ source }), signal }),

  /** The whole outbox. */
  outbox: (signal?: AbortSignal) =>
    fetchPages(
      (query) => call<OutboxShape>("/api/outbox", { query, signal }),
      ({ operations }) => operations,
    ),

  /** All moves that stay here, of one project or of all. */
  async keptMoves(project: string | undefined, signal?: AbortSignal): Promise<readonly KeptMoveShape[]> {
    const moves = await fetchPages(
      (query) => call<KeptMovesShape>("/api/shadow", { query, signal }),
      (page) => page.moves.map((move) => ({ id: move.address, move })),
      project === undefined ? {} : { project },
    );
    return moves.map(({ move }) => move);
  },

  sendKept: (input: KeptSendInput, step: string) =>
    change<BulkResultShape>("POST", "/api/shadow/send", input, { change: step }),

  dropKept: (input: KeptDropInput, step: string) =>
    change<BulkResultShape>("POST", "/api/shadow/drop", input, { change: step }),

  retryOperation: (id: number, more: { transition?: string; fields?: Record<string, unknown> } = {}) =>
    change<unknown>("POST", `/api/outbox/${id}/retry`, more),

  closeTwins: (id: number) => change<unknown>("POST", `/api/outbox/${id}/close`, {}),

  dropOperation: (id: number) => change<unknown>("POST", `/api/outbox/${id}/drop`, {}),

  resolveOperation: (id: number, choices: Readonly<Record<string, "mine" | "theirs">>) =>
    change<unknown>("POST", `/api/outbox/${id}/resolve`, choices),

  /** `query`: by, tracker, cursor; `countSince` also asks for counts since then. */
  history: (query: Readonly<Record<string, string>>, signal?: AbortSignal) =>
    call<HistoryShape>("/api/history", { query: new URLSearchParams({ limit: "100", ...query }), signal }),

  /** A page of an issue's changes, newest first. */
  issueHistory: (
    ref: string,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
    signal?: AbortSignal,
  ) =>
    call<IssueHistoryShape>(`${ofIssue(ref)}/history`, {
      query: new URLSearchParams({ limit: String(limit), ...(cursor !== null && { cursor }) }),
      signal,
    }),

  /** All comments of an issue, fetched from the tracker; if it does not answer, `problem` says why and the comments are those fetched earlier. */
  async comments(ref: string, { known = knownComments([]), signal }: ReadOptions = {}): Promise<CommentsShape> {
    const query = known.query();
    query.set("limit", maxAtOnce);
    const fetchPage = async () =>
      known.complete(await call<CommentsShape>(`${ofIssue(ref)}/comments`, { query, signal }));
    const first = await fetchPage();
    const comments = [...first.comments];
    const commentBlocks = [...(first.commentBlocks ?? [])];
    for (let { cursor } = first; typeof cursor === "string";) {
      query.set("cursor", cursor);
      const page = await fetchPage();
      comments.push(...page.comments);
      commentBlocks.push(...(page.commentBlocks ?? []));
      ({ cursor } = page);
    }
    return { ...first, comments, commentBlocks, cursor: null };
  },

  groups: (params: URLSearchParams, signal?: AbortSignal) => call<GroupsShape>(`/api/groups?${params}`, { signal }),
  facets: (signal?: AbortSignal) => call<FacetsShape>("/api/facets", { signal }),

  trackers: (signal?: AbortSignal) => call<TrackersShape>("/api/trackers", { signal }),

  /** Syncs a tracker, or one connection, and resolves when the sync is done. */
  sync: (connection: string) =>
    call<SyncResultShape>(`/api/trackers/${encodeURIComponent(connection)}/sync`, { method: "POST" }),

  /** Tests a connection's stored credentials, with a form's changes applied. */
  validate: (tracker: string, connection: string, changes: CredentialChanges = {}) =>
    call<ValidationShape>(`/api/${encodeURIComponent(tracker)}/validate`, {
      method: "POST",
      body: { connection, ...changes },
    }),

  /** Writes credentials to `~/.panopticon.env`; null deletes one. The response contains no secrets. */
  setCredentials: (connection: string, changes: CredentialChanges) =>
    call<TrackerShape>(`/api/trackers/${encodeURIComponent(connection)}/credentials`, {
      method: "PATCH",
      body: changes,
    }),

  /** All sources that a connection's credentials can see. */
  async sources(connection: string, signal?: AbortSignal): Promise<Pick<SourcesShape, "sources">> {
    const found = await fetchPages(
      (query) => call<SourcesShape>("/api/sources", { query, signal }),
      // Two connections may see the same source.
      ({ sources }) => sources.map((source) => ({ id: `${source.connection} ${source.id}`, source })),
      { tracker: connection },
    );
    return { sources: found.map(({ source }) => source) };
  },

  /** Reports what this page shows, so that it is synced sooner; expires after `leaseMs`. */
  watch: (seen: WatchInput) => call<WatchShape>("/api/watch", { method: "POST", body: seen }),

  /** All projects. */
  projects: (signal?: AbortSignal) =>
    fetchPages(
      (query) => call<ProjectsShape>("/api/projects", { query, signal }),
      ({ projects }) => projects,
    ),

  addProject: (project: Record<string, unknown>) => change<ChangedProjectShape>("POST", "/api/projects", project),

  /** Changes keys in projects.yaml; null deletes one. */
  changeProject: (id: string, keys: Record<string, unknown>) =>
    change<ChangedProjectShape>("PATCH", ofProject(id), keys),

  states: async (id: string, signal?: AbortSignal) =>
    withRepeats(await call<ProjectStatesShape>(`${ofProject(id)}/states${withoutRepeats}`, { signal })),

  /** Replaces the whole `states` entry in projects.yaml. */
  setStates: async (id: string, states: ProjectStatesShape["states"]) =>
    withRepeats(await change<ProjectStatesShape>("PUT", `${ofProject(id)}/states${withoutRepeats}`, { states })),

  /** Creates the state that a source lacks for a status, in its tracker. */
  createState: async (id: string, source: string, status: Status) => {
    const path = `${ofProject(id)}/states${withoutRepeats}`;
    return withRepeats(await change<ProjectStatesShape>("POST", path, { source, status }));
  },

  removeProject: (id: string) => change<void>("DELETE", ofProject(id)),

  /** All views. */
  views: (signal?: AbortSignal) =>
    fetchPages(
      (query) => call<ViewsShape>("/api/views", { query, signal }),
      ({ views }) => views,
    ),

  addView: (view: { name: string; query: string; position?: number }) => change<ViewShape>("POST", "/api/views", view),

  changeView: (id: string, patch: ViewPatch) =>
    change<ViewShape>("PATCH", `/api/views/${encodeURIComponent(id)}`, patch),

  removeView: (id: string) => change<void>("DELETE", `/api/views/${encodeURIComponent(id)}`),
};
