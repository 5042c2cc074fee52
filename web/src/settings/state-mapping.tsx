import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Fragment } from "react";
import { statuses, statusLabels, type Status } from "../../../src/domain/status.ts";
import type { ProjectShape, ProjectStatesShape } from "../../../src/server/contract/project.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { queryKeys, statesQuery } from "../api/queries.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import { useShowMore } from "../ui/show-more.tsx";
import { StateCell, type CellChoice } from "./state-cell.tsx";

type StateMappingProps = { readonly project: ProjectShape; readonly trackers: readonly TrackerShape[] };

type Wish = { readonly source: string; readonly tracker: string; readonly status: Status; readonly choice: CellChoice };

/** How each source's states map to the six statuses: detected, set by the user, or missing. */
export function StateMapping({ project, trackers }: StateMappingProps) {
  const client = useQueryClient();
  const { data, error } = useQuery(statesQuery(project.id));
  const change = useMutation({
    mutationFn: ({ source, tracker, status, choice }: Wish) => {
      if (choice.kind === "create") return api.createState(project.id, source, status);
      const states = data?.states ?? {};
      const { [status]: _before, ...others } = states[tracker] ?? {};
      const own = choice.kind === "detect" ? others : { ...others, [status]: choice.name };
      return api.setStates(project.id, { ...states, [tracker]: own });
    },
    onSuccess: async (states) => {
      client.setQueryData(statesQuery(project.id).queryKey, states);
      await client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== queryKeys.states[0] && queryKey[0] !== queryKeys.sources[0],
      });
    },
  });
  const { shown, more } = useShowMore(data?.sources ?? []);
  if (project.sources.length === 0) return null;
  const shares = (tracker: string) => (data?.sources ?? []).filter((source) => source.tracker === tracker).length > 1;
  const isShared = data?.sources.some(({ tracker }) => shares(tracker)) === true;
  return (
    <section aria-labelledby="state-mapping" className="mt-8">
      <div className="section-head">
        <h2 id="state-mapping">State mapping</h2>
        <p>
          Read from each source&rsquo;s workflow. A card dropped on a column gets the first state in its cell that it
          can have.{isShared && " What you set for one source applies to all sources of its tracker in this project."}
        </p>
      </div>
      {error !== null && <ErrorNote error={toApiError(error)} />}
      {data === undefined && error === null && <i className="late bone h-32" aria-busy="true" />}
      {data !== undefined && (
        <table className="mapping">
          <thead>
            <tr>
              <th scope="col">Source</th>
              {statuses.map((status) => (
                <th key={status} scope="col">
                  <span className="flex items-center gap-1.5">
                    <StatusIcon status={status} size={14} label={false} />
                    {statusLabels[status]}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((source) => (
              <Fragment key={source.id}>
                <MappingRow
                  source={source}
                  tracker={trackers.find(({ id }) => id === source.tracker)}
                  shared={shares(source.tracker)}
                  overrides={data.states[source.tracker] ?? {}}
                  saving={change.isPending && change.variables.source === source.id ? change.variables.status : null}
                  busy={change.isPending}
                  onChoose={(status, choice) =>
                    change.mutate({ source: source.id, tracker: source.tracker, status, choice })
                  }
                />
                {change.error !== null && change.variables?.source === source.id && (
                  <tr className="mapping-problem">
                    <td colSpan={7}>
                      <ErrorNote error={toApiError(change.error)} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      )}
      {more}
    </section>
  );
}

type Source = ProjectStatesShape["sources"][number];

type MappingRowProps = {
  readonly source: Source;
  readonly tracker: TrackerShape | undefined;
  /** Whether other sources of the project share the overrides. */
  readonly shared: boolean;
  readonly overrides: Readonly<Record<string, string>>;
  readonly saving: Status | null;
  /** Each save writes all overrides at once, so the next choice waits for the current save. */
  readonly busy: boolean;
  readonly onChoose: (status: Status, choice: CellChoice) => void;
};

function MappingRow({ source, tracker, shared, overrides, saving, busy, onChoose }: MappingRowProps) {
  const label = tracker?.label ?? source.tracker;
  return (
    <tr>
      <th scope="row">
        <span className="flex min-w-0 items-center gap-2 font-normal">
          <TrackerGlyph tracker={source.tracker} label={label} />
          <span
            className="wrap-anywhere"
            title={shared ? `Overrides apply to all ${label} sources of this project` : source.name}
          >
            {source.name}
          </span>
        </span>
      </th>
      {source.described ? (
        statuses.map((status) => (
          <td key={status} data-label={statusLabels[status]}>
            <StateCell
              source={source}
              status={status}
              tracker={label}
              canCreate={tracker?.writing.newStates ?? false}
              override={overrides[status] ?? null}
              saving={saving === status}
              disabled={busy}
              onChoose={(choice) => onChoose(status, choice)}
            />
          </td>
        ))
      ) : (
        <td colSpan={6} className="text-ink-3">
          Workflow not read yet. The first sync reads it.
        </td>
      )}
    </tr>
  );
}
