import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { isStatus, statusLabels } from "../../../src/domain/status.ts";
import type { OperationShape } from "../../../src/server/contract/change.ts";
import { trackersQuery } from "../api/queries.ts";
import { fieldWords } from "../outbox/operation-words.ts";
import { issuePath } from "../routes.ts";
import { Icon, StatusIcon, TrackerGlyph, type IconName } from "../ui/icon.tsx";
import { formatClock, formatFull } from "../ui/time.ts";
import { actorWords } from "./actor-words.ts";
import { actorKind, type ActorKind } from "../../../src/domain/actor-kind.ts";
import type { HistoryEntry } from "./history-groups.ts";
import { relationWords } from "./relation-words.ts";
import { writeState, type WriteState } from "./write-state.ts";

const kindIcons: Record<ActorKind, IconName> = {
  you: "user",
  cli: "code",
  agent: "agents",
  tracker: "ext",
  panopticon: "sync",
};

const tones: Record<WriteState["tone"], string> = { quiet: "text-ink-3", warn: "text-warn", bad: "text-bad" };

type ActivityLineProps = {
  readonly entry: HistoryEntry;
  /** The change's outbox operation, while it is still in the outbox. */
  readonly operation: OperationShape | undefined;
};

/** Who changed what on which issue, from which value to which, and how far the write got. */
export function ActivityLine({ entry, operation }: ActivityLineProps) {
  const { at, ref, title, tracker, actor, field, from, to } = entry;
  const label = useQuery(trackersQuery).data?.trackers.find(({ id }) => id === tracker)?.label ?? "the tracker";
  const kind = actorKind(actor);
  const state = writeState(entry, operation, label);
  const issue = (
    <Link href={issuePath(ref)} className="activity-ref">
      {tracker !== null && <TrackerGlyph tracker={tracker} label={label} />}
      {ref}
    </Link>
  );
  return (
    <article className="activity-line">
      <time dateTime={at} title={formatFull(at)}>
        {formatClock(at)}
      </time>
      <span className="activity-actor" data-kind={kind}>
        {kind === "tracker" && tracker !== null ? (
          <TrackerGlyph tracker={tracker} />
        ) : (
          <Icon name={kindIcons[kind]} size={14} />
        )}
      </span>
      <p className="activity-what">
        <b>{actorWords(actor, label)}</b> <What field={field} from={from} to={to} issue={issue} />
      </p>
      {state !== null && (
        <span className={`activity-state ${tones[state.tone]}`} title={state.words}>
          <Icon name={state.icon} size={12} className={state.icon === "spin" ? "spinning text-run" : undefined} />
          <span>{state.words}</span>
        </span>
      )}
      <p className="activity-title" dir="auto">
        {title}
      </p>
    </article>
  );
}

type WhatProps = Pick<HistoryEntry, "field" | "from" | "to"> & { readonly issue: ReactNode };

function What({ field, from, to, issue }: WhatProps) {
  if (field === "status" || field === "state") {
    return (
      <>
        moved {issue} <Change from={from} to={to} />
      </>
    );
  }
  if (field === "created" || field === "create") return <>created {issue}</>;
  if (field === "gone") return <>deleted {issue}</>;
  if (field === "comment") return <>commented on {issue}</>;
  if (field === "comment edited") return <>edited a comment on {issue}</>;
  if (field === "comment deleted") return <>deleted a comment on {issue}</>;
  if (field === "comment sent again") return <>restored a deleted comment on {issue}, with a new time</>;
  if (field === "body") return <>edited the description of {issue}</>;
  if (field === "title") return <>renamed {issue}</>;
  if (field === "assignees" && from === null && to !== null) {
    return (
      <>
        assigned {issue} to <Value value={to} />
      </>
    );
  }
  if (field === "relation") {
    return (
      <>
        marked {issue} {to === null ? "as no longer" : "as"} <bdi>{relationWords(to ?? from ?? "")}</bdi>
      </>
    );
  }
  return (
    <>
      set {fieldWords(field).toLowerCase()} of {issue} <Change from={from} to={to} />
    </>
  );
}

function Change({ from, to }: Pick<HistoryEntry, "from" | "to">) {
  if (from === null && to === null) return null;
  return (
    <span className="activity-change">
      {from !== null && <Value value={from} />}
      <Icon name="arrow" size={12} className="text-ink-4" />
      {to === null ? <span className="text-ink-3">none</span> : <Value value={to} />}
    </span>
  );
}

function Value({ value }: { readonly value: string }) {
  if (isStatus(value)) {
    return (
      <span className="flex items-center gap-1">
        <StatusIcon status={value} size={14} label={false} />
        {statusLabels[value]}
      </span>
    );
  }
  return (
    <span className="truncate" dir="auto" title={value}>
      {value}
    </span>
  );
}
