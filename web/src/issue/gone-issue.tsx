import { Link } from "wouter";
import { useSearch } from "wouter/use-browser-location";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { isApiError } from "../api/client.ts";
import { issueDraftId, useDraft } from "../editor/drafts.ts";
import { type IssueText, useTextDraft } from "../editor/use-text-draft.ts";
import { canonical } from "../filter/canonical.ts";
import { closeIssue, currentLayout } from "../routes.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icon.tsx";

/** Whether the server said that the issue does not exist. */
export function isGone(error: Error | null): boolean {
  return isApiError(error) && (error.code === "not_found" || error.code === "gone");
}

type GoneIssueProps = {
  /** The issue as last read. */
  readonly issue: IssueDetailShape;
  readonly titleId: string;
  /** The tracker's display name. */
  readonly label: string;
  /** Reads the issue again. */
  readonly onRetry: () => void;
};

/** Replaces an open issue that left the mirror: explains, offers its unsent drafts, and links onwards. */
export function GoneIssue({ issue, titleId, label, onRetry }: GoneIssueProps) {
  const search = canonical(useSearch());
  return (
    <div className="grid gap-3 p-4" role="alert">
      <h2 id={titleId} className="text-16 font-semibold wrap-anywhere" dir="auto">
        {issue.ref} {issue.title}
      </h2>
      <p className="flex items-start gap-2">
        <Icon name="alert" className="mt-0.5 text-warn" />
        <span className="min-w-0">
          <b className="font-semibold">This issue is no longer here.</b> It was deleted or moved in {label}, or its
          project no longer includes it. See{" "}
          <Link href="/activity" className="underline">
            Activity
          </Link>{" "}
          for what happened and for changes that were not written.
        </span>
      </p>
      <UnsentText issue={issue} field="title" label="the title" />
      <UnsentText issue={issue} field="body" label="the description" />
      <UnsentComment issue={issue} what="comment" began={null} />
      {issue.comments.map(({ id, body }) => (
        <UnsentComment key={id} issue={issue} what={`comment ${id}`} began={body} />
      ))}
      <div className="flex gap-2">
        <button type="button" className="button" data-kind="primary" onClick={() => closeIssue(search)}>
          {currentLayout() === "list" ? "Go to list" : "Go to board"}
        </button>
        <button type="button" className="button" onClick={onRetry}>
          Check again
        </button>
      </div>
    </div>
  );
}

type OfIssue = { readonly issue: IssueDetailShape };

function UnsentText({ issue, field, label }: OfIssue & { readonly field: IssueText; readonly label: string }) {
  const { draft, base } = useTextDraft(issue, field);
  return <Unsent text={draft} began={base} label={label} />;
}

function UnsentComment({ issue, what, began }: OfIssue & { readonly what: string; readonly began: string | null }) {
  const [draft] = useDraft(issueDraftId(issue, what));
  return <Unsent text={draft} began={began} label="a comment" />;
}

type UnsentProps = {
  /** null: no draft. */
  readonly text: string | null;
  /** The text the draft started from. */
  readonly began: string | null;
  readonly label: string;
};

/** A draft that can no longer be sent, to copy. */
function Unsent({ text, began, label }: UnsentProps) {
  if (text === null || text === began || text.trim() === "") return null;
  return (
    <section aria-label={`Unsent draft of ${label}`}>
      <h3 className="flex items-center gap-1 text-12 text-ink-2">
        Unsent draft of {label}
        <CopyButton text={text} label="Copy text" />
      </h3>
      <p className="rounded-r2 bg-well p-2 wrap-anywhere whitespace-pre-wrap" dir="auto">
        {text}
      </p>
    </section>
  );
}
