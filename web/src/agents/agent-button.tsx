import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { agentsQuery } from "../api/work-queries.ts";
import { agentPath } from "../routes.ts";
import { useDialogs } from "../shell/dialog-control.ts";
import { Icon } from "../ui/icon.tsx";
import { agentStates, isAtWork } from "./agent-words.ts";

/** Links to the agent working on an issue, or starts one. */
export function AgentButton({ issue }: { readonly issue: IssueDetailShape }) {
  const { open, preload } = useDialogs();
  const agent = useQuery(agentsQuery).data?.agents.find((one) => one.ref === issue.ref && isAtWork(one));
  if (agent === undefined) {
    return (
      <button
        type="button"
        className="button"
        data-kind="primary"
        aria-label="Start agent"
        onPointerEnter={() => preload("start-agent")}
        onClick={() => open({ kind: "start-agent", issues: [issue] })}
      >
        <Icon name="play" />
        Agent
      </button>
    );
  }
  const { icon, words } = agentStates[agent.state];
  return (
    <Link
      href={agentPath(agent.id)}
      className="button"
      data-kind="primary"
      aria-label={`Agent ${agent.name}: ${words.toLowerCase()}`}
    >
      <Icon name={icon} className={icon === "spin" ? "spinning" : undefined} />
      Agent
    </Link>
  );
}
