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

/** What reading commands ask, the server where one runs, else the mirror. */
export type Reading = {
  /** null: through the server, which keeps the mirror fresh. */
  readonly mirrorAge: null | {
    /** When the oldest of its sources was last complete; `never` when one never was. */
    readonly at: number | "never" | "empty";
    /** The server that has the mirror and did not answer. */
    readonly silent?: RunningServer;
  };
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
  /** What is wrong in the configuration files: projects may be missing for it. */
  problems(): Promise<readonly ConfigProblem[]>;
  /** Throws `not_found`. */
  states(project: string): Promise<ProjectStatesShape>;
  /** Changes on their way to the trackers, and what needs the user. */
  outbox(): Promise<OutboxShape>;
  mirrored(): Promise<{ readonly total: number; readonly notMirrored: readonly NotMirroredShape[] }>;
  close(): Promise<void>;
};

/** `comments` false: as they were fetched last; no tracker is asked. */
export type IssueOptions = { readonly comments: boolean };
