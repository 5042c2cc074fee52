import type { NotMirroredShape } from "../../../src/server/contract/issue.ts";
import type { TrackersShape } from "../../../src/server/contract/tracker.ts";
import { connectionLabel } from "../shell/tracker-sentence.ts";
import { formatCount, formatNumberOf } from "../ui/time.ts";

export type Missing = {
  /** For narrow screens: `428 not mirrored`. */
  readonly short: string;
  /** With the reason, if there is exactly one. */
  readonly sentence: string;
};

/** What the board does not show, and why; null: nothing is missing. */
export function notMirroredWords(entries: readonly Pick<NotMirroredShape, "reason" | "count">[]): Missing | null {
  const missing = entries.filter(({ count }) => count !== 0);
  if (missing.length === 0) return null;
  const known = missing.reduce((total, { count }) => total + (count ?? 0), 0);
  const uncounted = missing.some(({ count }) => count === null);
  const reasons = [...new Set(missing.map(({ reason }) => reason))];
  const why = reasons.length === 1 ? `: ${reasons[0]?.replace(/\.$/, "")}` : `, for ${reasons.length} reasons`;
  if (known === 0) return { short: "not all mirrored", sentence: `Not all issues are mirrored${why}` };
  const number = uncounted ? `At least ${formatCount(known)}` : formatCount(known);
  return {
    short: `${number.toLowerCase()} not mirrored`,
    sentence: `${number} ${known === 1 ? "issue is" : "issues are"} not mirrored${why}`,
  };
}

export type Trouble = {
  readonly id: string;
  readonly severe: boolean;
  readonly title: string;
  readonly text: string;
  readonly hint: string | null;
  readonly href: string;
};

/** Every problem to show on the board, most severe first. */
export function troublesOf({ trackers, problems, keptMoves }: TrackersShape): readonly Trouble[] {
  const found: Trouble[] = problems.map((problem) => ({
    id: `${problem.file}:${problem.line}:${problem.message}`,
    severe: problem.severity === "error",
    title: [problem.file, problem.line, problem.column].filter((part) => part !== null).join(":"),
    text: problem.message,
    hint: problem.hint,
    href: "/settings",
  }));
  if (keptMoves > 0) {
    found.push({
      id: "kept moves",
      severe: false,
      title: "Shadow mode is off",
      text: `${formatNumberOf(keptMoves, "move")} made while it was on stayed here; the board shows the trackers’ states.`,
      hint: "Send or drop them in the outbox.",
      href: "/activity#kept",
    });
  }
  for (const tracker of trackers) {
    const label = connectionLabel(tracker);
    const href = `/settings#${tracker.connection}`;
    if (tracker.error !== null && tracker.health !== "not_configured" && tracker.health !== "limited") {
      const { message, hint } = tracker.error;
      found.push({ id: tracker.connection, severe: true, title: label, text: message, hint, href });
    }
    for (const { message, hint } of tracker.warnings) {
      found.push({ id: `${tracker.connection}:${message}`, severe: false, title: label, text: message, hint, href });
    }
    for (const source of tracker.sources) {
      if (source.error !== null && source.error.message !== tracker.error?.message) {
        const { message, hint } = source.error;
        found.push({ id: source.id, severe: true, title: `${label}, ${source.name}`, text: message, hint, href });
      }
      if (source.rejected > 0) {
        found.push({
          id: `${source.id}:rejected`,
          severe: false,
          title: `${label}, ${source.name}`,
          text: `${formatNumberOf(source.rejected, "record")} could not be read and ${source.rejected === 1 ? "is" : "are"} not on the board`,
          hint: "Panopticon keeps the tracker’s data and reads it again when it changes there.",
          href,
        });
      }
    }
  }
  return found.toSorted((a, b) => Number(b.severe) - Number(a.severe));
}
