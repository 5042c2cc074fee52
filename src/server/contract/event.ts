/**
 * What `GET /api/events` sends, by event name; `change` and `reload` carry the sequence as the event's id. The first event on a connection
 * is always one of these two. `?since=N` (the sequence of the board that is shown) or `Last-Event-ID` resumes.
 */
export type ServerEvents = {
  /** Issues whose cards changed. `refs` is cut at 200; `more` says so: fetch anew what is shown. */
  change: { sequence: number; refs: string[]; more: boolean };
  /** The listener was away too long: fetch everything anew. */
  reload: { sequence: number };
  /** A connection's state changed: fetch `/api/trackers`. */
  tracker: { connection: string; health: string };
  progress: { connection: string; source: string; done: number; total: number | null; finished: boolean };
  /** A workspace came into another state; null: it is gone. Fetch `/api/workspaces`. */
  workspace: { id: string; ref: string; state: string | null; step: string | null };
  /** An agent came into another state: fetch `/api/agents`. */
  agent: { id: string; ref: string; state: string };
  /** projects.yaml, config.yaml or the environment file was read again. */
  config: { problems: number };
  /** Nothing happened, and the line stands; the next one comes after so many milliseconds. */
  heartbeat: { everyMs: number };
};

export type ServerEventName = keyof ServerEvents;

const every: Readonly<Record<ServerEventName, true>> = {
  change: true,
  reload: true,
  tracker: true,
  agent: true,
  workspace: true,
  progress: true,
  config: true,
  heartbeat: true,
};

/** How often a heartbeat comes, unless it says otherwise itself. */
export const usualHeartbeatMs = 15_000;

export const serverEventNames = Object.keys(every);
