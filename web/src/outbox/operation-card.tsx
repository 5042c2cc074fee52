import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { Link } from "wouter";
import { foldName } from "../../../src/domain/fold-name.ts";
import type { OperationShape } from "../../../src/server/contract/change.ts";
import { trackersQuery } from "../api/queries.ts";
import { useOperationActions } from "../changes/use-operation-actions.ts";
import { issuePath } from "../routes.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon, StatusIcon, TrackerGlyph, type IconName } from "../ui/icon.tsx";
import { formatAge, formatClock, formatNumberOf } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { Words } from "../ui/words.tsx";
import { fieldWords, operationWords, statusOf, valueWords } from "./operation-words.ts";

type Badge = { readonly words: string; readonly icon: IconName; readonly tone: "warn" | "bad" | "run" | "plain" };

function badgeOf({ state }: OperationShape): Badge {
  switch (state) {
    case "conflict":
      return { words: "Conflict", icon: "alert", tone: "warn" };
    case "refused":
      return { words: "Failed", icon: "alert", tone: "bad" };
    case "sending":
      return { words: "Sending", icon: "spin", tone: "run" };
    case "unknown":
      return { words: "Answer lost", icon: "search", tone: "plain" };
    case "waiting":
      return { words: "Waiting", icon: "clock", tone: "plain" };
    case "written":
      return { words: "Duplicate", icon: "alert", tone: "warn" };
    default:
      return { words: "Queued", icon: "clock", tone: "plain" };
  }
}

/** `3 min old, attempt 2, next 14:05` */
function courseWords(operation: OperationShape, now: number): string {
  const { createdAt, attempts, nextAttemptAt, state, code } = operation;
  const parts = [`${formatAge(createdAt, now)} old`];
  if (state === "conflict") parts.push("not sent");
  else if (attempts > 0) parts.push(state === "refused" ? formatNumberOf(attempts, "attempt") : `attempt ${attempts}`);
  // Credentials do not come back by waiting.
  if (nextAttemptAt !== null && code !== "auth")
    parts.push(`${state === "unknown" ? "looks at" : "next"} ${formatClock(nextAttemptAt)}`);
  return parts.join(", ");
}

/** Text the user wrote: a title, body or comment. */
function textOf({ fields }: OperationShape): string | undefined {
  const { to } = fields.find(({ name }) => ["body", "comment", "title"].includes(name)) ?? {};
  return typeof to === "string" ? to : undefined;
}

/** An outbox operation: what it changes, its state and reason, and the user's options. */
export function OperationCard({ operation }: { readonly operation: OperationShape }) {
  const now = useNow();
  const label = useQuery(trackersQuery).data?.trackers.find(({ id }) => id === operation.tracker)?.label;
  const { retry, drop, closeTwins, busy } = useOperationActions();
  const badge = badgeOf(operation);
  const { ref, address, status, tracker, kind, reason, hint, state, twins } = operation;
  const href = issuePath(address);
  const text = textOf(operation);
  return (
    <article className="operation" data-tone={badge.tone}>
      <header>
        <TrackerGlyph tracker={tracker} label={label} />
        <Link href={href} className="font-semibold hover:underline">
          {ref}
        </Link>
        <span className="min-w-0 truncate text-ink-3">{operationWords(operation)}</span>
        <span className="badge" data-tone={badge.tone}>
          <Icon name={badge.icon} size={12} className={badge.icon === "spin" ? "spinning" : undefined} />
          {badge.words}
        </span>
      </header>
      <div className="operation-body">
        <p className="operation-issue">
          {status !== null && <StatusIcon status={status} size={14} />}
          <span className="min-w-0 truncate" dir="auto">
            {operation.title}
          </span>
        </p>
        <Fields operation={operation} />
        {state === "unknown" && reason === null && (
          <p>
            The answer was lost. It is looked for in {label} before anything is sent again, so it cannot come twice.
          </p>
        )}
        {reason !== null && (
          <p className="wrap-anywhere">
            <Words text={reason} />
          </p>
        )}
        {hint !== null && (
          <p className="wrap-anywhere text-ink-3">
            <Words text={hint} />
          </p>
        )}
        {status === null && text !== undefined && (
          <p className="flex items-center gap-1 text-ink-2">
            Text not saved
            <CopyButton text={text} label="Copy text" />
          </p>
        )}
        {twins.length > 0 && (
          <p className="wrap-anywhere text-warn">
            A lost answer left {formatNumberOf(twins.length, "duplicate")} in {label}
            {kind === "comment" ? "" : `: ${twins.join(", ")}`}.
          </p>
        )}
      </div>
      <footer>
        <span className="min-w-0 flex-1 truncate">{courseWords(operation, now)}</span>
        {operation.canDrop && (
          <button
            type="button"
            className="button"
            data-kind="quiet"
            data-size="small"
            disabled={busy}
            aria-label={state === "written" ? `Keep duplicate of ${ref}` : `Drop change to ${ref}`}
            onClick={() => drop(operation.id)}
          >
            {state === "written" ? "Keep" : "Drop"}
          </button>
        )}
        {state === "written" && twins.length > 0 && (
          <button
            type="button"
            className="button"
            data-size="small"
            disabled={busy}
            aria-label={`Close duplicate of ${ref}`}
            onClick={() => closeTwins(operation.id)}
          >
            {kind === "comment" ? "Delete" : "Close"} {twins.length === 1 ? "it" : "them"}
          </button>
        )}
        {status !== null && (state === "conflict" || operation.choices.length > 0) ? (
          <Link href={href} className="button" data-size="small">
            {state === "conflict" ? "Resolve" : "Choose"}
          </Link>
        ) : (
          operation.canRetry && (
            <button
              type="button"
              className="button"
              data-size="small"
              disabled={busy}
              aria-label={`Retry change to ${ref}`}
              onClick={() => retry(operation.id)}
            >
              Retry
            </button>
          )
        )}
      </footer>
    </article>
  );
}

function Fields({ operation }: { readonly operation: OperationShape }) {
  const conflicts = operation.fields.filter(({ conflict }) => conflict === true);
  if (operation.state === "conflict") {
    return (
      <>
        {conflicts.map((field) => (
          <Fragment key={field.name}>
            {conflicts.length > 1 && <p className="text-ink-3">{fieldWords(field.name)}</p>}
            <dl className="operation-sides">
              <dt>Mine</dt>
              <dd>
                <Value value={field.to} isStatus={field.name === "status"} />
              </dd>
              <dt>Theirs</dt>
              <dd>
                <Value value={field.theirs ?? null} isStatus={field.name === "status"} />
              </dd>
            </dl>
          </Fragment>
        ))}
      </>
    );
  }
  // The title of a new issue stands above.
  if (operation.kind === "create") return null;
  const status = operation.fields.find(({ name }) => name === "status");
  const others = operation.fields.filter(
    ({ name }) => name !== "status" && !(status !== undefined && name === "state"),
  );
  const native = operation.fields.find(({ name }) => name === "state");
  return (
    <>
      {status !== undefined && (
        <p className="operation-change">
          <Value value={status.from} isStatus beside={native?.from} />
          <Icon name="arrow" size={12} className="text-ink-4" />
          <Value value={status.to} isStatus beside={native?.to} />
        </p>
      )}
      {others
        .filter(({ from, to }) => from !== null || to !== null)
        .map(({ name, from, to }) => (
          <p key={name} className="operation-change">
            {from !== null && (
              <span className="operation-value text-ink-3" dir="auto" title={valueWords(from)}>
                {valueWords(from)}
              </span>
            )}
            <Icon name="arrow" size={12} className="text-ink-4" />
            <span className="operation-value" dir="auto" title={valueWords(to)}>
              {valueWords(to)}
            </span>
          </p>
        ))}
    </>
  );
}

type ValueProps = {
  readonly value: string | number | null;
  readonly isStatus?: boolean;
  /** The tracker's own name for the value, shown if it differs. */
  readonly beside?: string | number | null | undefined;
};

function Value({ value, isStatus = false, beside }: ValueProps) {
  const status = isStatus ? statusOf(value) : null;
  const words = valueWords(value);
  const more = beside == null || foldName(String(beside)) === foldName(words) ? null : beside;
  return (
    <span className="flex min-w-0 items-center gap-1">
      {status !== null && <StatusIcon status={status} size={14} label={false} />}
      <span className="operation-value" dir="auto" title={words}>
        {words}
      </span>
      {more !== null && <span className="truncate text-ink-3">({more})</span>}
    </span>
  );
}
