import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { navigate } from "wouter/use-browser-location";
import type { AgentShape } from "../../../src/server/contract/work.ts";
import { agentsQuery } from "../api/work-queries.ts";
import { useChanges } from "../changes/changes-provider.tsx";
import { agentPath } from "../routes.ts";
import { countInTitle } from "../ui/use-title.ts";
import { wantsNotifications } from "./notification-choice.ts";

/** How many agents wait for the user. */
export function useWaitingCount(): { readonly waiting: number; readonly all: number } {
  const { data } = useQuery(agentsQuery);
  const waiting = data?.agents.filter(({ state }) => state === "waiting") ?? [];
  return { waiting: waiting.length, all: data?.total ?? 0 };
}

/** Announces that an agent has begun to wait: in the window's title, as a notice, or only to screen readers if the agent is on screen, and as a browser notification if the user wants them. */
export function WaitingNotices() {
  const { data } = useQuery(agentsQuery);
  const { say } = useChanges();
  /** The agents that were waiting at the last check; null before the first. */
  const known = useRef<ReadonlySet<string> | null>(null);
  const [heard, setHeard] = useState("");
  useEffect(() => {
    if (data === undefined) return;
    const waiting = data.agents.filter(({ state }) => state === "waiting");
    countInTitle(waiting.length);
    const before = known.current;
    known.current = new Set(waiting.map(keyOf));
    if (before === null) return;
    const fresh = waiting.filter((agent) => !before.has(keyOf(agent)));
    const [first] = fresh;
    if (first === undefined) return;
    const words = fresh.length === 1 ? wordsOf(first) : `${fresh.length} agents are waiting for input`;
    // The agent is on screen, where a notice would only cover the reply field.
    if (fresh.every(isShown)) setHeard(words);
    else say(words);
    for (const agent of fresh) notify(agent);
  }, [data, say]);
  return <output className="sr-only">{heard}</output>;
}

/** Whether the window shows the list of agents or this agent's page. */
function isShown({ id }: AgentShape): boolean {
  return location.pathname === "/agents" || location.pathname === agentPath(id);
}

function keyOf({ id, since }: AgentShape): string {
  return `${id} ${since}`;
}

function wordsOf({ name, ref, reason }: AgentShape): string {
  return `${name} is waiting for input on ${ref}${reason === null ? "" : `: ${reason}`}`;
}

function notify(agent: AgentShape): void {
  if (!wantsNotifications() || document.visibilityState === "visible") return;
  // Notifications from several tabs share the tag, so the browser shows only one.
  const notification = new Notification(`${agent.name} is waiting on ${agent.ref}`, {
    body: agent.reason ?? agent.title,
    tag: `panopticon agent ${agent.id}`,
  });
  notification.addEventListener("click", () => {
    window.focus();
    navigate(agentPath(agent.id));
    notification.close();
  });
}
