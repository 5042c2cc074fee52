import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { projectsQuery } from "../api/queries.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { formatNumberOf } from "../ui/time.ts";
import { AddProject } from "./add-project.tsx";
import { historyWords } from "./history-words.ts";
import { ProjectSource } from "./project-source.tsx";

/** The projects of projects.yaml: added here, edited on a page of their own. Comments in the file are preserved. */
export function ProjectsTab({ trackers }: { readonly trackers: readonly TrackerShape[] }) {
  const projects = useQuery(projectsQuery);
  const [adding, setAdding] = useState(() => location.hash === "#add");
  const close = () => setAdding(false);
  useEffect(() => {
    const follow = () => location.hash === "#add" && setAdding(true);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return (
    <>
      <div className="section-head">
        <h2>Projects</h2>
        <p>
          Saved in <code>projects.yaml</code>, comments and order kept.
        </p>
        <span className="flex-1" />
        {!adding && (
          <button type="button" className="button" data-size="small" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            Add project
          </button>
        )}
      </div>
      {adding && <AddProject trackers={trackers} onDone={close} onCancel={close} />}
      {projects.error !== null && (
        <ErrorNote error={toApiError(projects.error)} onRetry={() => void projects.refetch()} />
      )}
      {projects.data?.length === 0 && !adding && (
        <p className="text-12 text-ink-3">No projects yet. Add one to see its issues on the board.</p>
      )}
      <ul className="grid gap-2" aria-busy={projects.isPending}>
        {projects.isPending && <li className="late bone h-32" />}
        {projects.data?.map((project) => (
          <ProjectCard key={project.id} project={project} trackers={trackers} />
        ))}
      </ul>
    </>
  );
}

type ProjectCardProps = { readonly project: ProjectShape; readonly trackers: readonly TrackerShape[] };

function ProjectCard({ project, trackers }: ProjectCardProps) {
  const states = new Map(trackers.flatMap(({ sources }) => sources.map((source) => [source.id, source] as const)));
  const issues = project.sources.reduce((sum, { id }) => sum + (states.get(id)?.issues ?? 0), 0);
  const facts = [
    project.path ?? "board only",
    historyWords(project.history).toLowerCase(),
    ...(project.shadow ? ["shadow: moves stay here"] : []),
  ];
  return (
    <li className="project">
      <header>
        <h3 className="min-w-0 font-semibold wrap-anywhere">
          <Link href={`/settings/projects/${encodeURIComponent(project.id)}`} className="project-link">
            {project.name}
          </Link>
        </h3>
        {project.id !== project.name && <code className="text-ink-3">{project.id}</code>}
        <span className="text-12 text-ink-3">{formatNumberOf(issues, "issue")}</span>
        <span className="min-w-0 flex-1 truncate text-right text-12 text-ink-3">{facts.join(" · ")}</span>
        <Icon name="right" size={14} className="text-ink-4" />
      </header>
      <ul>
        {project.sources.map((source) => (
          <ProjectSource key={source.id} source={source} state={states.get(source.id)} trackers={trackers} />
        ))}
        {project.sources.length === 0 && (
          <li className="project-source text-ink-3">No sources, so nothing is mirrored.</li>
        )}
      </ul>
    </li>
  );
}
