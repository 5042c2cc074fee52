/**
 * The events of `GET /api/events`, by name; `change` and `reload` have the sequence as the event's id. The first event on a connection is always one of these
 * two. `?since=N` (the sequence of the displayed board) or `Last-Event-ID` resumes.
 */
export type ServerEvents = {
  /** Issues whose cards changed. `refs` is limited to 200; with `more`, fetch what is displayed again. */
  change: { sequence: number; refs: string[]; more: boolean };
  /** The listener was away too long: fetch everything again. */
  reload: { sequence: number };
  /** A connection's state changed: fetch `/api/trackers`. */
  tracker: { connection: string; health: string };
  progress: { connection: string; source: string; done: number; total: number | null; finished: boolean };
  /** A workspace's state changed; null if it was removed. Fetch `/api/workspaces`. */
  workspace: { id: string; ref: string; state: string | null; step: string | null };
  /** An agent's state changed: fetch `/api/agents`. */
  agent: { id: string; ref: string; state: string };
  /** A saved view was added, changed or removed: fetch `/api/views`. */
  view: { id: string };
  /** projects.yaml, config.yaml or the environment file was reloaded. */
  config: { problems: number };
  /** Shows that the connection is alive; the next one follows after `everyMs` milliseconds. */
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
  view: true,
  config: true,
  heartbeat: true,
};

/** The interval of heartbeats, unless an event states another one. */
export const usualHeartbeatMs = 15_000;

export const serverEventNames = Object.keys(every);
