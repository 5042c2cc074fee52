import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { keptMovesQuery, projectsQuery, queryKeys } from "../api/queries.ts";
import { KeptMoves } from "../shadow/kept-moves.tsx";
import { KeptQuestion } from "../shadow/kept-question.tsx";
import { useKeptActions } from "../shadow/use-kept-actions.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";

/** What shadow mode does, in the words of every place that offers it. */
export const shadowNote =
  "On: moves stay here, and the trackers keep their own states, which are shown again once it is off. Other changes are still written.";

/** Switches shadow mode of all projects at once; absent while there are none. */
export function ShadowForAll() {
  const id = useId();
  const client = useQueryClient();
  const { data: projects = [] } = useQuery(projectsQuery);
  const shadowed = projects.filter(({ shadow }) => shadow);
  const isOn = shadowed.length > 0 && shadowed.length === projects.length;
  const change = useMutation({
    mutationFn: async (shadow: boolean) => {
      // One after the other: each rewrites projects.yaml.
      for (const project of projects) {
        if (project.shadow !== shadow) await api.changeProject(project.id, { shadow: shadow ? true : null });
      }
    },
    // Also after a failure: some may be changed.
    onSettled: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.comments[0] }),
  });
  const kept = useQuery(keptMovesQuery()).data ?? [];
  const actions = useKeptActions();
  const [asks, setAsks] = useState(false);
  const set = (shadow: boolean) => {
    setAsks(false);
    change.mutate(shadow);
  };
  if (projects.length === 0) return null;
  return (
    <section className="shadow-for-all" aria-labelledby={`${id}-title`}>
      <Icon name="shadow" size={16} className="text-ink-3" />
      <div className="min-w-0 flex-[1_1_256px]">
        <h2 id={`${id}-title`} className="font-semibold">
          Shadow mode
        </h2>
        <p id={`${id}-note`} className="text-12 text-ink-3">
          {shadowNote}
        </p>
        {change.error !== null && <ErrorNote error={toApiError(change.error)} />}
      </div>
      <span className="ml-auto text-12 text-ink-2">{shadowWords(projects, shadowed)}</span>
      <button
        type="button"
        role="switch"
        className="switch"
        aria-checked={isOn}
        aria-label="Shadow mode for all projects"
        aria-describedby={`${id}-note`}
        disabled={change.isPending}
        onClick={() => {
          if (isOn && kept.length > 0) setAsks(true);
          else set(!isOn);
        }}
      />
      {asks && (
        <div className="basis-full">
          <KeptQuestion
            count={kept.length}
            choice={{}}
            actions={actions}
            onOff={() => set(false)}
            onCancel={() => setAsks(false)}
          />
        </div>
      )}
      {kept.length > 0 && (
        <div className="basis-full">
          <KeptMoves actions={actions} />
        </div>
      )}
    </section>
  );
}

function shadowWords(projects: readonly ProjectShape[], shadowed: readonly ProjectShape[]): string {
  if (shadowed.length === 0) return "Off: moves are written to the trackers";
  if (shadowed.length === projects.length)
    return projects.length === 1 ? "On" : `On in all ${projects.length} projects`;
  return `On in ${shadowed.length} of ${projects.length} projects: ${shadowed.map(({ name }) => name).join(", ")}`;
}
