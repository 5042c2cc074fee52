import { basename } from "node:path";
import type { Config, Paths } from "../../config/config.ts";
import { systemClock } from "../../domain/clock.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";
import type { IssueCard } from "../../store/board/issue-card.ts";
import type { Me, Store } from "../../store/store.ts";
import type { SyncEngine } from "../../sync/sync-engine.ts";
import { allProfiles, getProfile } from "../../work/agents/profiles.ts";
import { createDispatch, type Dispatch } from "../../work/dispatch/dispatch.ts";
import type { DispatchIssue } from "../../work/dispatch/dispatch-issue.ts";
import type { RulesInForce } from "../../work/dispatch/dispatch-parts.ts";
import type { Work } from "../../work/work.ts";
import { readStatus } from "./compose-work.ts";

export type ComposeDispatchOptions = {
  readonly paths: Pick<Paths, "projectsFile">;
  readonly store: Store;
  readonly sync: Pick<SyncEngine, "refreshIssue">;
  readonly work: Work;
  readonly config: () => Config;
};

/** Do not let an unresponsive tracker hold up the others for longer. */
const readMs = 10_000;
const pageSize = 1_000;
/** With more matching issues than this, their order can no longer be determined. */
const maxPages = 20;

/** Wires dispatch. */
export function composeDispatch({ paths, store, sync, work, config }: ComposeDispatchOptions): Dispatch {
  return createDispatch({
    records: store.work,
    agents: work.agents,
    removeWorkspace: work.removeWorkspace,
    clock: systemClock,
    rules: () => rulesInForce(config(), paths.projectsFile),
    candidates: (when) => findCandidates(when, store),
    async issue(issueId) {
      try {
        const [card, me, status] = await Promise.all([
          store.board.card(issueId),
          readMe(store),
          readStatus(issueId, store),
        ]);
        return { issue: toDispatchIssue(card, me), setByHandAt: status?.setByHandAt ?? null };
      } catch (error) {
        if (isPanopticonError(error) && error.code === "not_found") return null;
        throw error;
      }
    },
    reread: (issueId) => sync.refreshIssue(issueId, AbortSignal.timeout(readMs)),
    withoutCheckout(project) {
      const found = config().projects.find(({ id }) => id === project);
      if (found === undefined) return `the project ${project} is not in projects.yaml any more`;
      return found.path === null ? `the project ${project} has no checkout: path: in projects.yaml` : null;
    },
    settled: () => work.settled(),
  });
}

function rulesInForce({ dispatch, problems, agents }: Config, projectsFile: string): RulesInForce {
  const wrong = problems.find(({ severity, file }) => severity === "error" && file === projectsFile);
  if (wrong !== undefined) {
    const place = wrong.line === null ? "" : `:${wrong.line}:${wrong.column ?? 1}`;
    const ended = wrong.message.endsWith("?") ? "" : ".";
    const kept = dispatch === null ? "" : `${ended} The last good rules stay in force for what runs.`;
    return { rules: dispatch, problem: `${basename(projectsFile)}${place}: ${wrong.message}${kept}` };
  }
  return { rules: dispatch, problem: dispatch === null ? null : unknownAgent(dispatch, agents) };
}

/** Reports an unknown agent once, before any issue is claimed; otherwise every issue would fail in turn. */
function unknownAgent({ agent }: DispatchRules, agents: Config["agents"]): string | null {
  if (agent === null) return null;
  try {
    getProfile(allProfiles(agents), agent);
    return null;
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
    return [error.message, error.hint].filter(Boolean).join(" ");
  }
}

/** The board's filter finds issues with the first label; dispatch checks the others itself. */
async function findCandidates(when: DispatchRules["when"], store: Store): Promise<readonly DispatchIssue[]> {
  const me = await readMe(store);
  const filter = {
    status: when.status,
    ...(when.project.length > 0 && { project: when.project }),
    ...(when.labels.length > 0 && { label: when.labels.slice(0, 1) }),
    ...(when.assignee.length > 0 && { assignee: when.assignee }),
  };
  const found: DispatchIssue[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const window = await store.board.issues({
      filter,
      sort: { key: "priority", reverse: false },
      limit: pageSize,
      cursor,
      me,
    });
    found.push(...window.issues.map((card) => toDispatchIssue(card, me)));
    cursor = window.cursor;
    if (cursor === null) break;
  }
  return found;
}

async function readMe(store: Store): Promise<Me> {
  const accounts = await store.sources.accounts();
  return Object.fromEntries(Object.entries(accounts).map(([connection, { id }]) => [connection, id]));
}

function toDispatchIssue(card: IssueCard, me: Me): DispatchIssue {
  const { id, ref, address, title, tracker, project, status, priority, createdAt, labels, assignees, blockedBy } = card;
  return {
    issueId: id,
    ref,
    address,
    title,
    tracker,
    project,
    status,
    priority,
    createdAt,
    labels: labels.map(({ name }) => name),
    assignees: assignees.map((person) => ({ login: person.login, isMe: person.id === me[card.connection] })),
    blockedBy,
    agentState: card.agent?.state ?? null,
  };
}
