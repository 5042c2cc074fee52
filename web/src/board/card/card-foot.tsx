import { currentSearch } from "../../filter/canonical.ts";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { conflictWords } from "../../changes/conflict-words.ts";
import { useOperationActions } from "../../changes/use-operation-actions.ts";
import { openIssue } from "../../routes.ts";
import { agentStates } from "../../agents/agent-words.ts";
import { Icon } from "../../ui/icon.tsx";
import { formatAge } from "../../ui/time.ts";
import { useAgo } from "../../ui/use-now.ts";
import { Link } from "wouter";

type CardFootProps = { readonly issue: IssueShape; readonly trackerLabel: string };

/** The one most important fact about a card: a failed write, a conflict, its agent, or its workspace. */
export function CardFoot({ issue, trackerLabel }: CardFootProps) {
  const { state, reason, operation } = issue.sync;
  if (state === "failed") return <FailedFoot reason={reason} operation={operation} issue={issue} />;
  if (state !== "conflict") return <WorkFoot issue={issue} />;
  const { brief, full } = conflictWords(trackerLabel);
  return (
    <div className="card-foot" data-tone="warn" title={reason === null ? full : `${full} ${reason}`}>
      <Icon name="alert" size={12} />
      <span className="truncate">{brief}</span>
      <button
        type="button"
        aria-label={`Review ${issue.ref}, changed in ${trackerLabel}`}
        onClick={() => openIssue(issue.address, currentSearch())}
      >
        Review
      </button>
    </div>
  );
}

/** The card's agent, or its workspace. */
function WorkFoot({ issue: { agent, workspace, ref } }: { readonly issue: IssueShape }) {
  if (agent !== null) return <AgentFoot agent={agent} issueRef={ref} />;
  return workspace === null ? null : (
    <div className="card-foot" title={workspace.path}>
      <Icon name="branch" size={12} className="text-ink-3" />
      <span className="truncate">{workspace.branch}</span>
    </div>
  );
}

type AgentFootProps = { readonly agent: NonNullable<IssueShape["agent"]>; readonly issueRef: string };

/** Its own component, so that only this part of a card re-renders with the clock. */
function AgentFoot({ agent, issueRef }: AgentFootProps) {
  const age = useAgo(agent.since, formatAge);
  const { icon, words, tone } = agentStates[agent.state as keyof typeof agentStates] ?? agentStates.lost;
  return (
    <Link
      href={`/agents/${encodeURIComponent(agent.id)}`}
      className="card-foot card-work"
      data-tone={agent.state === "waiting" ? "warn" : undefined}
    >
      <Icon
        name={icon}
        size={12}
        className={icon === "spin" ? "spinning text-run" : tone === "warn" ? undefined : toneInk[tone]}
      />
      <span className="truncate">
        {agent.name} {agent.state === "waiting" ? "waiting for input" : words.toLowerCase()}
        <span className="sr-only"> on {issueRef},</span>
      </span>
      <span className="card-work-age">{age}</span>
    </Link>
  );
}

const toneInk: Readonly<Record<string, string>> = {
  ok: "text-ok",
  bad: "text-bad",
  run: "text-run",
  quiet: "text-ink-3",
};

type FailedFootProps = Pick<IssueShape["sync"], "reason" | "operation"> & { readonly issue: IssueShape };

function FailedFoot({ reason, operation, issue }: FailedFootProps) {
  const { retry, drop, busy } = useOperationActions();
  return (
    <div className="card-foot" data-tone="bad" title={reason ?? undefined}>
      <Icon name="alert" size={12} />
      <span className="truncate">{reason ?? "Not saved"}</span>
      {operation !== null && (
        <>
          <button
            type="button"
            disabled={busy}
            aria-label={`Retry change to ${issue.ref}`}
            onClick={() => retry(operation)}
          >
            Retry
          </button>
          <button
            type="button"
            className="card-foot-quiet"
            disabled={busy}
            aria-label={`Drop change to ${issue.ref}`}
            title="Drop change"
            onClick={() => drop(operation)}
          >
            <Icon name="x" size={12} />
          </button>
        </>
      )}
    </div>
  );
}
