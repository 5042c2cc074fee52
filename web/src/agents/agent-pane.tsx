import { Tabs } from "@base-ui/react/tabs";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { outsideAddress } from "../files/outside-address.ts";
import type { AgentShape, WorkspaceShape } from "../../../src/server/contract/work.ts";
import { changesQuery, workspaceQuery } from "../api/work-queries.ts";
import { issuePath } from "../routes.ts";
import { useDialogs } from "../shell/dialog-control.ts";
import { useSingleKey } from "../shell/shortcuts.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { loadable } from "../ui/lazy.tsx";
import { formatClock, formatFull } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { agentStates, elapsedWords, isAtWork } from "./agent-words.ts";
import { editorAddress } from "./editor-link.ts";
import { ChangesView, Counts } from "./changes-view.tsx";
import { MessageForm } from "./message-form.tsx";
import { StateView } from "./state-view.tsx";
import { PushNote } from "./push-note.tsx";
import { StepsLog } from "./steps-log.tsx";
import type { TerminalState } from "./terminal/terminal-socket.ts";
import type { TerminalViewProps } from "./terminal/terminal-view.tsx";
import { useAgentActions, useOpenRequest, useRecreate } from "./use-agent-actions.ts";
import { WorkspaceTrouble } from "./workspace-trouble.tsx";

const TerminalView = loadable<TerminalViewProps>(
  async () => (await import("./terminal/terminal-view.tsx")).TerminalView,
);

const commitsMs = 10_000;

const tabs = ["terminal", "changes", "state", "steps"] as const;
type Tab = (typeof tabs)[number];

const terminalWords: Readonly<Record<TerminalState, string>> = {
  connecting: "Connecting…",
  live: "Live",
  ended: "Ended",
  lost: "Connection lost, reconnecting…",
};

/** Clicks the pane's own link, so that the key does exactly what the link does. */
function openEditor(): void {
  document.querySelector<HTMLElement>(".agent-pane [data-open-editor]")?.click();
}

/** One agent: its terminal, its changes, its STATE.md, and its actions. */
export function AgentPane({ agent }: { readonly agent: AgentShape }) {
  const now = useNow();
  const [tab, setTab] = useState<Tab>(() => tabs.find((one) => location.hash === `#${one}`) ?? "terminal");
  const [live, setLive] = useState<TerminalState>("connecting");
  const field = useRef<HTMLInputElement>(null);
  const actions = useAgentActions(agent.id, agent.name);
  // Commits made by a running agent raise no event, so poll.
  const read = useQuery({
    ...workspaceQuery(agent.workspace ?? ""),
    enabled: agent.workspace !== null,
    refetchInterval: commitsMs,
  });
  const workspace = read.data ?? undefined;
  const { icon, words, tone } = agentStates[agent.state];
  // The terminal cannot say why an agent never started, and on a phone the list, which can, is out of view.
  const said = ["waiting", "failed", "lost", "stopped"].includes(agent.state);
  const choose = (next: Tab) => {
    setTab(next);
    history.replaceState(history.state, "", `${location.pathname}${next === "terminal" ? "" : `#${next}`}`);
  };
  useSingleKey(["e", "E"], openEditor);
  useEffect(() => {
    const follow = () => setTab(tabs.find((one) => location.hash === `#${one}`) ?? "terminal");
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return (
    <section className="agent-pane" aria-label={`${agent.ref}, ${agent.name}`}>
      <header className="agent-head">
        <div className="agent-what">
          <p className="agent-name">
            <TrackerGlyph tracker={agent.tracker} />
            <Link href={issuePath(agent.ref)} className="hover:underline">
              {agent.ref}
            </Link>
            <span className="agent-state" data-tone={tone} data-state={agent.state}>
              <Icon name={icon} size={12} className={icon === "spin" ? "spinning" : undefined} />
              {words}
            </span>
          </p>
          {/* Hidden where the list next to the pane shows it. */}
          <p className="agent-subject" dir="auto">
            {agent.title}
          </p>
          <p className="agent-facts">
            <span>
              {agent.name}
              {agent.plan && ", plan"}
            </span>
            <span title={formatFull(agent.startedAt)}>
              started {formatClock(agent.startedAt)}, {elapsedWords(agent, now)} elapsed
            </span>
            {agent.branch !== null && (
              <span className="min-w-0 not-phone">
                <Icon name="branch" size={12} />
                <span className="truncate">{agent.branch}</span>
              </span>
            )}
            {agent.cost !== null && <span>${agent.cost.toFixed(2)}</span>}
          </p>
        </div>
        <PaneActions agent={agent} workspace={workspace} actions={actions} />
      </header>
      {said && agent.reason !== null && (
        <p className="agent-asks" data-tone={tone}>
          <Icon name={icon} size={14} />
          <span>{agent.reason}</span>
        </p>
      )}
      {workspace !== undefined && agent.state !== "starting" && <PaneTrouble workspace={workspace} />}
      {workspace !== undefined && <PushNote workspace={workspace} />}
      <Tabs.Root value={tab} onValueChange={(value: Tab) => choose(value)} className="agent-body">
        <div className="tabs">
          <Tabs.List className="agent-tabs" aria-label={`${agent.ref}, ${agent.name}`}>
            <Tabs.Tab value="terminal" className="tab-button">
              Terminal
            </Tabs.Tab>
            <Tabs.Tab value="changes" className="tab-button" disabled={workspace === undefined}>
              Changes{workspace !== undefined && <ChangeTotals workspace={workspace.id} />}
            </Tabs.Tab>
            <Tabs.Tab value="state" className="tab-button" disabled={workspace === undefined}>
              STATE.md
            </Tabs.Tab>
            <Tabs.Tab value="steps" className="tab-button" disabled={workspace === undefined}>
              Steps
            </Tabs.Tab>
          </Tabs.List>
          <span className="flex-1" />
          {tab === "terminal" && (
            <output className="agent-live not-phone" data-state={live}>
              <i className="dot" />
              {agent.state === "starting" ? "Starting…" : terminalWords[live]}
            </output>
          )}
        </div>
        <Tabs.Panel value="terminal" className="agent-tab" tabIndex={-1}>
          <Suspense fallback={<div className="terminal" aria-busy="true" />}>
            <TerminalView
              // A resumed agent gets a new session; there is none before it runs.
              key={`${agent.id} ${agent.turn} ${agent.state === "starting"}`}
              agent={agent.id}
              label={`${agent.name}, ${agent.ref}`}
              onState={setLive}
              onLeave={() => field.current?.focus()}
            />
          </Suspense>
        </Tabs.Panel>
        {workspace !== undefined && (
          <>
            <Tabs.Panel value="changes" className="agent-tab" tabIndex={-1}>
              <ChangesView workspace={workspace.id} />
            </Tabs.Panel>
            <Tabs.Panel value="state" className="agent-tab" tabIndex={-1}>
              <StateView workspace={workspace.id} />
            </Tabs.Panel>
            <Tabs.Panel value="steps" className="agent-tab" tabIndex={-1}>
              <StepsLog workspace={workspace.id} live={workspace.state === "creating"} />
            </Tabs.Panel>
          </>
        )}
      </Tabs.Root>
      <MessageForm key={agent.id} agent={agent} actions={actions} field={field} />
    </section>
  );
}

/** What the agent's workspace lacks, and the way to mend it, as on the issue's page. */
function PaneTrouble({ workspace }: { readonly workspace: WorkspaceShape }) {
  const recreate = useRecreate(workspace.ref);
  if (workspace.state === "ready" && workspace.trouble === null) return null;
  return (
    <div className="workspace-steps">
      <WorkspaceTrouble workspace={workspace} again={recreate.isPending} onAgain={() => recreate.mutate()} />
    </div>
  );
}

function ChangeTotals({ workspace }: { readonly workspace: string }) {
  const totals = useQuery(changesQuery(workspace)).data?.totals;
  return totals === undefined || totals.files === 0 ? null : (
    <Counts additions={totals.additions} deletions={totals.deletions} />
  );
}

type PaneActionsProps = {
  readonly agent: AgentShape;
  readonly workspace: WorkspaceShape | undefined;
  readonly actions: ReturnType<typeof useAgentActions>;
};

function PaneActions({ agent, workspace, actions }: PaneActionsProps) {
  const { open } = useDialogs();
  const request = useOpenRequest(agent.workspace);
  const opening = request.isPending || (workspace !== undefined && workspace.pushing !== null);
  const { stop, resume } = actions;
  const atWork = isAtWork(agent);
  const opened = workspace?.request;
  return (
    <div className="agent-actions">
      {agent.path !== null && (
        <>
          <CopyButton text={agent.path} label="Copy workspace path" icon="folder" />
          <a
            className="button"
            href={editorAddress(agent.path)}
            title="Open workspace in VS Code (E)"
            aria-keyshortcuts="E"
            data-open-editor
          >
            <Icon name="code" />
            <span className="wide-label">Open in editor</span>
          </a>
        </>
      )}
      {opened != null ? (
        <a
          className="button"
          href={outsideAddress(opened.url)}
          target="_blank"
          rel="noopener noreferrer"
          title={`${opened.name}, ${opened.state}`}
        >
          <Icon name="request" />
          <span>{opened.name}</span>
        </a>
      ) : (
        workspace !== undefined && (
          <button
            type="button"
            className="button"
            disabled={opening || workspace.ahead === 0}
            title={
              workspace.ahead === 0
                ? "Open a pull or merge request: available after the first commit"
                : "Push the branch and open a pull or merge request"
            }
            onClick={() => request.mutate()}
          >
            <Icon name={opening ? "spin" : "request"} className={opening ? "spinning" : undefined} />
            <span className="wide-label">Open request</span>
          </button>
        )
      )}
      <button
        type="button"
        className="button"
        disabled={atWork || resume.isPending || agent.workspace === null}
        title={atWork ? "Resume: available when the agent has stopped" : "Restart the agent in its workspace"}
        onClick={() => resume.mutate("")}
      >
        <Icon name="play" />
        <span className="wide-label">Resume</span>
      </button>
      {atWork ? (
        <button
          type="button"
          className="button"
          data-kind="danger"
          disabled={stop.isPending}
          title="Stop the agent and keep its workspace"
          onClick={() => stop.mutate()}
        >
          <Icon name="stop" />
          <span className="wide-label">Stop</span>
        </button>
      ) : (
        workspace !== undefined && (
          <button
            type="button"
            className="button"
            data-kind="danger"
            title="Remove workspace"
            onClick={() => open({ kind: "remove-workspace", workspace })}
          >
            <Icon name="trash" />
            <span className="wide-label">Remove workspace</span>
          </button>
        )
      )}
    </div>
  );
}
