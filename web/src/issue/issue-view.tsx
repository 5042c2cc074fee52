import { useQuery } from "@tanstack/react-query";
import { toApiError } from "../api/client.ts";
import { issueQuery, trackersQuery } from "../api/queries.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { Activity } from "./activity.tsx";
import { Attachments } from "./attachments.tsx";
import { IssueLink } from "./issue-link.tsx";
import { Properties } from "./properties.tsx";
import { Prose } from "./prose.tsx";
import { Related } from "./related.tsx";
import "./issue.css";

type IssueViewProps = { readonly issueRef: string; readonly titleId: string };

/** An issue, read-only: text, properties, relations, what happened. */
export function IssueView({ issueRef, titleId }: IssueViewProps) {
  const issue = useQuery(issueQuery(issueRef));
  const trackers = useQuery(trackersQuery).data?.trackers;
  if (issue.data === undefined) {
    if (issue.error === null) return <IssueSkeleton titleId={titleId} issueRef={issueRef} />;
    const error = toApiError(issue.error);
    return (
      <div className="grid gap-2 p-4">
        <h2 id={titleId} className="sr-only">
          {issueRef}
        </h2>
        <ErrorNote error={error}>
          <button type="button" className="button" data-size="small" onClick={() => void issue.refetch()}>
            Try again
          </button>
        </ErrorNote>
        {error.code === "conflict" && (
          <ul>
            {error.candidates.map((address) => (
              <li key={address}>
                <IssueLink issueRef={address} className="relation flex!">
                  <Icon name="right" size={14} className="text-ink-3" />
                  <span className="truncate">{address}</span>
                </IssueLink>
              </li>
            ))}
          </ul>
        )}
      </div>
    );
  }
  const { data } = issue;
  const tracker =
    trackers?.find(({ id, sources }) => id === data.tracker && sources.some((source) => source.id === data.source)) ??
    trackers?.find(({ id }) => id === data.tracker);
  return (
    <>
      {issue.error !== null && (
        <div className="px-4 pt-3">
          <ErrorNote error={toApiError(issue.error)} />
        </div>
      )}
      <div className="issue-grid">
        <h2 id={titleId} className="issue-title" dir="auto">
          <bdi>{data.title}</bdi>
        </h2>
        <div className="issue-text">
          {data.body.trim() === "" ? (
            <p className="text-ink-3">No description.</p>
          ) : (
            <Prose text={data.body} base={data.url} connection={tracker?.connection} />
          )}
        </div>
        <Properties issue={data} tracker={tracker} />
      </div>
      <div className="px-4 pb-6">
        <Related issue={data} />
        <Attachments attachments={data.attachments} connection={tracker?.connection} />
        <Activity key={issueRef} address={issueRef} issue={data} tracker={tracker} />
      </div>
    </>
  );
}

function IssueSkeleton({ titleId, issueRef }: { readonly titleId: string; readonly issueRef: string }) {
  return (
    <div className="issue-grid" aria-busy="true">
      <h2 id={titleId} className="issue-title">
        <span className="sr-only">{issueRef}</span>
        <i className="bone h-6 w-3/4" />
      </h2>
      <div className="issue-text grid content-start gap-3">
        <i className="bone h-3 w-11/12" />
        <i className="bone h-3 w-5/6" />
        <i className="bone h-3 w-2/3" />
        <i className="bone mt-3 h-24" />
      </div>
      <div className="properties">
        {Array.from({ length: 7 }, (_, row) => (
          <div className="property" key={row}>
            <i className="bone my-1 h-3 w-12" />
            <i className="bone my-1 h-3 w-24" />
          </div>
        ))}
      </div>
    </div>
  );
}
