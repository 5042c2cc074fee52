import type { OperationShape } from "../../../src/server/contract/change.ts";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { useOperationActions } from "../changes/use-operation-actions.ts";
import { issueDraftId, returnDraft } from "../editor/drafts.ts";
import { reopenTextDraft } from "../editor/use-text-draft.ts";
import { MoveWays } from "../fields/move-ways.tsx";
import { operationWords } from "../outbox/operation-words.ts";
import { Icon } from "../ui/icon.tsx";
import { Words } from "../ui/words.tsx";

type RefusedNoteProps = {
  readonly operation: OperationShape;
  readonly issue: IssueDetailShape;
  readonly label: string;
};

/** A change the tracker rejected: the reason in its words, and what to do next. Rejected texts can be recovered. */
export function RefusedNote({ operation, issue, label }: RefusedNoteProps) {
  const { retry, drop, busy } = useOperationActions();
  // A new issue's texts are edited in place; dropping it would delete it.
  const edited = operation.kind === "create" ? [] : operation.fields;
  const texts = edited.flatMap(({ name, from, to }) =>
    name === "title" || name === "body" ? [{ name, from: String(from ?? ""), to } as const] : [],
  );
  const comment = operation.kind === "comment" ? operation.fields.find(({ name }) => name === "comment")?.to : null;
  const editAgain = () => {
    if (comment != null) returnDraft(issueDraftId(issue, "comment"), String(comment));
    for (const { name, from, to } of texts) if (to !== null) reopenTextDraft(issue, name, String(to), from);
    drop(operation.id);
  };
  return (
    <section className="refused" aria-label="Change not saved">
      <Icon name="alert" className="mt-0.5 text-bad" />
      <div className="min-w-0">
        <p className="wrap-anywhere">
          <b className="font-semibold">
            {label} rejected the {operationWords(operation)}.
          </b>{" "}
          {operation.reason !== null && <Words text={operation.reason} />}
        </p>
        {operation.hint !== null && (
          <p className="wrap-anywhere text-ink-2">
            <Words text={operation.hint} />
          </p>
        )}
        {operation.choices.length > 0 && (
          <MoveWays
            source={issue.source}
            choices={operation.choices}
            onChoose={({ transition, fields }) => retry(operation.id, { transition, fields: { ...fields } })}
          />
        )}
      </div>
      <span className="refused-actions">
        {(texts.length > 0 || comment != null) && (
          <button type="button" className="button" data-size="small" disabled={busy} onClick={editAgain}>
            Edit again
          </button>
        )}
        <button
          type="button"
          className="button"
          data-kind="quiet"
          data-size="small"
          disabled={busy}
          onClick={() => drop(operation.id)}
        >
          Drop
        </button>
        {operation.canRetry && operation.choices.length === 0 && (
          <button
            type="button"
            className="button"
            data-size="small"
            disabled={busy}
            onClick={() => retry(operation.id)}
          >
            Retry
          </button>
        )}
      </span>
    </section>
  );
}
