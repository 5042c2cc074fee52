import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { statusLabels } from "../../../src/domain/status.ts";
import type { KeptMoveShape } from "../../../src/server/contract/shadow.ts";
import { toApiError } from "../api/client.ts";
import { keptMovesQuery, trackersQuery } from "../api/queries.ts";
import { MoveWays } from "../fields/move-ways.tsx";
import { IssueLink } from "../issue/issue-link.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import { useShowMore } from "../ui/show-more.tsx";
import { formatAgo, formatCount, formatFull } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { type KeptActions, useKeptActions } from "./use-kept-actions.ts";
import "./kept-moves.css";

type KeptMovesProps = {
  /** Only of this project; default: of all. */
  readonly project?: string;
  /** The actions of a parent that settles all of them, too. */
  readonly actions?: KeptActions;
};

/** The moves that stay here because of shadow mode, each to be sent to its tracker or dropped; nothing while there are none. */
export function KeptMoves({ project, actions }: KeptMovesProps) {
  const id = useId();
  const { data: moves = [], error } = useQuery(keptMovesQuery(project));
  const own = useKeptActions();
  const { busy, failures, send, drop } = actions ?? own;
  const { shown, more } = useShowMore(moves);
  const choice = project === undefined ? {} : { project };
  if (error !== null) return <ErrorNote error={toApiError(error)} />;
  if (moves.length === 0) return null;
  return (
    <section id={project === undefined ? "kept" : undefined} className="kept-moves" aria-labelledby={id}>
      <header>
        <h3 id={id}>
          Kept here <span className="font-normal">{formatCount(moves.length)}</span>
        </h3>
        <span className="flex-1" />
        {moves.length > 1 && (
          <>
            <button
              type="button"
              className="button"
              data-kind="quiet"
              data-size="small"
              disabled={busy}
              onClick={() => void drop(choice)}
            >
              Drop all
            </button>
            <button
              type="button"
              className="button"
              data-size="small"
              disabled={busy}
              onClick={() => void send(choice)}
            >
              Send all
            </button>
          </>
        )}
      </header>
      <p className="text-12 text-ink-3">
        Moves that shadow mode kept from the trackers. Send one to make it there, or drop it to show the tracker’s state
        again.
      </p>
      <ul>
        {shown.map((move) => (
          <KeptMove
            key={move.address}
            move={move}
            busy={busy}
            failure={failures.get(move.address)}
            {...{ send, drop }}
          />
        ))}
      </ul>
      {more}
    </section>
  );
}

type KeptMoveProps = {
  readonly move: KeptMoveShape;
  readonly failure: ReturnType<KeptActions["failures"]["get"]>;
} & Pick<KeptActions, "busy" | "send" | "drop">;

function KeptMove({ move, failure, busy, send, drop }: KeptMoveProps) {
  const now = useNow();
  const label = useQuery(trackersQuery).data?.trackers.find(({ id }) => id === move.tracker)?.label ?? move.tracker;
  const { ref, address, title, from, to, at } = move;
  const refs = [address];
  return (
    <li className="kept-move">
      <p className="kept-issue">
        <TrackerGlyph tracker={move.tracker} label={label} />
        <IssueLink issueRef={address} className="font-semibold whitespace-nowrap hover:underline">
          {ref}
        </IssueLink>
        <span className="min-w-0 truncate" dir="auto" title={title}>
          {title}
        </span>
      </p>
      <p className="kept-course">
        <span title={`In ${label}`}>
          <StatusIcon status={from} size={14} label={false} />
          {statusLabels[from]}
        </span>
        <Icon name="arrow" size={12} className="text-ink-4" label="moved here to" />
        <span>
          <StatusIcon status={to} size={14} label={false} />
          {statusLabels[to]}
        </span>
        {at !== null && (
          <time className="text-ink-3" dateTime={at} title={formatFull(at)}>
            · {formatAgo(at, now)}
          </time>
        )}
        {!move.shadow && <span className="text-ink-3">· shadow mode is off</span>}
      </p>
      <span className="kept-buttons">
        <button
          type="button"
          className="button"
          data-kind="quiet"
          data-size="small"
          disabled={busy}
          aria-label={`Drop move of ${ref}`}
          onClick={() => void drop({ refs })}
        >
          Drop
        </button>
        <button
          type="button"
          className="button"
          data-size="small"
          disabled={busy}
          aria-label={`Send move of ${ref}`}
          onClick={() => void send({ refs })}
        >
          Send
        </button>
      </span>
      {failure !== undefined && (
        <div className="kept-failure">
          <ErrorNote error={failure} />
          {failure.choices.length > 0 && (
            <MoveWays
              source={move.source}
              choices={failure.choices}
              onChoose={({ transition, fields }) => void send({ refs, transition, fields })}
            />
          )}
        </div>
      )}
    </li>
  );
}
