import { isStatus, statusLabels } from "../../../../src/domain/status.ts";
import { actorWords } from "../../activity/actor-words.ts";
import { relationWords } from "../../activity/relation-words.ts";
import { fieldWords } from "../../outbox/operation-words.ts";
import { Icon, StatusIcon } from "../../ui/icon.tsx";
import { formatAgo, formatFull } from "../../ui/time.ts";
import { useAgo } from "../../ui/use-now.ts";
import type { HistoryLine as Line } from "./activity-entries.ts";

function valueWords(value: string): string {
  return isStatus(value) ? statusLabels[value] : value;
}

/** A change of an issue in words: who, what, when. `label`: the display name of its tracker. */
export function HistoryLine({ line, label }: { readonly line: Line; readonly label: string }) {
  const ago = useAgo(line.at, formatAgo);
  const to = line.to !== null && isStatus(line.to) ? line.to : null;
  return (
    <p className="history-line">
      {to === null ? (
        <Icon name="pencil" size={14} className="text-ink-3" />
      ) : (
        <StatusIcon status={to} size={14} label={false} />
      )}
      <span className="wrap-anywhere">
        <b className="font-semibold text-ink">{actorWords(line.actor, label)}</b> <What line={line} />{" "}
        <time className="text-ink-3" dateTime={line.at} title={formatFull(line.at)}>
          · {ago}
        </time>
        <HistoryState state={line.state} />
      </span>
    </p>
  );
}

/** Descriptions of fields whose change needs no values. */
const deeds: ReadonlyMap<string, string> = new Map(
  Object.entries({
    created: "created the issue",
    create: "created the issue",
    gone: "deleted the issue",
    comment: "commented",
    "comment edited": "edited a comment",
    "comment deleted": "deleted a comment",
    "comment sent again": "restored a deleted comment, with a new time",
    body: "edited the description",
  }),
);

function What({ line }: { readonly line: Line }) {
  const deed = deeds.get(line.field);
  if (deed !== undefined) return deed;
  if (line.field === "relation") return <Relation line={line} />;
  return <Change line={line} />;
}

function Change({ line }: { readonly line: Line }) {
  const verb =
    line.field === "status" || line.field === "state"
      ? "moved"
      : line.field === "title"
        ? "renamed it"
        : `changed ${fieldWords(line.field).toLowerCase()}`;
  return (
    <>
      {verb}
      {line.from !== null && ` from ${valueWords(line.from)}`}
      {line.to === null && " to none"}
      {line.to !== null && (
        <>
          {" "}
          to <b className="font-semibold text-ink">{valueWords(line.to)}</b>
        </>
      )}
    </>
  );
}

function Relation({ line }: { readonly line: Line }) {
  const kept = line.to ?? line.from ?? "";
  return (
    <>
      {line.to === null ? "marked it as no longer " : "marked it as "}
      <b className="font-semibold text-ink">{relationWords(kept)}</b>
    </>
  );
}

const stateWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    queued: "queued",
    sending: "sending",
    waiting: "waiting",
    unknown: "answer lost, checking",
    refused: "not saved",
    conflict: "conflict",
    dropped: "dropped",
    undone: "undone",
    merged: "merged into a later change",
    kept: "kept here",
  }),
);

/** The write state of a change; nothing once it is written. */
function HistoryState({ state }: { readonly state: string }) {
  const words = stateWords.get(state);
  if (words === undefined) return null;
  const tone =
    state === "refused" ? "text-bad" : state === "conflict" || state === "waiting" ? "text-warn" : "text-ink-3";
  return <span className={tone}> · {words}</span>;
}
