import type { AgentState } from "../domain/agent.ts";
import type { Clock } from "../domain/clock.ts";
import type { WorkChange, WorkRecords } from "../domain/work-records.ts";
import type { WorkSettings } from "../domain/work-settings.ts";
import type { WorkspaceState } from "../domain/workspace.ts";
import type { Git } from "./git/git.ts";
import type { Environment } from "./process/clean-environment.ts";

/** A project as work sees it. */
export type WorkProject = {
  readonly id: string;
  /** The checkout; null: the project is board-only. */
  readonly path: string | null;
  readonly defaultBranch: string;
  /** The default profile. */
  readonly agent: string | null;
  readonly work: WorkSettings;
};

/** Events in addition to changes of cards. */
export type WorkEvent =
  | {
      readonly type: "workspace";
      readonly id: number;
      readonly ref: string;
      /** null if it was removed. */
      readonly state: WorkspaceState | null;
      readonly step: string | null;
    }
  | { readonly type: "agent"; readonly id: number; readonly ref: string; readonly state: AgentState };

/** What work depends on; wired in the composition root. */
export type WorkParts = {
  readonly records: WorkRecords;
  readonly git: Git;
  readonly clock: Clock;
  readonly env: Environment;
  /** Names of variables that contain trackers' keys. */
  readonly secret: ReadonlySet<string>;
  /** `~/.panopticon`. */
  readonly home: string;
  readonly projects: () => readonly WorkProject[];
  /** Called when a card changed. */
  readonly changed: (change: WorkChange) => void;
  readonly emit: (event: WorkEvent) => void;
};
