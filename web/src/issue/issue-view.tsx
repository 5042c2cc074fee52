import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { WorkspaceSection } from "../agents/workspace-section.tsx";
import { toApiError } from "../api/client.ts";
import { trackersQuery } from "../api/queries.ts";
import { useShownIssue } from "../changes/local-changes.tsx";
import { useOutbox } from "../changes/use-outbox.ts";
import type { Completers } from "../editor/use-completion.ts";
import { useForms } from "../fields/use-forms.ts";
import { DrawnLater } from "../ui/drawn-later.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { useTitle } from "../ui/use-title.ts";
import { Words } from "../ui/words.tsx";
import { KnownRefsOf } from "../refs/known-refs.tsx";
import { Activity } from "./activity/activity.tsx";
import { Attachments } from "./attachments.tsx";
import { BodySection } from "./body-section.tsx";
import { ConflictReview } from "./conflict-review.tsx";
import { EditableTitle } from "./editable-title.tsx";
import { GoneIssue, isGone } from "./gone-issue.tsx";
import { isAnswered } from "./is-answered.ts";
import { IssueLink } from "./issue-link.tsx";
import { keptValues } from "./kept-value.tsx";
import { Properties } from "./properties.tsx";
import { RefusedNote } from "./refused-note.tsx";
import { Related } from "./relations/related.tsx";
import { usePropertyKeys } from "./use-property-keys.ts";
import "../fields/fields.css";
import "./issue.css";
import "./properties.css";
import "./relations/related.css";
import "./conflict.css";

type IssueViewProps = {
  readonly issueRef: string;
  readonly titleId: string;
  /** The issue's card, if any, shown until the issue is loaded. */
  readonly card?: IssueShape | undefined;
};

/** An issue: text, properties, relations and activity, edited in place. */
export function IssueView({ issueRef, titleId, card }: IssueViewProps) {
  const issue = useShownIssue(issueRef);
  const { data } = issue;
  const shown = data ?? (isAnswered(issue.error) ? undefined : card);
  const trackers = useQuery(trackersQuery).data?.trackers;
  const { forms } = useForms(shown === undefined ? [] : [shown]);
  const operations = useOutbox();
  const [form] = forms;
  const completers = useMemo<Completers>(
    () => ({ members: form?.members ?? [], mention: ({ login }) => `@${login}` }),
    [form],
  );
  const pressEarly = usePropertyKeys(shown?.ref ?? issueRef);
  useTitle(shown === undefined ? issueRef : `${shown.ref} ${shown.title}`);
  const tracker =
    trackers?.find(({ id, sources }) => id === shown?.tracker && sources.some(({ id }) => id === shown?.source)) ??
    trackers?.find(({ id }) => id === shown?.tracker);
  const label = tracker?.label ?? shown?.tracker ?? "The tracker";
  if (data !== undefined && isGone(issue.error)) {
    return <GoneIssue issue={data} titleId={titleId} label={label} onRetry={() => void issue.refetch()} />;
  }
  if (shown === undefined) {
    if (issue.error === null) return <IssueSkeleton titleId={titleId} issueRef={issueRef} />;
    const error = toApiError(issue.error);
    return (
      <div className="grid gap-2 p-4">
        <h2 id={titleId} className="sr-only">
          {issueRef}
        </h2>
        <ErrorNote error={error} onRetry={() => void issue.refetch()} />
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
  const writable = form?.writable.allowed !== false;
  const own = operations.filter(({ address, id }) => address === shown.address || id === shown.sync.operation);
  const kept = keptValues(own);
  return (
    <KnownRefsOf issue={shown}>
      {own.map((operation) =>
        operation.state === "conflict" ? (
          <ConflictReview key={operation.id} operation={operation} label={label} />
        ) : operation.state === "refused" && data !== undefined ? (
          <RefusedNote key={operation.id} operation={operation} issue={data} label={label} />
        ) : null,
      )}
      {form?.writable.allowed === false && (
        <p className="read-only">
          <Icon name="lock" size={14} />
          <span className="wrap-anywhere">
            <b className="font-semibold">{label} is read-only here.</b>{" "}
            {form.writable.reason !== null && <Words text={form.writable.reason} />}
          </span>
        </p>
      )}
      {issue.error !== null && (
        <div className="px-4 pt-3">
          <ErrorNote error={toApiError(issue.error)} onRetry={() => void issue.refetch()} />
        </div>
      )}
      <div className="issue-grid">
        <EditableTitle issue={shown} titleId={titleId} editable={writable && data !== undefined} kept={kept} />
        {data === undefined ? (
          issue.error === null && <TextSkeleton />
        ) : (
          <DrawnLater>
            <BodySection
              issue={data}
              connection={tracker?.connection}
              label={label}
              editable={writable}
              completers={completers}
              kept={kept}
            />
          </DrawnLater>
        )}
        <Properties issue={shown} tracker={tracker} form={form} kept={kept} />
      </div>
      {data !== undefined && (
        <DrawnLater>
          <div className="px-4">
            <WorkspaceSection issue={data} onDrawn={pressEarly} />
            <Related issue={data} tracker={tracker} writable={writable} />
            <Attachments attachments={data.attachments} connection={tracker?.connection} />
          </div>
          <Activity
            key={issueRef}
            address={issueRef}
            issue={data}
            tracker={tracker}
            completers={completers}
            writable={writable}
          />
        </DrawnLater>
      )}
    </KnownRefsOf>
  );
}

function TextSkeleton() {
  return (
    <div className="issue-text grid content-start gap-3" aria-busy="true">
      <i className="bone h-3 w-11/12" />
      <i className="bone h-3 w-5/6" />
      <i className="bone h-3 w-2/3" />
      <i className="bone mt-3 h-24" />
    </div>
  );
}

function IssueSkeleton({ titleId, issueRef }: { readonly titleId: string; readonly issueRef: string }) {
  return (
    <div className="issue-grid" aria-busy="true">
      <h2 id={titleId} className="issue-title">
        <span className="sr-only">{issueRef}</span>
        <i className="bone h-6 w-3/4" />
      </h2>
      <TextSkeleton />
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
