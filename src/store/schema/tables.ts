import type { Generated } from "kysely";

/**
 * The tables, the same on both databases. Integer keys inside; native ids stand in `native_id` columns only.
 * Times are milliseconds since the epoch, flags 0 or 1, JSON is kept as text.
 */
export type Tables = {
  /** Counters that must never run backwards: `issue` hands out issue ids, `change` is the change log's last number. */
  sequence: { name: string; value: number; floor: number };
  /** `account`: whose credentials it uses, as JSON. */
  /** `pause`: a `StoredPause` as JSON. */
  connection: { id: Generated<number>; name: string; account: string | null; pause: string | null };
  source: SourceTable;
  /** True counts per source and status, kept up in the same transaction as the issues. */
  source_count: { source_id: number; status: number; issues: number };

  /** `types`: the issue types that can be in it, as JSON; null: all. */
  state: Word & { category: string; position: number; types: string | null; place: string | null };
  label: Word & { name_folded: string; color: string | null };
  cycle: Word & { name_folded: string; starts_at: number | null; ends_at: number | null };
  native_priority: Word;
  /** People belong to a connection, not to a source. */
  person: Word & { login: string; login_folded: string; avatar_url: string | null };
  /** Issues as others name them; shown where they are not mirrored. */
  named_issue: { connection_id: number; native_id: string; key: string; title: string; url: string };
  issue_type: { id: Generated<number>; name: string; name_folded: string };

  issue: IssueTable;
  card: CardTable;
  /** The tracker's last known record (JSON), as canonical text: equal text is no news. */
  base: { issue_id: number; record: string };
  issue_label: { issue_id: number; label_id: number };
  issue_assignee: { issue_id: number; person_id: number };
  relation: { issue_id: number; native_id: string; type: string; target: string };
  /** Issues that are blocked by something the tracker's list does not name. */
  unread_relation: { issue_id: number };
  /** Issues whose search entry is to be written anew. */
  search_due: { issue_id: number };
  /** Relations that Panopticon keeps: `blocks`, `parent` (of `from_id`), `duplicates`, or `relates` with the smaller id first. */
  link: { id: Generated<number>; from_id: number; to_id: number; type: string; created_at: number; actor: string };
  /** Refs in an issue's texts, one row for each way to read one; `handle`: see `links/mention-handle.ts`. */
  mention: { issue_id: number; written: string; handle: string; host: string };
  /** Trackers that texts are read for: those of all sources there ever were. */
  mention_tracker: { tracker: string };
  /** Keys an issue had before, folded. */
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

  /** Issues known to be gone, so that an answer requested earlier does not bring them back. */
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
    /** The outbox's entry whose fate `state` tells. */
    operation_id: number | null;
    /** Where an issue was that is gone; null while it is there, which says it itself. */
    source_id: number | null;
  };
  /** `status`: index into `statuses`. */
  shadow: { issue_id: number; status: number };
  operation: OperationTable;
  /** What sessions did, as JSON (`UndoableChange`); `closed`: 1 when it was taken back, or cannot be. */
  undo_entry: {
    id: Generated<number>;
    session: string;
    /** What was changed together is taken back together. */
    change_group: string | null;
    issue_id: number;
    ref: string;
    operation_id: number | null;
    change: string;
    at: number;
    /** 1: taken back; 2: not to be taken back any more, and so it stands; 0: neither. */
    closed: number;
  };
  answered: { key: string; fingerprint: string; status: number; body: string; at: number };
  workspace: WorkspaceTable;
  agent: AgentTable;
  /** What dispatch has taken. */
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

/** Something issues refer to by id. `scope_id` is its source, or its connection for people. `known` is 0 until the tracker has named it. */
type Word = { id: Generated<number>; scope_id: number; native_id: string; name: string; known: number };

type SourceTable = {
  id: Generated<number>;
  /** `SourceConfig.id`. */
  config_id: string;
  connection_id: number;
  /** 1: not in the configuration now; its issues are kept but not shown. */
  hidden: number;
  /** Order in the configuration. */
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

/** What filters, counts and orders read: integers only, so that 100,000 rows are a few megabytes. */
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
  /** How many assignees. */
  assignees: number;
  created_at: number;
  updated_at: number;
  closed_at: number | null;
  /** When the base was asked for. */
  requested_at: number;
  /** When the comments were last fetched. */
  comments_at: number | null;
  /** Where people have placed it; null: nowhere yet. */
  rank: number | null;
  /** Its place in the manual order, the highest first: `rank`, else when it was made. */
  manual_rank: Generated<number>;
};

/** What only a shown card needs. */
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
  /** As of the last time it was shown; the issue's own ref counts while there is one. */
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
  /** Of a creation that was sent again after a lost answer: when its twins are looked for. */
  look_again_at: number | null;
};

/** The issue that work belongs to, as it was when it was last mirrored. */
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
