import { Link } from "wouter";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";

type NowhereNoteProps = {
  /** The chosen project's name, if any. */
  readonly project: string | undefined;
  readonly trackers: readonly TrackerShape[];
  /** Closes the dialog, which would cover the page the note links to. */
  readonly onLeave: () => void;
};

/** Replaces the fields of a new issue while no mirrored source could take it. */
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
