import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { navigate } from "wouter/use-browser-location";
import type { AgentShape } from "../../../src/server/contract/work.ts";
import { agentsQuery } from "../api/work-queries.ts";
import { useChanges } from "../changes/changes-provider.tsx";
import { agentPath } from "../routes.ts";
import { wantsNotifications } from "./notification-choice.ts";

/** How many agents wait for the user. */
export function useWaitingCount(): { readonly waiting: number; readonly all: number } {
  const { data } = useQuery(agentsQuery);
  const waiting = data?.agents.filter(({ state }) => state === "waiting") ?? [];
  return { waiting: waiting.length, all: data?.total ?? 0 };
}

/** Says that an agent has begun to wait: on the page, unless it is shown there, to screen readers, and by the browser where the user wants that. */
export function WaitingNotices() {
  const { data } = useQuery(agentsQuery);
  const { say } = useChanges();
  /** What was waiting when it was last looked; null before the first look. */
  const known = useRef<ReadonlySet<string> | null>(null);
  const [heard, setHeard] = useState("");
  useEffect(() => {
    if (data === undefined) return;
    const waiting = data.agents.filter(({ state }) => state === "waiting");
    const before = known.current;
    known.current = new Set(waiting.map(keyOf));
    if (before === null) return;
    const fresh = waiting.filter((agent) => !before.has(keyOf(agent)));
    const [first] = fresh;
    if (first === undefined) return;
    const words = fresh.length === 1 ? wordsOf(first) : `${fresh.length} agents are waiting for input`;
    // Who looks at it reads it there, and would have the notice over the reply.
    if (fresh.every(isShown)) setHeard(words);
    else say(words);
    for (const agent of fresh) notify(agent);
  }, [data, say]);
  return <output className="sr-only">{heard}</output>;
}

/** The list of agents, or this agent's own page, is what the window shows. */
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
  // The tag makes several tabs' notifications one.
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
