import type { ReactNode } from "react";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { TrackerGlyph } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";
import { SourceName } from "./source-name.tsx";

type ProjectSourceProps = {
  readonly source: ProjectShape["sources"][number];
  /** Its state in the mirror; undefined before its first sync. */
  readonly state: TrackerShape["sources"][number] | undefined;
  readonly trackers: readonly TrackerShape[];
  readonly children?: ReactNode;
};

/** A source in its project's list: tracker, name, problems and number of issues. */
export function ProjectSource({ source, state, trackers, children }: ProjectSourceProps) {
  const { tracker, connection, key } = source;
  return (
    <li className="project-source">
      <TrackerGlyph tracker={tracker} label={trackers.find(({ id }) => id === tracker)?.label ?? tracker} />
      <span className="truncate">
        <SourceName id={key} name={state?.name} />
        {connection !== tracker && <span className="text-ink-3"> connection {connection}</span>}
      </span>
      {state?.error != null && (
        <span className="truncate text-bad" title={state.error.message}>
          {state.error.message}
        </span>
      )}
      <span className="ml-auto text-ink-3">{state === undefined ? "not synced yet" : formatCount(state.issues)}</span>
      {children}
    </li>
  );
}
