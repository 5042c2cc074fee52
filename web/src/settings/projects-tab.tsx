import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { projectsQuery, queryKeys } from "../api/queries.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatCount, formatNumberOf } from "../ui/time.ts";
import { AddProject } from "./add-project.tsx";

/** The projects of projects.yaml; added and taken out here, the file's comments are kept. */
export function ProjectsTab({ trackers }: { readonly trackers: readonly TrackerShape[] }) {
  const projects = useQuery(projectsQuery);
  const [adding, setAdding] = useState(() => location.hash === "#add");
  return (
    <>
      <div className="section-head">
        <h2>Projects</h2>
        <p>
          Kept in <code>projects.yaml</code>; its comments and order stay as they are.
        </p>
        <span className="flex-1" />
        {!adding && (
          <button type="button" className="button" data-size="small" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            Add project
          </button>
        )}
      </div>
      {adding && <AddProject trackers={trackers} onDone={() => setAdding(false)} />}
      {projects.error !== null && <ErrorNote error={toApiError(projects.error)} />}
      {projects.data?.length === 0 && !adding && (
        <p className="text-12 text-ink-3">There is no project yet. Add one, and its issues are on the board.</p>
      )}
      <ul className="grid gap-2">
        {projects.data?.map((project) => (
          <ProjectCard key={project.id} project={project} trackers={trackers} />
        ))}
      </ul>
    </>
  );
}

function ProjectCard({
  project,
  trackers,
}: {
  readonly project: ProjectShape;
  readonly trackers: readonly TrackerShape[];
}) {
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.removeProject(project.id),
    onSuccess: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== queryKeys.sources[0] || queryKey.length === 1,
      }),
  });
  const mirrored = project.sources.map((source) => ({
    ...source,
    state: trackers.flatMap(({ sources }) => sources).find(({ id }) => id === source.id),
  }));
  const issues = mirrored.reduce((sum, { state }) => sum + (state?.issues ?? 0), 0);
  return (
    <li className="project">
      <header>
        <h3 className="font-semibold">{project.name}</h3>
        <code className="text-ink-3">{project.id}</code>
        <span className="text-12 text-ink-3">{formatNumberOf(issues, "issue")}</span>
        <span className="flex-1" />
        {asked ? (
          <>
            <span className="text-12 text-ink-2">Take it out of projects.yaml? Nothing changes in the trackers.</span>
            <button
              type="button"
              className="button"
              data-kind="quiet"
              data-size="small"
              onClick={() => setAsked(false)}
            >
              Keep
            </button>
            <button
              type="button"
              className="button"
              data-kind="danger"
              data-size="small"
              disabled={remove.isPending}
              onClick={() => remove.mutate()}
            >
              Remove {project.name}
            </button>
          </>
        ) : (
          <button type="button" className="button" data-kind="quiet" data-size="small" onClick={() => setAsked(true)}>
            Remove
          </button>
        )}
      </header>
      {remove.error !== null && <ErrorNote error={toApiError(remove.error)} />}
      <dl className="pairs px-4 py-2">
        <dt>Checkout</dt>
        <dd className="wrap-anywhere">
          {project.path === null ? <span className="text-ink-3">none, board only</span> : <code>{project.path}</code>}
        </dd>
        <dt>History</dt>
        <dd>
          {project.history === "all"
            ? "all closed issues"
            : `closed issues of the last ${historyWords(project.history)}`}
        </dd>
        {project.shadow && (
          <>
            <dt>Shadow</dt>
            <dd>status changes stay here</dd>
          </>
        )}
      </dl>
      <ul className="border-t border-line">
        {mirrored.map(({ id, tracker, connection, key, state }) => (
          <li key={id} className="project-source">
            <TrackerGlyph tracker={tracker} label={trackers.find((one) => one.id === tracker)?.label ?? tracker} />
            <span className="truncate">
              {key}
              {connection !== tracker && <span className="text-ink-3"> connection {connection}</span>}
              {state !== undefined && state.name !== key && <span className="text-ink-3"> {state.name}</span>}
            </span>
            {state?.error != null && <span className="truncate text-bad">{state.error.message}</span>}
            <span className="ml-auto text-ink-3">
              {state === undefined ? "not synced yet" : formatCount(state.issues)}
            </span>
          </li>
        ))}
        {mirrored.length === 0 && <li className="project-source text-ink-3">No source: nothing is mirrored for it.</li>}
      </ul>
    </li>
  );
}

/** `90d` → `90 days` */
function historyWords(history: string): string {
  const match = /^(\d+)\s*([dwmy])$/.exec(history);
  const unit = match && { d: "day", w: "week", m: "month", y: "year" }[match[2] ?? ""];
  return match && unit ? `${match[1]} ${unit}${match[1] === "1" ? "" : "s"}` : history;
}
