import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { trackersQuery } from "../api/queries.ts";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";
import { countEntries, type HistoryCounts, type HistoryFilter } from "./history-counts.ts";
import { actorKinds, type ActorKind } from "../../../src/domain/actor-kind.ts";

const kindLabels: Record<ActorKind, string> = {
  you: "You",
  cli: "CLI and API",
  agent: "Agents",
  tracker: "In trackers",
  panopticon: "Panopticon",
};

type FeedFilterProps = {
  readonly filter: HistoryFilter;
  /** Counts since yesterday; undefined while unknown. */
  readonly counts: HistoryCounts | undefined;
  /** Nothing is loaded yet: the filter keeps its space but is hidden. */
  readonly waiting: boolean;
  readonly onChange: (filter: HistoryFilter) => void;
};

/** Filters the feed by actor and tracker; each choice shows its number of changes since yesterday. */
export function FeedFilter({ filter, counts, waiting, onChange }: FeedFilterProps) {
  const { kind, tracker, settled } = filter;
  const known = useQuery(trackersQuery).data?.trackers ?? [];
  const trackers = new Map(known.filter(({ sources }) => sources.length > 0).map(({ id, label }) => [id, label]));
  const count = (left: HistoryFilter) => counts && countEntries(counts, left);
  return (
    <div className="feed-filter" data-waiting={waiting || undefined}>
      <span className="text-ink-3 not-phone">Who</span>
      <Toggle
        pressed={kind === null}
        count={count({ ...filter, kind: null })}
        onPress={() => onChange({ ...filter, kind: null })}
      >
        All
      </Toggle>
      {actorKinds.map((one) => (
        <Toggle
          key={one}
          pressed={kind === one}
          count={count({ ...filter, kind: one })}
          onPress={() => onChange({ ...filter, kind: kind === one ? null : one })}
        >
          {kindLabels[one]}
        </Toggle>
      ))}
      {trackers.size > 1 && <i className="feed-line" />}
      {trackers.size > 1 &&
        [...trackers].map(([id, label]) => (
          <Toggle
            key={id}
            pressed={tracker === id}
            count={count({ ...filter, tracker: id })}
            name={label}
            onPress={() => onChange({ ...filter, tracker: tracker === id ? null : id })}
          >
            <TrackerGlyph tracker={id} label={`Only ${label}`} />
          </Toggle>
        ))}
      {settled && (
        <>
          <i className="feed-line" />
          <Toggle pressed count={count(filter)} onPress={() => onChange({ ...filter, settled: false })}>
            Settled
            <Icon name="x" size={12} />
          </Toggle>
        </>
      )}
    </div>
  );
}

type ToggleProps = {
  readonly pressed: boolean;
  readonly onPress: () => void;
  readonly count: number | undefined;
  /** The name of a toggle that shows only an icon. */
  readonly name?: string;
  readonly children: ReactNode;
};

function Toggle({ pressed, onPress, count, name, children }: ToggleProps) {
  const since = count === undefined ? [] : [`${formatCount(count)} since yesterday`];
  return (
    <button
      type="button"
      className="toggle"
      aria-pressed={pressed}
      title={[...(name === undefined ? [] : [name]), ...since].join(", ")}
      onClick={onPress}
    >
      {children}
      {count !== undefined && <span className="toggle-count">{formatCount(count)}</span>}
    </button>
  );
}
