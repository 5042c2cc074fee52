import type { OutboxShape } from "../server/contract/change.ts";
import type { FacetsShape, IssueDetailShape, IssueListShape, NotMirroredShape } from "../server/contract/issue.ts";
import type { ProblemShape } from "../server/contract/problem.ts";
import type { ProjectsShape, ProjectStatesShape } from "../server/contract/project.ts";
import type { AgentShape } from "../server/contract/work.ts";
import type { TrackersShape } from "../server/contract/tracker.ts";
import type { Context } from "./context.ts";
import { describeAgo } from "./describe-time.ts";
import { plainLine } from "./plain-text.ts";
import { findServer, type ServerClient } from "./server-client.ts";
import { createServerReading } from "./server-reading.ts";

export type IssuesQuery = {
  /** Filter and sort as written. */
  readonly written: readonly (readonly [key: string, value: string])[];
  readonly limit: number;
  readonly cursor: string | null;
};

/** What reading commands ask, the server where one runs, else the mirror. */
export type Reading = {
  /** null: through the server, which keeps the mirror fresh. Else when the oldest of its sources was last complete; `never` when one never was. */
  readonly mirrorAge: null | { readonly at: number | "never" | "empty" };
  issues(query: IssuesQuery): Promise<IssueListShape>;
  /** The words that issues have. */
  facets(): Promise<FacetsShape>;
  /** Throws `not_found`, and `conflict` with the candidates for a ref that fits several. */
  issue(
    ref: string,
    options?: IssueOptions,
  ): Promise<{ readonly issue: IssueDetailShape; readonly commentsProblem: ProblemShape | null }>;
  /** Throws `not_found`. */
  agent(id: number): Promise<AgentShape>;
  trackers(): Promise<TrackersShape>;
  projects(): Promise<ProjectsShape>;
  /** Throws `not_found`. */
  states(project: string): Promise<ProjectStatesShape>;
  /** Changes on their way to the trackers, and what needs the user. */
  outbox(): Promise<OutboxShape>;
  mirrored(): Promise<{ readonly total: number; readonly notMirrored: readonly NotMirroredShape[] }>;
  close(): Promise<void>;
};

/** `comments` false: as they were fetched last; no tracker is asked. */
export type IssueOptions = { readonly comments: boolean };

/** `beside`: of the mirror, though a server may run. */
export type ReadingOptions = { readonly sync: boolean; readonly beside?: boolean };

/** Opens what answers fastest and truest: the running server, else the mirror. With `sync` the trackers are asked first. */
export async function openReading(context: Context, { sync, beside }: ReadingOptions): Promise<Reading> {
  const client = beside === true ? null : await findServer(context.paths.serverFile);
  if (client !== null) return serverReading(context, client, sync);
  // Where a server answers, the store need not be loaded.
  const { openMirrorReading, syncedReading } = await import("./mirror-reading.ts");
  if (!sync) return openMirrorReading(context);
  const through = async () => {
    const late = await findServer(context.paths.serverFile);
    return late === null ? null : serverReading(context, late, sync);
  };
  return (await import("./open-with-lock.ts")).openWithLock(context, through, () => syncedReading(context));
}

async function serverReading(context: Context, client: ServerClient, sync: boolean): Promise<Reading> {
  if (sync) await (await import("./sync-now.ts")).syncThroughServer(context, client, {});
  return createServerReading(client);
}

/** Says on standard error which words of a filter that finds nothing no issue has. */
export async function noteUnknownWords(
  { out }: Context,
  reading: Reading,
  written: IssuesQuery["written"],
): Promise<void> {
  if (reading.mirrorAge?.at === "empty") return;
  const { describeUnknownWords } = await import("./unknown-filter-words.ts");
  for (const note of describeUnknownWords(written, await reading.facets())) out.note(plainLine(note));
}

/** Says on standard error how old a mirror is that no server keeps fresh. */
export function noteMirrorAge(context: Context, { mirrorAge }: Reading): void {
  if (mirrorAge === null) return;
  const { out, clock } = context;
  const { at } = mirrorAge;
  const hint = "pan up keeps it fresh, --sync asks the trackers first.";
  if (at === "empty") out.note("Nothing is mirrored yet: pan up or pan sync asks the trackers.");
  else if (at === "never") out.note(`The mirror is not complete, a first sync has not finished; ${hint}`);
  else out.note(`From the mirror, last synced ${describeAgo(at, clock.now())}; ${hint}`);
}
