import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import type { NotMirroredShape } from "../../../src/server/contract/issue.ts";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";
import { formatCount } from "../ui/time.ts";

type MirrorAllProps = { readonly notMirrored: readonly NotMirroredShape[] };

/** Offers, per project, to mirror what its `history` setting excludes. */
export function MirrorAll({ notMirrored }: MirrorAllProps) {
  const counts = new Map<string, number | null>();
  for (const { project, history, count } of notMirrored) {
    if (!history || count === 0) continue;
    const before = counts.get(project);
    counts.set(project, count === null || before === null ? null : (before ?? 0) + count);
  }
  if (counts.size === 0) return null;
  return (
    <ul className="grid gap-1 border-t border-line pt-2">
      {[...counts].map(([project, count]) => (
        <MirrorProject key={project} project={project} count={count} />
      ))}
    </ul>
  );
}

function MirrorProject({ project, count }: { readonly project: string; readonly count: number | null }) {
  const client = useQueryClient();
  const mirror = useMutation({
    mutationFn: () => api.changeProject(project, { history: "all" }),
    onSuccess: () =>
      Promise.all(
        [queryKeys.boards, queryKeys.trackers, queryKeys.projects].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
  return (
    <li className="flex items-center justify-between gap-6 text-12">
      <Link href={`/settings/projects/${encodeURIComponent(project)}`} className="hover:underline">
        {project}
      </Link>
      {mirror.error !== null && <span className="text-bad">{toApiError(mirror.error).message}</span>}
      <button
        type="button"
        className="button"
        data-size="small"
        disabled={mirror.isPending || mirror.isSuccess}
        onClick={() => mirror.mutate()}
      >
        {mirror.isSuccess
          ? "Mirroring…"
          : count === null
            ? "Mirror all its issues"
            : `Mirror ${count === 1 ? "it" : count === 2 ? "both" : `all ${formatCount(count)}`}`}
      </button>
    </li>
  );
}
