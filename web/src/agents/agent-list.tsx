import { useRef } from "react";
import { Link } from "wouter";
import type { AgentShape } from "../../../src/server/contract/work.ts";
import { agentPath } from "../routes.ts";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatAge } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { agentStates, elapsedWords, groupAgents, isAtWork, lastWords } from "./agent-words.ts";

type AgentListProps = {
  readonly agents: readonly AgentShape[];
  readonly shown: string | undefined;
  /** How many agents that ended earlier are not listed. */
  readonly older: number;
  /** Lists older agents; undefined: no more can be listed here. */
  readonly onMore: (() => void) | undefined;
};

/** All agents, those that need the user first; arrow keys move between them. */
export function AgentList({ agents, shown, older, onMore }: AgentListProps) {
  const now = useNow();
  const list = useRef<HTMLElement>(null);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys move between links, which Tab reaches too
    <nav
      className="agent-list"
      aria-label="Agents"
      ref={list}
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
        if (step === undefined) return;
        const links = [...(list.current?.querySelectorAll<HTMLElement>("a") ?? [])];
        const at = links.indexOf(document.activeElement as HTMLElement);
        event.preventDefault();
        links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
      }}
    >
      {groupAgents(agents).map(({ name, agents: own }) => (
        <section key={name} aria-label={name}>
          <h2 className="agent-group">
            {name} <span>{own.length}</span>
          </h2>
          <ul>
            {own.map((agent) => (
              <li key={agent.id}>
                <AgentRow agent={agent} current={agent.id === shown} now={now} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {older > 0 && (
        <p className="agent-older">
          {`${older} older not shown. `}
          {onMore === undefined ? (
            <>
              List them with <code>pan agent list --all</code>.
            </>
          ) : (
            <button type="button" className="button" data-kind="quiet" data-size="small" onClick={onMore}>
              Show more
            </button>
          )}
        </p>
      )}
    </nav>
  );
}

type AgentRowProps = { readonly agent: AgentShape; readonly current: boolean; readonly now: number };

function AgentRow({ agent, current, now }: AgentRowProps) {
  const { icon, words, tone } = agentStates[agent.state];
  const last = lastWords(agent);
  return (
    <Link
      href={agentPath(agent.id)}
      className="agent-row"
      aria-current={current ? "page" : undefined}
      data-state={agent.state}
    >
      <span className="agent-icon" data-tone={tone} title={words}>
        <Icon name={icon} size={14} className={icon === "spin" ? "spinning" : undefined} label={words} />
      </span>
      <span className="agent-line">
        <TrackerGlyph tracker={agent.tracker} />
        <b>{agent.ref}</b>
        <span className="text-ink-3">{agent.name}</span>
        {agent.plan && <span className="agent-plan">plan</span>}
      </span>
      <span
        className="agent-time"
        title={agent.state === "waiting" ? "Time waiting" : isAtWork(agent) ? "Time running" : "Ended"}
      >
        {agent.state === "waiting"
          ? formatAge(agent.since, now)
          : isAtWork(agent)
            ? elapsedWords(agent, now)
            : `${formatAge(agent.since, now)} ago`}
      </span>
      <span className="agent-title" dir="auto">
        {agent.title}
      </span>
      {agent.branch !== null && (
        <span className="agent-branch">
          <Icon name="branch" size={12} />
          <span className="truncate">{agent.branch}</span>
        </span>
      )}
      {last !== "" && <span className="agent-last">{last}</span>}
    </Link>
  );
}
