import { Link } from "wouter";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";

type NowhereNoteProps = {
  /** The chosen project's name, where there is one. */
  readonly project: string | undefined;
  readonly trackers: readonly TrackerShape[];
  /** The dialog is in the way of where this leads. */
  readonly onLeave: () => void;
};

/** Stands in the place of a new issue's fields while no source is mirrored that it could be made in. */
export function NowhereNote({ project, trackers, onLeave }: NowhereNoteProps) {
  const isConnected = trackers.some(({ health }) => health !== "not_configured");
  return (
    <div className="create-fields">
      <p className="mb-3 text-12 text-ink-2">
        {project === undefined ? "No project has sources yet" : `${project} has no sources yet`}, so there is nowhere to
        create an issue.
      </p>
      <Link href={isConnected ? "/settings/projects" : "/"} className="button justify-self-start" onClick={onLeave}>
        {isConnected ? "Choose what to mirror" : "Connect a tracker"}
      </Link>
    </div>
  );
}
