import { useState } from "react";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { formatNumberOf } from "../ui/time.ts";
import { changedProjectKeys, sameSource, type ChosenSource } from "./project-keys.ts";
import { ProjectSource } from "./project-source.tsx";
import { SourcePicker } from "./source-picker.tsx";
import { useChangeProject } from "./use-change-project.ts";

type ProjectSourcesProps = { readonly project: ProjectShape; readonly trackers: readonly TrackerShape[] };

/** A project's sources; ticked and unticked in a list of what the credentials can see. */
export function ProjectSources({ project, trackers }: ProjectSourcesProps) {
  const change = useChangeProject(project.id);
  const [adding, setAdding] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [wished, setWished] = useState<readonly ChosenSource[]>([]);
  const chosen: readonly ChosenSource[] = project.sources;
  // Show the choice being saved as if it were already saved.
  const ticked = change.isPending ? wished : chosen;
  const states = new Map(trackers.flatMap(({ sources }) => sources.map((source) => [source.id, source] as const)));
  const issues = project.sources.reduce((sum, { id }) => sum + (states.get(id)?.issues ?? 0), 0);

  const choose = (next: readonly ChosenSource[]) => {
    const result = changedProjectKeys(chosen, next, trackers);
    setProblem("problem" in result ? result.problem : null);
    if ("problem" in result || Object.keys(result.keys).length === 0) return;
    setWished(next);
    change.mutate(result.keys);
  };
  const without = (source: ChosenSource) => chosen.filter((other) => !sameSource(other, source));

  return (
    <section className="project" aria-label="Sources">
      <header>
        <h3 className="font-semibold">Sources</h3>
        <span className="text-12 text-ink-3">
          {formatNumberOf(project.sources.length, "source")}, {formatNumberOf(issues, "issue")}
        </span>
        <span className="flex-1" />
        {change.isPending && <Icon name="spin" size={14} className="spinning text-run" label="Saving" />}
        <button
          type="button"
          className="button"
          data-size="small"
          aria-expanded={adding}
          onClick={() => setAdding((before) => !before)}
        >
          <Icon name={adding ? "check" : "plus"} />
          {adding ? "Done" : "Add source"}
        </button>
      </header>
      <ul>
        {project.sources.map((source) => {
          const state = states.get(source.id);
          return (
            <ProjectSource key={source.id} source={source} state={state} trackers={trackers}>
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove ${source.key}`}
                title="Remove from this project. Nothing changes in the tracker."
                disabled={change.isPending}
                onClick={() => choose(without(source))}
              >
                <Icon name="x" size={14} />
              </button>
            </ProjectSource>
          );
        })}
        {project.sources.length === 0 && (
          <li className="project-source text-ink-3">No sources, so nothing is mirrored.</li>
        )}
      </ul>
      {(problem !== null || change.error !== null) && (
        <div className="grid gap-2 border-t border-line p-3">
          {problem !== null && <p className="text-12 text-warn">{problem}</p>}
          {change.error !== null && <ErrorNote error={toApiError(change.error)} />}
        </div>
      )}
      {adding && (
        <div className="grid gap-2 border-t border-line p-2">
          <SourcePicker
            trackers={trackers}
            chosen={ticked}
            project={project.id}
            disabled={change.isPending}
            focused
            onEscape={() => setAdding(false)}
            onToggle={(source) =>
              choose(chosen.some((other) => sameSource(other, source)) ? without(source) : [...chosen, source])
            }
          />
        </div>
      )}
    </section>
  );
}
