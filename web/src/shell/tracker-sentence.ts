import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { formatAgo, formatClock, formatCount, formatNumberOf } from "../ui/time.ts";

export type Tone = "ok" | "busy" | "warn" | "bad" | "off";

export type Sentence = {
  readonly tone: Tone;
  /** Short enough for the sidebar: what happens next, or what is wrong. */
  readonly text: string;
  /** The full explanation. */
  readonly title: string;
};

type Progress = { readonly done: number; readonly total: number | null };

/** `1,200 of about 4,000`, `1,200 so far` */
export function progressWords(progress: Progress): string {
  return progress.total === null
    ? `${formatCount(progress.done)} so far`
    : `${formatCount(progress.done)} of about ${formatCount(Math.max(progress.total, progress.done))}`;
}

/** `GitHub`, or `GitHub · work` for a named connection. */
export function connectionLabel(tracker: Pick<TrackerShape, "id" | "label" | "connection">): string {
  return tracker.connection === tracker.id ? tracker.label : `${tracker.label} · ${tracker.connection}`;
}

/** Whether an "unreachable" tracker does respond: the problem is a full disk here, or an unreadable response. */
export function failsHere({ health, error }: Pick<TrackerShape, "health" | "error">): boolean {
  return health === "unreachable" && error !== null && !["unreachable", "timeout"].includes(error.code);
}

/** A tracker's state in words. `lostAt`: since when the server has been unreachable, so that all of this is old. */
export function trackerSentence(
  tracker: TrackerShape,
  progress: Progress | null,
  now: number,
  lostAt: number | null,
): Sentence {
  const said = (tone: Tone, text: string, more?: string | null): Sentence => ({
    tone,
    text,
    title: [`${connectionLabel(tracker)}: ${text}`, more].filter((part) => part != null && part !== "").join(". "),
  });
  const reason = tracker.error === null ? null : [tracker.error.message, tracker.error.hint].filter(Boolean).join(" ");

  if (lostAt !== null) return said("off", `offline, copy from ${formatClock(lostAt)}`, "The server isn’t responding");
  switch (tracker.health) {
    case "not_configured":
      return said("off", "not connected");
    case "auth":
      return said("bad", "token rejected", reason);
    case "misconfigured":
      return said("bad", tracker.error?.message ?? "misconfigured", tracker.error?.hint);
    case "unreachable": {
      const what = failsHere(tracker) ? "sync fails" : "unreachable";
      const next = tracker.nextSyncAt === null ? "" : `, next try ${formatClock(tracker.nextSyncAt)}`;
      return said("bad", `${what}${next}`, reason);
    }
    case "limited": {
      const until = tracker.nextSyncAt ?? tracker.budget?.resetAt ?? null;
      return said("warn", until === null ? "rate limited" : `rate limited, resumes ${formatClock(until)}`, reason);
    }
    case "syncing":
    case "ok":
      break;
  }
  if (progress !== null) return said("busy", `syncing, ${progressWords(progress)}`);
  const broken = tracker.sources.filter((source) => source.error !== null);
  const first = broken[0];
  if (first !== undefined) {
    const what =
      broken.length === 1 ? first.name : formatNumberOf(broken.length, tracker.sourceNoun.one, tracker.sourceNoun.many);
    return said(
      "warn",
      `${what} not synced`,
      broken.map((source) => `${source.name}: ${source.error?.message}`).join(" "),
    );
  }
  const rejected = tracker.sources.reduce((sum, source) => sum + source.rejected, 0);
  if (rejected > 0) return said("warn", `${formatNumberOf(rejected, "record")} unreadable`);
  const [warning] = tracker.warnings;
  if (warning !== undefined) {
    return said(
      "warn",
      warning.message,
      tracker.warnings.flatMap(({ message, hint }) => [message, hint ?? ""]).join(" "),
    );
  }
  if (tracker.health === "syncing" && tracker.lastSyncAt === null) return said("busy", "starting first sync");
  if (tracker.lastSyncAt === null) {
    return tracker.sources.length === 0
      ? said("off", `no ${tracker.sourceNoun.one} chosen`)
      : said("off", "waiting for first sync");
  }
  return said("ok", `synced ${formatAgo(tracker.lastSyncAt, now)}`);
}

export const toneColors: Record<Tone, string> = {
  ok: "var(--ok)",
  busy: "var(--run)",
  warn: "var(--warn)",
  bad: "var(--bad)",
  off: "var(--ink-4)",
};

/** Whether this tracker's cards are an old copy. */
export function isStale(tracker: TrackerShape): boolean {
  return ["auth", "unreachable", "misconfigured"].includes(tracker.health);
}
