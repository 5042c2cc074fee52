/* oxlint-disable jsx-a11y/prefer-tag-over-role -- buttons that form a radio group */
import { useRef, type KeyboardEvent } from "react";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { connectionLabel, toneColors, trackerSentence, type Tone } from "../shell/tracker-sentence.ts";
import { TrackerGlyph } from "../ui/icon.tsx";
import { shortNames } from "./short-names.ts";

export type SourceRowProps = {
  readonly sources: ProjectShape["sources"];
  readonly chosen: string;
  readonly trackers: readonly TrackerShape[];
  readonly onChoose: (id: string) => void;
};

/** A tracker's problem that affects a new issue; null: none. */
export function trouble(tracker: TrackerShape | undefined): { readonly tone: Tone; readonly words: string } | null {
  if (tracker === undefined || tracker.health === "ok" || tracker.health === "syncing") return null;
  const { tone, text } = trackerSentence(tracker, null, Date.now(), null);
  const then = tracker.health === "limited" ? "then" : "once it works again";
  return { tone, words: `${text}. The issue is kept here and sent ${then}.` };
}

/** The source's display name if its tracker provides one, otherwise its key in projects.yaml. */
export function sourceName(source: { readonly id: string; readonly key: string }, tracker: TrackerShape | undefined) {
  return tracker?.sources.find(({ id }) => id === source.id)?.name ?? source.key;
}

/** Chooses one of the project's sources; a dot marks trackers with problems. */
export function SourceRow({ sources, chosen, trackers, onChoose }: SourceRowProps) {
  const row = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = sources.findIndex(({ id }) => id === chosen);
    const next = sources[(at + step + sources.length) % sources.length];
    if (next === undefined) return;
    onChoose(next.id);
    row.current?.querySelector<HTMLElement>(`[data-source="${CSS.escape(next.id)}"]`)?.focus();
  };
  const trackerOf = (connection: string) => trackers.find((one) => one.connection === connection);
  const names = shortNames(sources.map((source) => sourceName(source, trackerOf(source.connection))));
  return (
    <div className="source-row" role="radiogroup" aria-label="Source" ref={row} onKeyDown={onKeyDown} tabIndex={-1}>
      {sources.map(({ id, tracker: trackerId, connection, key }, at) => {
        const tracker = trackerOf(connection);
        const wrong = trouble(tracker);
        const label = tracker === undefined ? trackerId : connectionLabel(tracker);
        return (
          <button
            type="button"
            key={id}
            role="radio"
            aria-checked={id === chosen}
            tabIndex={id === chosen ? 0 : -1}
            className="source-option"
            data-source={id}
            title={wrong === null ? `${key} (${label})` : `${key} (${label}): ${wrong.words}`}
            onClick={() => onChoose(id)}
          >
            <TrackerGlyph tracker={trackerId} label={label} />
            <span className="truncate">{names[at]}</span>
            <span className="source-tracker">{label}</span>
            {wrong !== null && <i className="dot" style={{ color: toneColors[wrong.tone] }} />}
          </button>
        );
      })}
    </div>
  );
}
