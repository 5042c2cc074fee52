import type { Changes } from "../../changes/changes.ts";
import type { Config, Paths } from "../../config/config.ts";
import type { Environment } from "../../config/paths.ts";
import { systemClock } from "../../domain/clock.ts";
import { isPanopticonError } from "../../domain/error.ts";
import { actorName } from "../../domain/operation.ts";
import { priorityLabels } from "../../domain/priority.ts";
import { statusLabels } from "../../domain/status.ts";
import type { Store } from "../../store/store.ts";
import type { SyncEngine } from "../../sync/sync-engine.ts";
import { createFindRefs } from "../../trackers/find-refs.ts";
import type { TrackerDefinition } from "../../trackers/tracker.ts";
import { allProfiles } from "../../work/agents/profiles.ts";
import { createGit } from "../../work/git/git.ts";
import type { IssueText } from "../../work/state/state-file.ts";
import { createTmux } from "../../work/tmux/tmux.ts";
import { createWork, type Work } from "../../work/work.ts";
import { createFindCode } from "./find-code.ts";
import { panCommand } from "./pan-command.ts";

export type ComposeWorkOptions = {
  readonly paths: Pick<Paths, "home">;
  readonly env: Environment;
  readonly store: Store;
  readonly sync: SyncEngine;
  readonly changes: Changes;
  readonly trackers: readonly TrackerDefinition[];
  readonly config: () => Config;
};

/** How many history entries to search for the last status change. */
const historyLines = 200;
/** How often to look for the requests of workspaces' branches. */
const requestsMs = 20_000;
/** STATE.md waits no longer than this for comments from the tracker. */
const commentsMs = 3_000;

/** Wires workspaces and agents. */
export function composeWork({ paths, env, store, sync, changes, trackers, config }: ComposeWorkOptions): Work {
  const secret = new Set([
    "DATABASE_URL",
    ...trackers.flatMap(({ credentialFields }) =>
      credentialFields.filter((field) => field.secret).flatMap((field) => field.env),
    ),
  ]);
  return createWork({
    records: store.work,
    git: createGit(env),
    tmux: createTmux({ home: paths.home, env, secret }),
    clock: systemClock,
    env,
    secret,
    home: paths.home,
    pan: panCommand(),
    projects: () => config().projects,
    profiles: () => allProfiles(config().agents),
    changed: ({ sequence, refs }) =>
      sync.changed({ change: { sequence, refs, changed: refs.length, removed: 0, due: false } }),
    readIssue: (issueId) => readIssue(issueId, store, sync),
    readStatus: (issueId) => readStatus(issueId, store),
    async moveStatus(issueId, status, actor) {
      await changes.edit(issueId, { status }, { actor, session: actorName(actor) });
    },
    ...createFindCode({ store, sync, trackers, config }),
    requestsMs: () => Math.max(requestsMs, config().sync.minIntervalMs ?? 0),
    findRefs: createFindRefs(trackers),
    relate: (issueId, ref, actor) =>
      changes.relate(issueId, "relates", ref, { actor: { kind: "agent", name: actor }, session: `agent ${actor}` }),
    mayMove: (projectId) => config().projects.find(({ id }) => id === projectId)?.work.signals ?? false,
  });
}

async function readIssue(issueId: number, store: Store, sync: SyncEngine): Promise<IssueText | null> {
  try {
    await sync.refreshIssue(issueId, AbortSignal.timeout(commentsMs));
  } catch (error) {
    // If the tracker cannot be reached, use what was fetched earlier.
    if (!isPanopticonError(error) && !(error instanceof DOMException)) throw error;
  }
  try {
    const [issue, comments] = await Promise.all([store.board.detail(issueId), store.comments.list(issueId)]);
    return {
      ref: issue.ref,
      title: issue.title,
      url: issue.url,
      tracker: issue.tracker,
      type: issue.type,
      status: statusLabels[issue.status],
      nativeState: issue.nativeState.name,
      priority: issue.priority === 0 ? null : priorityLabels[issue.priority],
      labels: issue.labels.map(({ name }) => name),
      assignees: issue.assignees.map(({ login }) => login),
      parent: issue.parent === null ? null : `${issue.parent.key ?? ""} ${issue.parent.title ?? ""}`.trim(),
      blockedBy: issue.blockedBy,
      body: issue.body,
      comments: comments.map(({ author, createdAt, body }) => ({
        author: author?.login ?? "somebody",
        at: createdAt,
        body,
      })),
      relations: issue.relations.flatMap(({ type, ref, title, status, tracker }) =>
        ref === null ? [] : [{ type, ref, title: title ?? "", status: status && statusLabels[status], tracker }],
      ),
    };
  } catch (error) {
    if (isPanopticonError(error) && error.code === "not_found") return null;
    throw error;
  }
}

/** A change counts as made by hand unless an agent or Panopticon made it. */
export async function readStatus(issueId: number, store: Store) {
  try {
    const { status } = await store.board.detail(issueId);
    const lines = await store.history.list({ issueId, limit: historyLines });
    const moves = lines.filter(({ field }) => field === "status");
    const byHand = moves.find(({ actor }) => !/^(?:agent|panopticon)\b/.test(actor));
    return { status, setByHandAt: byHand?.at ?? null, setAt: moves[0]?.at ?? null };
  } catch (error) {
    if (isPanopticonError(error) && error.code === "not_found") return null;
    throw error;
  }
}
