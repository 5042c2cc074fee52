import { useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SourceInfoShape, TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { sourcesQuery } from "../api/queries.ts";
import { connectionLabel } from "../shell/tracker-sentence.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";
import { projectKeys, type ChosenSource } from "./project-keys.ts";

type AddProjectProps = { readonly trackers: readonly TrackerShape[]; readonly onDone: () => void };

const shownPerTracker = 200;

/** A name and what is to be mirrored, chosen from what the credentials can see. */
export function AddProject({ trackers, onDone }: AddProjectProps) {
  const client = useQueryClient();
  const connected = trackers.filter(({ health }) => health !== "not_configured");
  const lists = useQueries({ queries: connected.map(({ connection }) => sourcesQuery(connection)) });
  const [name, setName] = useState("");
  const [path, setPath] = useState("");
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<readonly ChosenSource[]>([]);
  const first = chosen[0];
  const suggested = first === undefined ? "" : (first.key.split("/").at(-1) ?? first.key);
  const finalName = name.trim() || suggested;
  const keys = projectKeys(chosen, trackers);

  const add = useMutation({
    mutationFn: () =>
      api.addProject({
        name: finalName,
        ...(path.trim() !== "" && { path: path.trim() }),
        ...("keys" in keys ? keys.keys : {}),
      }),
    onSuccess: async () => {
      await client.invalidateQueries();
      onDone();
    },
  });

  const toggle = (source: ChosenSource) => {
    setChosen((before) =>
      before.some((other) => sameSource(other, source))
        ? before.filter((other) => !sameSource(other, source))
        : [...before, source],
    );
  };

  return (
    <form
      className="project mb-2"
      aria-label="Add a project"
      onSubmit={(event) => {
        event.preventDefault();
        if ("keys" in keys && chosen.length > 0) add.mutate();
      }}
    >
      <div className="grid gap-3 p-4">
        <div className="grid gap-3 phone:grid-cols-2">
          <label className="grid gap-1 text-12">
            <span className="text-ink-3">Name</span>
            <input
              className="field"
              value={name}
              placeholder={suggested || "My Application"}
              maxLength={80}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          <label className="grid gap-1 text-12">
            <span className="text-ink-3">Local checkout, optional</span>
            <input
              className="field font-mono"
              value={path}
              placeholder="/home/you/projects/app"
              spellCheck={false}
              onChange={(event) => setPath(event.target.value)}
            />
          </label>
        </div>
        {connected.length === 0 && (
          <p className="text-12 text-ink-3">
            No tracker is connected yet: its credentials come first, see the Trackers tab.
          </p>
        )}
        {connected.length > 0 && (
          <label className="filter-field">
            <Icon name="search" size={14} />
            <input
              className="filter-input"
              aria-label="Search what can be mirrored"
              placeholder="Search repositories, teams, projects…"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </label>
        )}
        <div className="picker">
          {connected.map((tracker, index) => {
            const list = lists[index];
            return (
              <SourceChoices
                key={tracker.connection}
                tracker={tracker}
                sources={list?.data?.sources}
                error={list?.error ?? null}
                search={search.trim().toLowerCase()}
                chosen={chosen}
                onToggle={toggle}
                onRetry={() => void list?.refetch()}
              />
            );
          })}
        </div>
        {"problem" in keys && <p className="text-12 text-warn">{keys.problem}</p>}
        {add.error !== null && <ErrorNote error={toApiError(add.error)} />}
      </div>
      <footer className="flex items-center gap-2 border-t border-line px-4 py-2">
        <span className="min-w-0 flex-1 truncate text-12 text-ink-3">
          {chosen.length === 0 ? "Choose at least one" : chosen.map(({ key }) => key).join(", ")}
        </span>
        <button type="button" className="button" data-kind="quiet" onClick={onDone}>
          Cancel
        </button>
        <button
          type="submit"
          className="button"
          data-kind="primary"
          disabled={chosen.length === 0 || finalName === "" || "problem" in keys || add.isPending}
        >
          {add.isPending ? "Adding…" : "Add project"}
        </button>
      </footer>
    </form>
  );
}

function sameSource(a: ChosenSource, b: ChosenSource): boolean {
  return a.connection === b.connection && a.key === b.key;
}

type SourceChoicesProps = {
  readonly tracker: TrackerShape;
  readonly sources: readonly SourceInfoShape[] | undefined;
  readonly error: Error | null;
  readonly search: string;
  readonly chosen: readonly ChosenSource[];
  readonly onToggle: (source: ChosenSource) => void;
  readonly onRetry: () => void;
};

function SourceChoices({ tracker, sources, error, search, chosen, onToggle, onRetry }: SourceChoicesProps) {
  const matching = (sources ?? []).filter(({ key, name }) => `${key} ${name}`.toLowerCase().includes(search));
  const many = tracker.sourceNoun.many;
  return (
    <section aria-label={`${connectionLabel(tracker)} ${many}`}>
      <h4 className="picker-head">
        {connectionLabel(tracker)} {many}
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
          Asking {tracker.label} what you can see…
        </output>
      )}
      {error !== null && (
        <ErrorNote error={toApiError(error)}>
          <button type="button" className="button" data-size="small" onClick={onRetry}>
            Retry
          </button>
        </ErrorNote>
      )}
      <ul>
        {matching.slice(0, shownPerTracker).map((source) => {
          const choice: ChosenSource = { tracker: tracker.id, connection: tracker.connection, key: source.key };
          const taken = source.project !== null;
          return (
            <li key={source.id}>
              <label className="choice" data-off={!source.readable || undefined}>
                <input
                  type="checkbox"
                  className="check"
                  checked={chosen.some((other) => sameSource(other, choice))}
                  disabled={!source.readable}
                  onChange={() => onToggle(choice)}
                />
                <TrackerGlyph tracker={tracker.id} />
                <span className="truncate">
                  {source.key}
                  {source.name !== source.key && <span className="text-ink-3"> {source.name}</span>}
                </span>
                {!source.readable && (
                  <span className="ml-auto flex min-w-0 items-center gap-1 text-ink-3">
                    <Icon name="lock" size={12} />
                    <span className="truncate">{source.reason ?? "not readable"}</span>
                  </span>
                )}
                {source.readable && taken && <span className="ml-auto text-ink-3">already in {source.project}</span>}
              </label>
            </li>
          );
        })}
      </ul>
      {matching.length > shownPerTracker && (
        <p className="px-2 py-1 text-11 text-ink-3">
          {formatCount(matching.length - shownPerTracker)} more: type a part of the name above.
        </p>
      )}
    </section>
  );
}
