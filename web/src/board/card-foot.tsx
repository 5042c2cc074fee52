import { currentSearch } from "../filter/canonical.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { useOperationActions } from "../changes/use-operation-actions.ts";
import { openIssue } from "../routes.ts";
import { Icon } from "../ui/icon.tsx";

type CardFootProps = { readonly issue: IssueShape; readonly trackerLabel: string };

/** The one thing about a card that the user should know: a write that failed, else one that met another change. */
export function CardFoot({ issue, trackerLabel }: CardFootProps) {
  const { state, reason, operation } = issue.sync;
  if (state === "failed") return <FailedFoot reason={reason} operation={operation} issue={issue} />;
  if (state !== "conflict") return null;
  const words = `Changed in ${trackerLabel}`;
  return (
    <div className="card-foot" data-tone="warn" title={reason ?? words}>
      <Icon name="alert" size={12} />
      <span className="truncate">{words}</span>
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
            aria-label={`Retry the change of ${issue.ref}`}
            onClick={() => retry(operation)}
          >
            Retry
          </button>
          <button
            type="button"
            className="card-foot-quiet"
            disabled={busy}
            aria-label={`Give up the change of ${issue.ref}`}
            title="Give the change up"
            onClick={() => drop(operation)}
          >
            <Icon name="x" size={12} />
          </button>
        </>
      )}
    </div>
  );
}
