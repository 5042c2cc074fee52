import type { TrackerShape } from "../../server/contract/tracker.ts";
import { namePlaces } from "../../config/name-places.ts";
import type { Context } from "../context.ts";
import { describeLimit } from "./describe-limit.ts";
import { count, describeAgo, groupDigits } from "./describe-time.ts";
import type { Style } from "./output.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { amount } from "./progress.ts";
import { sourceWords } from "./source-words.ts";
import { printTable, type Cell } from "./table.ts";

const healthWords: Record<TrackerShape["health"], { readonly word: string; readonly style: Style }> = {
  ok: { word: "connected", style: "green" },
  syncing: { word: "syncing", style: "green" },
  limited: { word: "rate limited", style: "yellow" },
  auth: { word: "not authorized", style: "red" },
  unreachable: { word: "unreachable", style: "red" },
  misconfigured: { word: "misconfigured", style: "red" },
  not_configured: { word: "not connected", style: "gray" },
};

/** Prints one line per connection, with problems and fixes below it. */
export function printTrackers(context: Context, trackers: readonly TrackerShape[]): void {
  const { out, clock } = context;
  const now = clock.now();
  printTable(
    out,
    [
      { title: "TRACKER" },
      { title: "STATE" },
      { title: "ACCOUNT", shrink: 2 },
      { title: "SOURCES", align: "right", shrink: 3, least: 7 },
      { title: "ISSUES", align: "right" },
      { title: "LAST SYNC", shrink: 1, least: 9 },
    ],
    trackers.map((tracker) => toRow(tracker, now)),
  );
  for (const tracker of trackers) noteTrouble(context, tracker);
}

function describeHealth(tracker: TrackerShape): { readonly word: string; readonly style: Style } {
  const { word, style } = healthWords[tracker.health];
  if (failsHere(tracker)) return { word: "sync fails", style };
  // Credentials that have not been used yet.
  const untried = tracker.health === "ok" && tracker.account === null && tracker.lastSyncAt === null;
  return untried ? { word: "not synced yet", style: "gray" } : { word, style };
}

/** Whether the tracker does respond: the problem is a full disk here, or an unreadable response. */
function failsHere({ health, error }: TrackerShape): boolean {
  return health === "unreachable" && error !== null && error.code !== "unreachable" && error.code !== "timeout";
}

function toRow(tracker: TrackerShape, now: number): Cell[] {
  const { word, style } = describeHealth(tracker);
  const issues = tracker.sources.reduce((sum, source) => sum + source.issues, 0);
  const named = tracker.connection === tracker.id ? tracker.label : `${tracker.label} (${tracker.connection})`;
  return [
    { text: plainLine(named), style: "bold" },
    { text: tracker.progress === null ? word : `${word} ${amount(tracker.progress)}`, style },
    { text: plainLine(tracker.account?.login ?? "") },
    { text: String(tracker.sources.length) },
    { text: groupDigits(issues) },
    { text: tracker.sources.length === 0 ? "" : describeAgo(tracker.lastSyncAt, now), style: "dim" },
  ];
}

function noteTrouble({ out, clock, paths }: Context, tracker: TrackerShape): void {
  if (tracker.health === "not_configured") {
    const missing = tracker.credentials.filter(({ required, present }) => required && !present);
    const keys = missing.map(({ env, name }) => env[0] ?? name).join(" and ");
    if (tracker.sources.length > 0 || tracker.connection !== tracker.id) {
      out.note(out.styleNote("red", `${tracker.label} (${tracker.connection}) is missing ${keys}.`));
    } else {
      const fallback = missing.find((field) => field.fallback !== null)?.fallback;
      const other = fallback == null ? "" : `, or sign in with ${fallback}`;
      out.note(namePlaces(`${tracker.label}: set ${keys} in ~/.panopticon.env${other}.`, paths));
    }
  }
  if (tracker.error !== null) {
    out.note(out.styleNote("red", `${tracker.label}: ${plainLine(tracker.error.message)}`));
    const limit = describeLimit({ code: tracker.error.code, retryAt: tracker.nextSyncAt }, clock.now());
    if (limit !== null) out.note(`  ${limit}`);
    if (tracker.error.hint !== null) out.note(`  ${plainLine(tracker.error.hint)}`);
  }
  for (const source of tracker.sources) {
    if (source.error !== null && source.error.message !== tracker.error?.message) {
      out.note(out.styleNote("red", `${plainLine(sourceWords(source))}: ${plainLine(source.error.message)}`));
      if (source.error.hint !== null) out.note(`  ${plainLine(source.error.hint)}`);
    }
    if (source.rejected > 0) {
      const [are, they] = source.rejected === 1 ? ["is", "It is"] : ["are", "They are"];
      const records = count(source.rejected, "record");
      out.note(
        out.styleNote(
          "yellow",
          `${plainLine(sourceWords(source))}: ${records} could not be read and ${are} not shown.`,
        ),
      );
      out.note(
        `  ${they} kept as the tracker sent ${source.rejected === 1 ? "it" : "them"}, and read again after the next change in the tracker.`,
      );
    }
  }
  for (const warning of tracker.warnings) {
    out.note(out.styleNote("yellow", `${tracker.label}: ${plainLine(warning.message)}`));
    if (warning.hint !== null) out.note(`  ${plainLine(warning.hint)}`);
  }
}
