import { isPanopticonError, PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import type { WorkspaceChanges } from "../../domain/workspace-changes.ts";
import { readChanges } from "../changes/read-changes.ts";
import { isSound } from "../git/mend-worktree.ts";
import { createTurns } from "../in-turn.ts";
import { readState, type StateText } from "../state/read-state.ts";
import type { WorkParts, WorkProject } from "../work-parts.ts";
import { getWorkspace, makeWorkspace, type NewWorkspaceFor, planWorkspace, removalReason } from "./create-workspace.ts";
import { findMoves } from "./find-moves.ts";
import { followBranch } from "./follow-branch.ts";
import { findStandings } from "./find-standings.ts";
import { inspectWorkspace, type Standings, type WorkspaceFacts } from "./inspect-workspace.ts";
import { checkRemovable, takeAway } from "./remove-workspace.ts";
import { stepLog } from "./step-log.ts";

export type WorkspaceWithFacts = Workspace & { readonly facts: WorkspaceFacts };

export type BegunWorkspace = {
  readonly workspace: Workspace;
  readonly isNew: boolean;
  /** The offset in its log where the output of this creation starts; earlier output is of previous ones. */
  readonly logFrom: number;
  readonly ready: Promise<Workspace>;
};

/** Git worktrees for issues. Errors are PanopticonErrors with what to do about them. */
export type Workspaces = {
  /**
   * Creates a workspace for an issue, continues a failed one, or returns the existing one. When this resolves, it is on disk; `ready` resolves when all steps
   * are done, and rejects with the first failure. Throws `unsupported` for a project without a checkout, `not_found` for an unknown project.
   */
  create(projectId: string, issue: NewWorkspaceFor): Promise<BegunWorkspace>;
  /** The ids of all workspaces, or of those of an issue in the mirror, newest first. */
  ids(issueId?: number): Promise<readonly number[]>;
  /** The existing ones of these, or all, in that order, in their current state according to git. */
  list(ids?: readonly number[]): Promise<readonly WorkspaceWithFacts[]>;
  /** Throws `not_found`. */
  get(id: number): Promise<WorkspaceWithFacts>;
  /** The output of its steps from an offset (negative: from the end), and its end. */
  log(id: number, from: number): { readonly text: string; readonly start: number; readonly end: number };
  /** What it changes compared to its base; `file`: only this file. Throws `conflict` if its folder is gone. */
  changes(id: number, file?: string): Promise<WorkspaceChanges>;
  /** Its STATE.md; null if there is none yet. */
  state(id: number): Promise<StateText | null>;
  /**
   * Throws `conflict` with what would be lost, unless `force`. A creation in progress is interrupted. `empty` ends the agents in it, once nothing prevents the
   * removal; `kept`: the ref that keeps commits which exist nowhere else.
   */
  remove(
    id: number,
    options: { readonly force: boolean; readonly empty?: () => Promise<void> },
  ): Promise<{ readonly kept: string | null }>;
  /** After a start of the server: marks interrupted creations and removals, and finds moved folders. */
  recover(): Promise<void>;
  /** Interrupts all creations. */
  stop(): Promise<void>;
};

type Making = Pick<BegunWorkspace, "logFrom" | "ready"> & { readonly breaking: AbortController };

const interrupted = "Panopticon was stopped while creating it; create it again to continue.";
const atOnce = 4;

export function createWorkspaces(parts: WorkParts): Workspaces {
  const { records } = parts;
  const inTurn = createTurns();
  const making = new Map<number, Making>();
  const stopping = new AbortController();

  const findProject = (id: string): WorkProject | undefined => parts.projects().find((project) => project.id === id);
  const getProject = (id: string): WorkProject => {
    const project = findProject(id);
    if (project !== undefined) return project;
    throw new PanopticonError("not_found", `The project ${id} is no longer in projects.yaml.`);
  };

  /** Adds one worktree at a time to a repository, because git locks it. Setup runs in parallel. */
  function make(project: WorkProject, workspace: Workspace): Making {
    const running = making.get(workspace.id);
    if (running !== undefined) return running;
    const logFrom = stepLog(parts.home, workspace.id).end();
    const breaking = new AbortController();
    const signal = AbortSignal.any([stopping.signal, breaking.signal]);
    const ready = makeWorkspace(parts, project, workspace.id, signal, (work) =>
      inTurn(`git ${workspace.repository}`, work),
    );
    const made = { logFrom, ready: guarded(ready), breaking };
    making.set(workspace.id, made);
    const forget = () => making.delete(workspace.id);
    ready.then(forget, forget);
    return made;
  }

  /** The record, updated if a folder or a checkout was moved. */
  async function follow(workspace: Workspace): Promise<Workspace> {
    const moves = await findMoves(parts, workspace, findProject(workspace.project)?.path ?? null);
    if (moves === null) return workspace;
    parts.changed(await records.workspaces.update(workspace.id, moves));
    return getWorkspace(parts, workspace.id);
  }

  async function refresh(known: Workspace, standings?: Standings): Promise<WorkspaceWithFacts> {
    const workspace = await follow(known);
    const project = findProject(workspace.project);
    const facts = await inspectWorkspace(parts, workspace, project, standings);
    const followed = await followBranch(parts, workspace, facts.checkedOut);
    if (followed === null) return { ...workspace, facts };
    return { ...followed, facts: await inspectWorkspace(parts, followed, project) };
  }

  /** A creation that was interrupted for a removal, but stays, is incomplete. */
  async function giveUp(id: number, problem: string): Promise<void> {
    const { state, issue } = await getWorkspace(parts, id);
    if (state !== "creating") return;
    parts.changed(await records.workspaces.update(id, { state: "failed", problem }));
    parts.emit({ type: "workspace", id, ref: issue.ref, state: "failed", step: null });
  }

  return {
    create: (projectId, issue) =>
      inTurn(`issue ${issue.issueId}`, async () => {
        const project = getProject(projectId);
        const known = await records.workspaces.findOfIssue(issue.issueId);
        if (known === null) {
          const workspace = await planWorkspace(parts, project, issue);
          return { workspace, isNew: true, ...make(project, workspace) };
        }
        const workspace = await follow(known);
        if (workspace.state === "ready" && (await isSound(parts.git, workspace.path))) {
          const logFrom = stepLog(parts.home, workspace.id).end();
          return { workspace, isNew: false, logFrom, ready: Promise.resolve(workspace) };
        }
        return { workspace, isNew: false, ...make(project, workspace) };
      }),
    ids: async (issueId) =>
      (await records.workspaces.list())
        .filter(({ issue }) => issueId === undefined || issue.issueId === issueId)
        .map(({ id }) => id),
    async list(ids) {
      const all = await records.workspaces.list();
      const workspaces = ids === undefined ? all : all.filter(({ id }) => ids.includes(id));
      const standings = await findStandings(parts, workspaces);
      const look = (workspace: Workspace) => refresh(workspace, standings);
      const listed: WorkspaceWithFacts[] = [];
      for (let from = 0; from < workspaces.length; from += atOnce) {
        listed.push(...(await Promise.all(workspaces.slice(from, from + atOnce).map(look))));
      }
      return listed;
    },
    get: async (id) => refresh(await getWorkspace(parts, id)),
    log(id, from) {
      const { text, end } = stepLog(parts.home, id).read(from);
      return { text: text.toString("utf8"), start: end - text.length, end };
    },
    async changes(id, file) {
      const { facts: _, ...workspace } = await refresh(await getWorkspace(parts, id));
      const copies = (findProject(workspace.project)?.work.workspace.copy.length ?? 0) > 0;
      return readChanges(parts.git, { workspace, copies, file });
    },
    state: async (id) => readState((await getWorkspace(parts, id)).path),
    async remove(id, { force, empty }) {
      const { issueId } = (await getWorkspace(parts, id)).issue;
      // Requests for the issue's workspace meanwhile wait, and get a new one.
      return inTurn(issueId === null ? `workspace ${id}` : `issue ${issueId}`, async () => {
        const look = async () => refresh(await getWorkspace(parts, id));
        const check = ({ facts, ...workspace }: WorkspaceWithFacts, beingMade: boolean) =>
          checkRemovable(parts, workspace, facts, { beingMade });
        let found = await look();
        const made = making.get(id);
        if (!force) await check(found, made !== undefined);
        await empty?.();
        if (made !== undefined) {
          const reason = removalReason();
          made.breaking.abort(reason);
          await made.ready.catch(() => undefined);
          try {
            found = await look();
            if (!force) await check(found, false);
          } catch (error) {
            await giveUp(id, reason.message);
            throw error;
          }
        }
        const { facts, ...workspace } = found;
        const project = findProject(workspace.project);
        return inTurn(`git ${workspace.repository}`, () =>
          takeAway(parts, project, workspace, { force, present: facts.present }),
        );
      });
    },
    async recover() {
      for (const workspace of await records.workspaces.list()) {
        if (workspace.state === "creating" || workspace.state === "removing") {
          const problem =
            workspace.state === "creating" ? interrupted : "Removing it was interrupted; remove it again.";
          parts.changed(await records.workspaces.update(workspace.id, { state: "failed", problem }));
        } else {
          // Lets the record follow an issue that is mirrored again under another number.
          parts.changed(await records.workspaces.update(workspace.id, {}));
        }
      }
    },
    async stop() {
      stopping.abort(new PanopticonError("conflict", interrupted));
      await Promise.allSettled([...making.values()].map(({ ready }) => ready));
    },
  };
}

/** A failure that no caller awaits must not crash the process: it is recorded with the workspace. */
function guarded(ready: Promise<Workspace>): Promise<Workspace> {
  ready.catch((error: unknown) => {
    if (!isPanopticonError(error)) process.emitWarning(toPanopticonError(error));
  });
  return ready;
}
