import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { navigate } from "wouter/use-browser-location";
import type { AgentShape } from "../../../src/server/contract/work.ts";
import { agentsQuery } from "../api/work-queries.ts";
import { useChanges } from "../changes/changes-provider.tsx";
import { wantsNotifications } from "./notification-choice.ts";

/** How many agents wait for the user. */
export function useWaitingCount(): { readonly waiting: number; readonly all: number } {
  const { data = [] } = useQuery(agentsQuery);
  return { waiting: data.filter(({ state }) => state === "waiting").length, all: data.length };
}

/** Says that an agent has begun to wait: on the page, to screen readers, and by the browser where the user wants that. */
export function WaitingNotices() {
  const { data } = useQuery(agentsQuery);
  const { say } = useChanges();
  /** What was waiting when it was last looked; null before the first look. */
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (data === undefined) return;
    const waiting = data.filter(({ state }) => state === "waiting");
    const before = known.current;
    known.current = new Set(waiting.map(keyOf));
    if (before === null) return;
    const fresh = waiting.filter((agent) => !before.has(keyOf(agent)));
    const [first] = fresh;
    if (first === undefined) return;
    say(fresh.length === 1 ? wordsOf(first) : `${fresh.length} agents wait for input`);
    for (const agent of fresh) notify(agent);
  }, [data, say]);
  return null;
}

function keyOf({ id, since }: AgentShape): string {
  return `${id} ${since}`;
}

function wordsOf({ name, ref, reason }: AgentShape): string {
  return `${name} waits for input on ${ref}${reason === null ? "" : `: ${reason}`}`;
}

function notify(agent: AgentShape): void {
  if (!wantsNotifications() || document.visibilityState === "visible") return;
  // The tag makes several tabs' notifications one.
  const notification = new Notification(`${agent.name} waits on ${agent.ref}`, {
    body: agent.reason ?? agent.title,
    tag: `panopticon agent ${agent.id}`,
  });
  notification.addEventListener("click", () => {
    window.focus();
    navigate(`/agents/${encodeURIComponent(agent.id)}`);
    notification.close();
  });
}
