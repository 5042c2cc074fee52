import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link } from "wouter";
import { outsideAddress } from "../files/outside-address.ts";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import type { AgentShape, WorkspaceShape } from "../../../src/server/contract/work.ts";
import { toApiError } from "../api/client.ts";
import { workApi } from "../api/work-endpoints.ts";
import { agentsQuery, workKeys, workspacesQuery } from "../api/work-queries.ts";
import { useDialogs } from "../shell/dialog-control.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { formatAge, formatNumberOf } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { agentPath } from "../routes.ts";
import { agentStates, isAtWork, lastWords } from "./agent-words.ts";
import { editorAddress } from "./editor-link.ts";
import { PushNote } from "./push-note.tsx";
import { StepsLog } from "./steps-log.tsx";
import { useOpenRequest } from "./use-agent-actions.ts";
import { WorkspaceTrouble } from "./workspace-trouble.tsx";
import "./work.css";

type WorkspaceSectionProps = {
  readonly issue: IssueDetailShape;
  /** More of it can be used; `all`: it is known which workspace and agents there are, or that it cannot be known. */
  readonly onDrawn: (all: boolean) => void;
};

/** An issue's workspace and agents, and the buttons to create them. */
export function WorkspaceSection({ issue, onDrawn }: WorkspaceSectionProps) {
  const client = useQueryClient();
  const { open, preload } = useDialogs();
  const readWorkspaces = useQuery(workspacesQuery(issue.address));
  const readAgents = useQuery(agentsQuery);
  const workspaces = readWorkspaces.data;
  const agentsKnown = !readAgents.isPending;
  const known = agentsKnown && !readWorkspaces.isPending;
  useEffect(() => onDrawn(known), [known, agentsKnown, onDrawn]);
  // While the server is away, the page's notice says so.
  const unread = [readWorkspaces, readAgents].find(
    ({ data, error }) => error !== null && (data === undefined || toApiError(error).code !== "server_unreachable"),
  )?.error;
  const agents = (readAgents.data?.agents ?? []).filter(({ ref }) => ref === issue.ref);
  const workspace = workspaces?.find(({ id, ref }) => id === issue.workspace?.id || ref === issue.ref);
  const create = useMutation({
    mutationFn: () => workApi.createWorkspace(issue.address),
    onSettled: () => client.invalidateQueries({ queryKey: workKeys.workspaces }),
  });
  const atWork = agents.some(isAtWork);
  return (
    <section className="issue-section work" aria-label="Workspace and agents">
      <h3>
        Workspace
        <span className="work-actions">
          {workspace === undefined && (
            <button
              type="button"
              className="button"
              data-kind="quiet"
              data-size="small"
              disabled={create.isPending || workspaces === undefined}
              onClick={() => create.mutate()}
            >
              <Icon name="branch" />
              Create workspace
            </button>
          )}
          {!atWork && (
            <>
              <button
                type="button"
                className="button"
                data-size="small"
                disabled={!agentsKnown}
                onPointerEnter={() => preload("start-agent")}
                onClick={() => open({ kind: "start-agent", issues: [issue], plan: true })}
              >
                Plan
              </button>
              <button
                type="button"
                className="button"
                data-size="small"
                data-start-agent
                disabled={!agentsKnown}
                onPointerEnter={() => preload("start-agent")}
                onClick={() => open({ kind: "start-agent", issues: [issue] })}
              >
                <Icon name="play" />
                Start agent<kbd aria-hidden="true">A</kbd>
              </button>
            </>
          )}
        </span>
      </h3>
      {create.error !== null && <ErrorNote error={toApiError(create.error)} />}
      {unread != null && (
        <ErrorNote
          error={toApiError(unread)}
          onRetry={() => {
            void readWorkspaces.refetch();
            void readAgents.refetch();
          }}
        />
      )}
      {workspace !== undefined && (
        <WorkspaceRow workspace={workspace} busy={atWork} onAgain={() => create.mutate()} again={create.isPending} />
      )}
      {agents.length > 0 && (
        <ul className="work-agents">
          {agents.slice(0, 5).map((agent) => (
            <li key={agent.id}>
              <AgentLink agent={agent} />
            </li>
          ))}
        </ul>
      )}
      {!known && <i className="bone h-3 w-2/3" aria-busy="true" />}
      {known && unread == null && workspace === undefined && agents.length === 0 && (
        <p className="text-12 text-ink-3">No workspace yet. An agent gets its own git worktree and branch.</p>
      )}
    </section>
  );
}

type WorkspaceRowProps = {
  readonly workspace: WorkspaceShape;
  readonly busy: boolean;
  readonly again: boolean;
  readonly onAgain: () => void;
};

function WorkspaceRow({ workspace, busy, again, onAgain }: WorkspaceRowProps) {
  const { open } = useDialogs();
  const request = useOpenRequest(workspace.id);
  const { state, notes, branch, path } = workspace;
  return (
    <div className="workspace" data-state={state}>
      <p className="workspace-line">
        <Icon name="branch" size={14} />
        <code className="truncate" title={branch}>
          {branch}
        </code>
        <CopyButton text={branch} label="Copy branch name" />
        <span className="workspace-facts">{factsOf(workspace)}</span>
      </p>
      <p className="workspace-line">
        <Icon name="folder" size={14} />
        <code className="truncate" title={path}>
          {path}
        </code>
        <CopyButton text={path} label="Copy path" />
        <a
          className="icon-button"
          href={editorAddress(path)}
          aria-label="Open in editor"
          aria-keyshortcuts="E"
          title="Open in VS Code (E)"
          data-open-editor
        >
          <Icon name="code" />
        </a>
        <span className="flex-1" />
        {workspace.request === null ? (
          <button
            type="button"
            className="button"
            data-kind="quiet"
            data-size="small"
            disabled={request.isPending || workspace.pushing !== null || workspace.ahead === 0}
            title={workspace.ahead === 0 ? "No commits yet" : "Push the branch and open a pull or merge request"}
            onClick={() => request.mutate()}
          >
            {request.isPending || workspace.pushing !== null ? "Opening request…" : "Open request"}
          </button>
        ) : (
          <a
            className="button"
            data-size="small"
            href={outsideAddress(workspace.request.url)}
            target="_blank"
            rel="noopener noreferrer"
          >
            <Icon name="request" />
            {workspace.request.name}, {workspace.request.state}
          </a>
        )}
        <button
          type="button"
          className="button"
          data-kind="quiet"
          data-size="small"
          disabled={busy}
          title={busy ? "In use by an agent" : "Remove workspace"}
          onClick={() => open({ kind: "remove-workspace", workspace })}
        >
          Remove
        </button>
      </p>
      {notes.map((note) => (
        <p key={note} className="workspace-note">
          <Icon name="info" size={14} />
          <span>{note}</span>
        </p>
      ))}
      {state === "ready" && <WorkspaceTrouble workspace={workspace} again={again} onAgain={onAgain} />}
      {workspace.pushing !== null && <PushNote workspace={workspace} />}
      {(state === "creating" || state === "failed") && (
        <div className="workspace-steps">
          <WorkspaceTrouble workspace={workspace} again={again} onAgain={onAgain} />
          <StepsLog workspace={workspace.id} live={state === "creating"} />
        </div>
      )}
    </div>
  );
}

/** `2 uncommitted files, 3 ahead of origin/main, 1 behind` */
function factsOf({ state, dirty, dirtyFiles, ahead, behind, base, ...workspace }: WorkspaceShape): string {
  if (state !== "ready") return state === "creating" ? "creating" : state;
  const { present, branch, checkedOut, trouble } = workspace;
  const parts = [
    ...(present && checkedOut !== branch ? [`${checkedOut ?? "no branch"} is checked out`] : []),
    // If git cannot tell, the note below says so.
    ...(dirty && trouble === null ? [formatNumberOf(dirtyFiles.length, "uncommitted file")] : []),
    ...(ahead > 0 ? [`${ahead} ahead`] : []),
    ...(behind > 0 ? [`${behind} behind`] : []),
  ];
  return parts.length === 0 && trouble === null ? `up to date with ${base}` : parts.join(", ");
}

function AgentLink({ agent }: { readonly agent: AgentShape }) {
  const now = useNow();
  const { icon, words, tone } = agentStates[agent.state];
  return (
    <Link href={agentPath(agent.id)} className="work-agent">
      <span className="agent-icon" data-tone={tone}>
        <Icon name={icon} size={14} className={icon === "spin" ? "spinning" : undefined} />
      </span>
      <b>{agent.name}</b>
      <span className="agent-tone" data-tone={tone}>
        {words}
      </span>
      <span className="truncate text-ink-3">{lastWords(agent)}</span>
      <span className="ml-auto flex-none text-ink-3">{formatAge(agent.since, now)}</span>
    </Link>
  );
}
