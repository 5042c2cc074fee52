import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { Link } from "wouter";
import { usePathname } from "wouter/use-browser-location";
import { toApiError } from "../api/client.ts";
import { agentQuery, agentsQuery, moreAgentsQuery } from "../api/work-queries.ts";
import { ConnectionNotice } from "../shell/connection-notice.tsx";
import { useDialogs } from "../shell/dialog-control.ts";
import { SearchButton } from "../shell/search-button.tsx";
import { useSingleKey } from "../shell/shortcuts.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { useIsPhone } from "../ui/use-is-phone.ts";
import { useTitle } from "../ui/use-title.ts";
import { AgentList } from "./agent-list.tsx";
import { AgentPane } from "./agent-pane.tsx";
import { countWords, groupAgents } from "./agent-words.ts";
import "../settings/settings.css";
import "./agents.css";

/** The agents' last lines change without an event, so poll. */
const linesMs = 2000;

/** The list of agents and one agent's pane: the agent in the URL, otherwise the one that needs the user most. A phone shows either the list or the pane. */
export function AgentsPage() {
  const path = usePathname();
  const { open, preload } = useDialogs();
  const [wantsMore, setWantsMore] = useState(false);
  const few = useQuery({ ...agentsQuery, refetchInterval: linesMs });
  const more = useQuery({ ...moreAgentsQuery, enabled: wantsMore });
  const { data, error } = wantsMore && more.data !== undefined ? more : few;
  const agents = data?.agents;
  const named = /^\/agents\/([^/]+)/.exec(path)?.[1];
  const first = agents === undefined ? undefined : groupAgents(agents)[0]?.agents[0]?.id;
  // Without an agent in the URL, keep showing the one shown first.
  const [begun, setBegun] = useState(first);
  if (begun === undefined && first !== undefined) setBegun(first);
  const wanted = named ?? begun;
  const listed = agents?.find(({ id }) => id === wanted);
  const isOlder = agents !== undefined && listed === undefined && wanted !== undefined;
  const older = useQuery({ ...agentQuery(wanted ?? ""), enabled: isOlder });
  const shown = listed ?? (isOlder ? older.data : undefined);
  useTitle(named === undefined || shown === undefined ? "Agents" : `${shown.ref} ${shown.name}`);
  const start = useCallback(() => open({ kind: "start-agent" }), [open]);
  useSingleKey(["a", "A"], start);
  const isPhone = useIsPhone();
  const showsList = !isPhone || named === undefined;
  const showsPane = !isPhone || named !== undefined;
  return (
    <>
      <ConnectionNotice />
      <header className="bar">
        {!showsList && (
          <Link href="/agents" className="icon-button" aria-label="All agents">
            <Icon name="right" className="rotate-180" />
          </Link>
        )}
        <h1 className="bar-title">Agents</h1>
        {agents !== undefined && <span className="bar-total">{countWords(agents, data?.total ?? 0)}</span>}
        <span className="flex-1" />
        <SearchButton />
        <button
          type="button"
          className="button"
          data-kind="primary"
          aria-keyshortcuts="A"
          onPointerEnter={() => preload("start-agent")}
          onClick={start}
        >
          <Icon name="play" />
          <span className="read-on-phone">Start agent</span>
          <kbd aria-hidden="true" className="not-phone">
            A
          </kbd>
        </button>
      </header>
      {/* While the server is away, the notice above says so. */}
      {error !== null && (data === undefined || toApiError(error).code !== "server_unreachable") && (
        <div className="p-4">
          <ErrorNote error={toApiError(error)} onRetry={() => void few.refetch()} />
        </div>
      )}
      {agents?.length === 0 ? (
        <div className="empty">
          <h2>No agents yet</h2>
          <p>
            An agent works on one issue in its own git workspace. Start one here or from an issue
            <span className="not-phone">
              {" "}
              with <kbd>A</kbd>
            </span>
            .
          </p>
        </div>
      ) : (
        <div className="agents">
          {few.isPending && (
            <div className="agent-list late" aria-busy="true">
              {[0, 1, 2].map((row) => (
                <i key={row} className="bone mb-2 h-20" />
              ))}
            </div>
          )}
          {agents !== undefined && showsList && (
            <AgentList
              agents={agents}
              shown={showsPane ? shown?.id : undefined}
              older={(data?.total ?? 0) - agents.length}
              onMore={wantsMore ? undefined : () => setWantsMore(true)}
            />
          )}
          {shown !== undefined && showsPane && <AgentPane key={shown.id} agent={shown} />}
          {isOlder && older.error !== null && showsPane && (
            <div className="empty">
              <h2>Agent {wanted} not found</h2>
              <p>Choose another agent from the list.</p>
            </div>
          )}
        </div>
      )}
    </>
  );
}
