import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import type { SourceInfoShape, TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { sourcesQuery } from "../api/queries.ts";
import { connectionLabel } from "../shell/tracker-sentence.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";
import { sameSource, type ChosenSource } from "./project-keys.ts";
import { SourceName } from "./source-name.tsx";

type SourcePickerProps = {
  readonly trackers: readonly TrackerShape[];
  readonly chosen: readonly ChosenSource[];
  readonly onToggle: (source: ChosenSource) => void;
  /** The project being edited; its own sources do not count as already used. */
  readonly project?: string;
  readonly disabled?: boolean;
  readonly focused?: boolean;
  readonly onEscape?: () => void;
};

const shownPerTracker = 200;

/** A searchable list of the sources the credentials can see, grouped by tracker, to tick. */
export function SourcePicker({ trackers, chosen, onToggle, project, ...rest }: SourcePickerProps) {
  const connected = trackers.filter(({ health }) => health !== "not_configured");
  const lists = useQueries({ queries: connected.map(({ connection }) => sourcesQuery(connection)) });
  const [search, setSearch] = useState("");
  if (connected.length === 0) {
    return <p className="text-12 text-ink-3">No tracker connected yet. Add credentials in the Trackers tab first.</p>;
  }
  return (
    <>
      <label className="filter-field">
        <Icon name="search" size={14} />
        <input
          className="filter-input"
          aria-label="Search sources"
          placeholder="Search repositories, teams, projects…"
          value={search}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the user just opened the list
          autoFocus={rest.focused ?? false}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            // Enter would submit the surrounding form.
            if (event.key === "Enter") event.preventDefault();
            if (event.key !== "Escape") return;
            event.stopPropagation();
            if (search === "") rest.onEscape?.();
            else setSearch("");
          }}
        />
      </label>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable content must be reachable by keyboard, even if nothing in it can be chosen */}
      <section className="source-picker" aria-label="Sources you can add" tabIndex={0}>
        {connected.map((tracker, index) => (
          <SourceChoices
            key={tracker.connection}
            tracker={tracker}
            sources={lists[index]?.data?.sources}
            error={lists[index]?.error ?? null}
            search={search.trim().toLowerCase()}
            chosen={chosen}
            project={project}
            disabled={rest.disabled ?? false}
            onToggle={onToggle}
            onRetry={() => void lists[index]?.refetch()}
          />
        ))}
      </section>
    </>
  );
}

type SourceChoicesProps = {
  readonly tracker: TrackerShape;
  readonly sources: readonly SourceInfoShape[] | undefined;
  readonly error: Error | null;
  readonly search: string;
  readonly chosen: readonly ChosenSource[];
  readonly project: string | undefined;
  readonly disabled: boolean;
  readonly onToggle: (source: ChosenSource) => void;
  readonly onRetry: () => void;
};

function SourceChoices({ tracker, sources, error, search, chosen, ...rest }: SourceChoicesProps) {
  const matching = (sources ?? []).filter(({ key, name }) => `${key} ${name}`.toLowerCase().includes(search));
  const label = `${connectionLabel(tracker)} ${tracker.sourceNoun.many}`;
  return (
    <section aria-label={label}>
      <h4 className="picker-head">
        {label}
        {sources !== undefined && (
          <span className="ml-auto font-normal">
            {matching.length === sources.length
              ? formatCount(sources.length)
              : `${formatCount(matching.length)} of ${formatCount(sources.length)}`}
          </span>
        )}
      </h4>
      {sources === undefined && error === null && (
        <output className="flex items-center gap-2 px-2 py-1 text-12 text-ink-3">
          <Icon name="spin" size={14} className="spinning" />
          Loading {tracker.sourceNoun.many} from {tracker.label}…
        </output>
      )}
      {error !== null && <ErrorNote error={toApiError(error)} onRetry={rest.onRetry} />}
      <ul>
        {matching.slice(0, shownPerTracker).map((source) => (
          <SourceChoice
            key={source.id}
            source={source}
            tracker={tracker.id}
            search={search}
            chosen={chosen}
            {...rest}
          />
        ))}
      </ul>
      {sources?.length === 0 && (
        <p className="px-2 py-1 text-12 text-ink-3">
          These credentials can’t see any {tracker.sourceNoun.one}. Check them with “Test connection”.
        </p>
      )}
      {matching.length > shownPerTracker && (
        <p className="px-2 py-1 text-11 text-ink-3">
          {formatCount(matching.length - shownPerTracker)} more. Search by name to find them.
        </p>
      )}
    </section>
  );
}

type SourceChoiceProps = Pick<SourceChoicesProps, "chosen" | "search" | "project" | "disabled" | "onToggle"> & {
  readonly source: SourceInfoShape;
  readonly tracker: string;
};

function SourceChoice({ source, tracker, chosen, search, project, disabled, onToggle }: SourceChoiceProps) {
  const { connection, key, name, readable, reason } = source;
  const choice: ChosenSource = { tracker, connection, key };
  const elsewhere = source.project !== null && source.project !== project;
  const closed = !readable || elsewhere;
  return (
    <li>
      <label className="choice" data-off={closed || undefined}>
        <input
          type="checkbox"
          className="check-input"
          checked={chosen.some((other) => sameSource(other, choice))}
          disabled={closed || disabled}
          onChange={() => onToggle(choice)}
        />
        <TrackerGlyph tracker={tracker} />
        <span className="truncate">
          <SourceName id={key} name={name} draw={(text) => <Marked text={text} search={search} />} />
        </span>
        {!readable && (
          <span className="ml-auto flex min-w-0 items-center gap-1 text-ink-3">
            <Icon name="lock" size={12} />
            <span className="truncate" title={reason ?? undefined}>
              {reason ?? "not readable"}
            </span>
          </span>
        )}
        {readable && elsewhere && <span className="ml-auto text-ink-3">in {source.project}</span>}
      </label>
    </li>
  );
}

/** The text with the search term marked. */
function Marked({ text, search }: { readonly text: string; readonly search: string }) {
  const at = search === "" ? -1 : text.toLowerCase().indexOf(search);
  if (at === -1) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + search.length)}</mark>
      {text.slice(at + search.length)}
    </>
  );
}
