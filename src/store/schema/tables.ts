import type { Generated } from "kysely";

/**
 * The tables, the same on both databases. Keys are internal integers; native ids occur only in `native_id` columns.
 * Times are milliseconds since the epoch, flags 0 or 1, JSON is stored as text.
 */
export type Tables = {
  /** Counters that must never decrease: `issue` allocates issue ids, `change` is the change log's last sequence number. */
  sequence: { name: string; value: number; floor: number };
  /** `account`: the account of its credentials, as JSON. */
  /** `pause`: a `StoredPause` as JSON. */
  connection: { id: Generated<number>; name: string; account: string | null; pause: string | null };
  source: SourceTable;
  /** Exact counts per source and status, maintained in the same transaction as the issues. */
  source_count: { source_id: number; status: number; issues: number };

  /** `types`: the issue types that can have this state, as JSON; null: all. */
  state: Word & { category: string; position: number; types: string | null; place: string | null };
  label: Word & { name_folded: string; color: string | null };
  cycle: Word & { name_folded: string; starts_at: number | null; ends_at: number | null };
  native_priority: Word;
  /** People belong to a connection, not to a source. */
  person: Word & { login: string; login_folded: string; avatar_url: string | null };
  /** Names of issues from issues that refer to them; shown if they are not mirrored. */
  named_issue: { connection_id: number; native_id: string; key: string; title: string; url: string };
  issue_type: { id: Generated<number>; name: string; name_folded: string };

  issue: IssueTable;
  card: CardTable;
  /** The tracker's last known record (JSON), as canonical text: equal text means no change. */
  base: { issue_id: number; record: string };
  issue_label: { issue_id: number; label_id: number };
  issue_assignee: { issue_id: number; person_id: number };
  relation: { issue_id: number; native_id: string; type: string; target: string };
  /** Issues with blockers that the tracker's list does not name. */
  unread_relation: { issue_id: number };
  /** Issues whose search entry must be rewritten. */
  search_due: { issue_id: number };
  /** Relations stored by Panopticon: `blocks`, `parent` (of `from_id`), `duplicates`, or `relates` with the smaller id first. */
  link: { id: Generated<number>; from_id: number; to_id: number; type: string; created_at: number; actor: string };
  /** Refs in an issue's texts, one row per reading; `handle`: see `links/mention-handle.ts`. */
  mention: { issue_id: number; written: string; handle: string; host: string };
  /** Trackers whose refs are searched for in texts: those of all present and former sources. */
  mention_tracker: { tracker: string };
  /** Former keys of issues, folded. */
  alias: { issue_id: number; key_folded: string; key: string };
  comment: {
    issue_id: number;
    native_id: string;
    position: number;
    author_id: number | null;
    body: string;
    created_at: number;
    updated_at: number;
    reply_to: string | null;
  };

  /** Issues known to be gone, so that an answer requested earlier does not restore them. */
  tombstone: { connection_id: number; native_id: string; requested_at: number };
  rejected: { source_id: number; native_id: string; raw: string; reason: string; at: number };
  change: { sequence: number; ref: string };
  history: {
    id: Generated<number>;
    issue_id: number;
    at: number;
    ref: string;
    title: string;
    actor: string;
    field: string;
    from_value: string | null;
    to_value: string | null;
    state: string;
    /** The outbox entry that `state` describes. */
    operation_id: number | null;
    /** The source of an issue that is gone; null while its own row has it. */
    source_id: number | null;
  };
  /** `status`: index into `statuses`. */
  shadow: { issue_id: number; status: number };
  operation: OperationTable;
  /** Undoable changes of sessions, as JSON (`UndoableChange`); `closed` is not 0 if a change was undone, or cannot be. */
  undo_entry: {
    id: Generated<number>;
    session: string;
    /** Changes of a group are undone together. */
    change_group: string | null;
    issue_id: number;
    ref: string;
    operation_id: number | null;
    change: string;
    at: number;
    /** 1: undone; 2: stays in effect and can no longer be undone; 0: can be undone. */
    closed: number;
  };
  answered: { key: string; fingerprint: string; status: number; body: string; at: number };
  workspace: WorkspaceTable;
  agent: AgentTable;
  /** Issues claimed by dispatch. */
  claim: {
    issue_id: number;
    ref: string;
    project: string;
    claimed_at: number;
    agent_id: number | null;
    turns: number;
    failures: number;
    next_at: number | null;
    ended: string | null;
  };
  view: { id: Generated<number>; name: string; query: string; position: number };
};

/** Something that issues refer to by id. `scope_id` is its source, or its connection for people. `known` is 0 until the tracker has named it. */
type Word = { id: Generated<number>; scope_id: number; native_id: string; name: string; known: number };

type SourceTable = {
  id: Generated<number>;
  /** `SourceConfig.id`. */
  config_id: string;
  connection_id: number;
  /** 1: not in the present configuration; its issues are kept but not shown. */
  hidden: number;
  /** The position in the configuration. */
  position: number;
  /** `SourceConfig` as JSON. */
  config: string;
  info: string | null;
  mapping: string | null;
  /** `SourceForm` and the ids of the people who can be assigned, as JSON. */
  form: string | null;
  cursor: string | null;
  resume: string | null;
  last_complete_at: number | null;
  last_sweep_at: number | null;
  described_at: number | null;
  last_change_at: number | null;
  outside: string | null;
  error: string | null;
  warnings: string | null;
};

/** The columns that filters, counts and sort orders read: only integers, so that 100,000 rows are a few megabytes. */
type IssueTable = {
  id: number;
  source_id: number;
  /** Index into `statuses`. */
  status: number;
  priority: number;
  /** 4 urgent … 1 low, 0 none: descending is the board's order. */
  urgency: number;
  state_id: number;
  type_id: number;
  cycle_id: number | null;
  native_priority_id: number | null;
  author_id: number | null;
  /** The number of assignees. */
  assignees: number;
  created_at: number;
  updated_at: number;
  closed_at: number | null;
  /** When the base was requested. */
  requested_at: number;
  /** When the comments were last fetched. */
  comments_at: number | null;
  /** The rank set by hand; null: none. */
  rank: number | null;
  /** Its place in the manual order, highest first: `rank`, or else the creation time. */
  manual_rank: Generated<number>;
};

/** Data needed only for shown cards. */
type CardTable = {
  issue_id: number;
  connection_id: number;
  source_id: number;
  native_id: string;
  key: string;
  ref: string;
  ref_folded: string;
  url: string;
  title: string;
  /** Handle of the parent, see `parentHandle` in mirror/ref.ts. */
  parent: string | null;
  children_done: number | null;
  children_total: number | null;
  due_date: string | null;
  estimate: number | null;
  comment_count: number | null;
};

/** See `Operation`; lists and objects are JSON. */
export type OperationTable = {
  id: Generated<number>;
  uuid: string;
  issue_id: number;
  source_id: number;
  connection_id: number;
  /** The ref when it was last shown; the issue's own ref takes precedence while it exists. */
  ref: string;
  title: string;
  kind: string;
  fields: string;
  payload: string;
  state: string;
  steps: string;
  steps_done: number;
  attempts: number;
  created_at: number;
  first_sent_at: number | null;
  next_attempt_at: number | null;
  /** null: open, refused or in conflict. */
  settled_at: number | null;
  reason: string | null;
  conflicts: string | null;
  actor: string;
  session: string;
  undoes: number | null;
  twins: string | null;
  /** For a creation sent again after a lost answer: when to search for twins. */
  look_again_at: number | null;
};

/** The issue that work belongs to, as last mirrored. */
type WorkIssueColumns = {
  issue_id: number;
  connection: string;
  native_id: string;
  ref: string;
  title: string;
  tracker: string;
  project: string;
};

/** See `Workspace`; notes and request are JSON. */
export type WorkspaceTable = WorkIssueColumns & {
  id: Generated<number>;
  repository: string;
  path: string;
  branch: string;
  base: string;
  base_commit: string | null;
  state: string;
  step: string | null;
  problem: string | null;
  notes: string;
  created_at: number;
  request: string | null;
};

/** See `Agent`. */
export type AgentTable = WorkIssueColumns & {
  id: Generated<number>;
  workspace_id: number | null;
  name: string;
  plan: number;
  prompt: string;
  state: string;
  since: number;
  reason: string | null;
  started_at: number;
  ended_at: number | null;
  exit_code: number | null;
  session: string;
  turn: number;
  last_line: string | null;
  last_output_at: number | null;
  actor: string;
  cost: number | null;
  tokens: number | null;
};
