import { Link } from "wouter";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { Icon } from "../ui/icon.tsx";
import { formatCount, formatNumberOf } from "../ui/time.ts";

/** A connection's mirrored sources, with their number of issues and their problems. */
export function TrackerSources({ tracker }: { readonly tracker: TrackerShape }) {
  const noun = tracker.sourceNoun.many;
  return (
    <div>
      <ul>
        <li className="source source-head">
          {noun.charAt(0).toUpperCase() + noun.slice(1)}
          <span>Issues</span>
        </li>
        {tracker.sources.map((source) => (
          <li key={source.id}>
            <p className="source" title={`${source.name}, in project ${source.project}`}>
              <span className="truncate">{source.name}</span>
              <span>{formatCount(source.issues)}</span>
            </p>
            {source.rejected > 0 && (
              <p className="source-note text-warn">{formatNumberOf(source.rejected, "record")} couldn’t be read</p>
            )}
            {source.error !== null && source.error.code !== "rate_limited" && (
              <p className="source-note text-bad" title={source.error.hint ?? undefined}>
                {source.error.message}
              </p>
            )}
          </li>
        ))}
      </ul>
      {tracker.sources.length === 0 && <p className="text-12 text-ink-3">None mirrored.</p>}
      {tracker.health !== "not_configured" && (
        <Link href="/settings/projects#add" className="button -ml-2 mt-1" data-kind="quiet" data-size="small">
          <Icon name="plus" />
          Add
        </Link>
      )}
    </div>
  );
}
