import { QueryClient, queryOptions, replaceEqualDeep } from "@tanstack/react-query";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { noteName } from "../board/data/new-names.ts";
import { isApiError } from "./client.ts";
import { api } from "./endpoints.ts";
import { type KnownComments, knownComments, type ReadComments } from "./known-comments.ts";
import { markRead, readTime } from "./read-times.ts";

export const queryKeys = {
  boards: ["board"],
  notMirrored: ["not-mirrored"],
  issues: ["issue"],
  comments: ["comments"],
  changes: ["changes"],
  counts: ["count"],
  trackers: ["trackers"],
  facets: ["facets"],
  projects: ["projects"],
  states: ["states"],
  views: ["views"],
  sources: ["sources"],
  outbox: ["outbox"],
  kept: ["kept"],
  forms: ["form"],
  moves: ["moves"],
  history: ["history"],
} as const;

/** Cached data stays fresh until the event stream invalidates it; nothing is refetched because time passed. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        gcTime: 5 * 60_000,
        networkMode: "always",
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) => failures < 1 && isApiError(error) && error.code === "server_unreachable",
        retryDelay: 500,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

/** A sync that finds no changes raises no event, but updates "synced 12 s ago": refetch when the next sync is due. */
function untilNextSync(trackers: readonly TrackerShape[]): number {
  const now = Date.now();
  const next = trackers.flatMap(({ nextSyncAt }) => (nextSyncAt === null ? [] : [Date.parse(nextSyncAt) - now + 2000]));
  return Math.min(60_000, Math.max(10_000, ...(next.length === 0 ? [60_000] : [Math.min(...next)])));
}

export const trackersQuery = queryOptions({
  queryKey: queryKeys.trackers,
  queryFn: ({ signal }) => api.trackers(signal),
  refetchInterval: ({ state }) => (state.data === undefined ? false : untilNextSync(state.data.trackers)),
});

export const facetsQuery = queryOptions({
  queryKey: queryKeys.facets,
  queryFn: ({ signal }) => api.facets(signal),
});

export const projectsQuery = queryOptions({
  queryKey: queryKeys.projects,
  queryFn: ({ signal }) => api.projects(signal),
});

/** What the board does not show of a project, and whether the project's `history` setting is the reason. */
export function projectNotMirroredQuery(project: string) {
  return queryOptions({
    queryKey: [...queryKeys.notMirrored, project],
    queryFn: async ({ signal }) => (await api.board(new URLSearchParams({ project, limit: "1" }), signal)).notMirrored,
  });
}

/** How the native states of a project's sources map to the six statuses. */
export function statesQuery(project: string) {
  return queryOptions({
    queryKey: [...queryKeys.states, project],
    queryFn: ({ signal }) => api.states(project, signal),
  });
}

export const viewsQuery = queryOptions({
  queryKey: queryKeys.views,
  queryFn: ({ signal }) => api.views(signal),
});

/** The number of issues that match a filter. */
export function countQuery(query: string) {
  return queryOptions({
    queryKey: [...queryKeys.counts, query],
    queryFn: async ({ signal }) => {
      const params = new URLSearchParams(query);
      // Grouping and order do not affect the count, and grouping is done by the page alone.
      params.delete("group");
      params.set("limit", "1");
      return (await api.issues(params, signal)).total;
    },
  });
}

/** Reads data and marks it with the time of the request. */
async function readMarked<T extends object>(read: () => Promise<T>): Promise<T> {
  const askedAt = performance.now();
  return markRead(await read(), askedAt);
}

/** Keeps what did not change, marked with the time of the later request. */
function shareMarked(previous: unknown, next: unknown): unknown {
  return markRead(replaceEqualDeep(previous, next) as object, readTime(next as object));
}

export function issueQuery(ref: string) {
  return queryOptions({
    queryKey: [...queryKeys.issues, ref],
    queryFn: async ({ client, signal }) => {
      await untilCommentsArrive(client, ref);
      const issue = await readMarked(() => api.issue(ref, { known: findKnownComments(client, ref), signal }));
      noteName(ref, issue);
      return issue;
    },
    structuralSharing: shareMarked,
  });
}

/** How long an issue that is on the screen waits for its comments before it is read again. */
const arrivalMs = 1000;

/** News of comments arrive before the comments themselves do, which would then be sent with the issue as well. */
async function untilCommentsArrive(client: QueryClient, ref: string): Promise<void> {
  const comments = client.getQueryCache().find({ queryKey: [...queryKeys.comments, ref] });
  const isShown = client.getQueryData([...queryKeys.issues, ref]) !== undefined;
  if (!isShown || comments?.state.fetchStatus !== "fetching") return;
  await Promise.race([
    comments.promise?.catch(() => undefined),
    new Promise((resolve) => {
      setTimeout(resolve, arrivalMs);
    }),
  ]);
}

/** The comments of an issue that this page has read. */
function findKnownComments(client: QueryClient, ref: string): KnownComments {
  const kept = [queryKeys.comments, queryKeys.issues].map((kind) => client.getQueryData<ReadComments>([...kind, ref]));
  return knownComments(kept.filter((data) => data !== undefined));
}

export function commentsQuery(ref: string) {
  return queryOptions({
    queryKey: [...queryKeys.comments, ref],
    queryFn: ({ client, signal }) =>
      readMarked(() => api.comments(ref, { known: findKnownComments(client, ref), signal })),
    structuralSharing: shareMarked,
  });
}

/** The sources that a connection's credentials can see. */
export function sourcesQuery(connection: string) {
  return queryOptions({
    queryKey: [...queryKeys.sources, connection],
    queryFn: ({ signal }) => api.sources(connection, signal),
  });
}

/** Operations that are unsettled or need the user. */
export const outboxQuery = queryOptions({
  queryKey: queryKeys.outbox,
  queryFn: ({ signal }) => api.outbox(signal),
});

/** Moves that stay here because of shadow mode; of one project, or all. */
export function keptMovesQuery(project?: string) {
  return queryOptions({
    queryKey: [...queryKeys.kept, project ?? null],
    queryFn: ({ signal }) => api.keptMoves(project, signal),
  });
}

/** The values that fields of a source's issues can take. */
export function formQuery(source: string) {
  return queryOptions({
    queryKey: [...queryKeys.forms, source],
    queryFn: ({ signal }) => api.form(source, signal),
    // The server refreshes these once an hour; a label created in the tracker shows up soon enough.
    staleTime: 5 * 60_000,
  });
}

/** Where an issue can move. Kept only briefly, because answering may take a tracker request and workflows change. */
export function movesQuery(address: string) {
  return queryOptions({
    queryKey: [...queryKeys.moves, address],
    queryFn: async ({ signal }) => (await api.moves(address, signal)).moves,
    staleTime: 5000,
    gcTime: 30_000,
  });
}
