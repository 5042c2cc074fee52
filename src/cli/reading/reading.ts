import type { ConfigProblem } from "../../config/config.ts";
import type { OutboxShape } from "../../server/contract/change.ts";
import type { FacetsShape, IssueDetailShape, IssueListShape, NotMirroredShape } from "../../server/contract/issue.ts";
import type { ProblemShape } from "../../server/contract/problem.ts";
import type { ProjectsShape, ProjectStatesShape } from "../../server/contract/project.ts";
import type { AgentShape } from "../../server/contract/work.ts";
import type { RunningServer } from "../server/running-server.ts";
import type { TrackersShape } from "../../server/contract/tracker.ts";

export type IssuesQuery = {
  /** Filter and sort as written. */
  readonly written: readonly (readonly [key: string, value: string])[];
  readonly limit: number;
  readonly cursor: string | null;
};

/** The queries behind reading commands: through the running server, otherwise from the mirror. */
export type Reading = {
  /** null: through the server, which keeps the mirror up to date. */
  readonly mirrorAge: null | {
    /** The last complete sync of the least recent source; `never` if one was never complete. */
    readonly at: number | "never" | "empty";
    /** The server that owns the mirror but did not respond. */
    readonly silent?: RunningServer;
  };
  issues(query: IssuesQuery): Promise<IssueListShape>;
  /** The filter values that issues have. */
  facets(): Promise<FacetsShape>;
  /** Throws `not_found`, or `conflict` with the candidates of an ambiguous ref. */
  issue(
    ref: string,
    options?: IssueOptions,
  ): Promise<{ readonly issue: IssueDetailShape; readonly commentsProblem: ProblemShape | null }>;
  /** Throws `not_found`. */
  agent(id: number): Promise<AgentShape>;
  trackers(): Promise<TrackersShape>;
  projects(): Promise<ProjectsShape>;
  /** Problems in the configuration files, which may be why projects are missing. */
  problems(): Promise<readonly ConfigProblem[]>;
  /** Throws `not_found`. */
  states(project: string): Promise<ProjectStatesShape>;
  /** Unsettled operations, and those that need the user. */
  outbox(): Promise<OutboxShape>;
  /** The number of moves that stay here because of shadow mode. */
  keptMoves(): Promise<number>;
  mirrored(): Promise<{ readonly total: number; readonly notMirrored: readonly NotMirroredShape[] }>;
  close(): Promise<void>;
};

export type IssueOptions = {
  /** false: the stored comments, without asking the tracker; default: true. */
  readonly comments?: boolean;
  /** How many of the newest changes; default: as many as an issue's answer has. */
  readonly history?: number;
};
