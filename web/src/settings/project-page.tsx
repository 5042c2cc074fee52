import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { projectsQuery, queryKeys } from "../api/queries.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { ProjectForm } from "./project-form.tsx";
import { ProjectSources } from "./project-sources.tsx";
import { TabSkeleton } from "./tab-skeleton.tsx";
import { StateMapping } from "./state-mapping.tsx";

type ProjectPageProps = { readonly id: string; readonly trackers: readonly TrackerShape[] };

/** Edits one project of projects.yaml: its keys, its sources, and the mapping of their states. */
export function ProjectPage({ id, trackers }: ProjectPageProps) {
  const { data, error } = useQuery(projectsQuery);
  const project = data?.find((one) => one.id === id);
  if (error !== null) return <ErrorNote error={toApiError(error)} />;
  if (data === undefined) return <TabSkeleton />;
  if (project === undefined) {
    return (
      <p className="text-13">
        Project <code className="font-mono">{id}</code> not found.{" "}
        <Link href="/settings/projects" className="underline">
          All projects
        </Link>
      </p>
    );
  }
  return (
    <>
      <header className="project-head">
        <Link href="/settings/projects" className="text-ink-3 hover:text-ink">
          Projects
        </Link>
        <Icon name="right" size={12} className="text-ink-4" />
        <h2 className="truncate text-16 font-semibold" title={project.name}>
          {project.name}
        </h2>
        {project.id !== project.name && <code className="text-12 text-ink-3">{project.id}</code>}
        <span className="flex-1" />
        <span className="not-phone text-12 text-ink-3">Saved to projects.yaml, comments kept</span>
        <RemoveProject id={project.id} name={project.name} />
      </header>
      <div className="project-grid">
        <ProjectForm key={project.id} project={project} />
        <ProjectSources project={project} trackers={trackers} />
      </div>
      <StateMapping project={project} trackers={trackers} />
    </>
  );
}

function RemoveProject({ id, name }: { readonly id: string; readonly name: string }) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [asked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.removeProject(id),
    onSuccess: async () => {
      navigate("/settings/projects");
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.comments[0] });
    },
  });
  if (!asked) {
    return (
      <button type="button" className="button" data-kind="danger" onClick={() => setAsked(true)}>
        Remove project
      </button>
    );
  }
  return (
    <span className="flex flex-wrap items-center gap-2">
      {remove.error !== null && <span className="text-12 text-bad">{toApiError(remove.error).message}</span>}
      <span className="text-12 text-ink-2">Nothing changes in the trackers.</span>
      <button type="button" className="button" data-kind="quiet" onClick={() => setAsked(false)}>
        Cancel
      </button>
      <button
        type="button"
        className="button"
        data-kind="danger"
        disabled={remove.isPending}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it replaces the focused button
        autoFocus
        onClick={() => remove.mutate()}
      >
        Remove {name}
      </button>
    </span>
  );
}
