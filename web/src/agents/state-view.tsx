import { useQuery } from "@tanstack/react-query";
import { toApiError } from "../api/client.ts";
import { stateQuery } from "../api/work-queries.ts";
import { Prose } from "../issue/prose/prose.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { formatAgo } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import "../issue/issue.css";

/** The workspace's STATE.md, which the agent maintains. */
export function StateView({ workspace }: { readonly workspace: string }) {
  const { data, error } = useQuery(stateQuery(workspace));
  const now = useNow();
  if (error !== null && data === undefined) {
    return (
      <div className="p-4">
        <ErrorNote error={toApiError(error)} />
      </div>
    );
  }
  if (data?.text === null) {
    return (
      <div className="empty">
        <h2>No STATE.md yet</h2>
        <p>It is created when the agent starts, with the issue, related issues, plan and progress.</p>
      </div>
    );
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable text must be reachable by keyboard
    <section className="state-view" aria-label="STATE.md" aria-busy={data === undefined} tabIndex={0}>
      {data !== undefined && (
        <>
          <p className="text-12 text-ink-3">
            .panopticon/STATE.md{data.updatedAt !== null && `, updated ${formatAgo(data.updatedAt, now)}`}
            {data.truncated && "; only the beginning is shown"}
          </p>
          <Prose text={data.text} base={location.origin} connection={undefined} />
        </>
      )}
    </section>
  );
}
