import type { Emulators } from "../../../emulators/start.ts";
import type { Emulator, WorldIssue } from "../../../emulators/emulator.ts";
import { foldName } from "../../domain/fold-name.ts";

/** An issue's path across the board, as folded names of labels or states. */
const stages = ["planning", "inprogress", "inreview"];

const titles = [
  "Rates page shows yesterday's fuel surcharge after midnight UTC",
  "Let dispatchers pin a carrier to a lane",
  "Pallet count is lost when a booking is split in two",
  "Export the week's late arrivals as CSV",
  "Map jumps to the depot when a new position comes in",
  "Warn before a reefer booking without a temperature range",
  "Search by container number ignores the check digit",
  "Retry the customs filing when the broker answers 503",
];

const comments = [
  "Seen again this morning, on two bookings.",
  "I can reproduce it with an empty notes field.",
  "Fix is up for review; the test covers the split shipment too.",
  "Talked to support: three customers wait for this.",
  "Works on staging. Leaving it open until tomorrow's run.",
  "Could we do the simple version first and measure?",
];

/** An event for the log. */
export type DemoEvent = { readonly tracker: string; readonly issue: string; readonly what: string };

/**
 * Makes one small change in one of the trackers, as a colleague would: moves, comments on, assigns or creates an issue. `random` returns numbers from 0 up to,
 * but excluding, 1. Returns null if there is nothing to change.
 */
export function liveOnce(emulators: Emulators, random: () => number = Math.random): DemoEvent | null {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const emulator = pick(Object.values(emulators));
  const source = emulator && pick(emulator.sources);
  if (emulator === undefined || source === undefined) return null;
  const { tracker, world } = emulator;
  const issues = world.issues(source.key);
  // Prefer the newest issues.
  const open = issues
    .filter(({ closed }) => !closed)
    .toSorted((a, b) => b.updatedAt - a.updatedAt)
    .slice(0, 40);
  const issue = pick(open);
  const chance = random();
  if (issue === undefined || chance < 0.15) {
    const known = new Set(issues.map(({ title }) => title));
    const title = pick(titles.filter((candidate) => !known.has(candidate)));
    if (title === undefined) return null;
    const created = world.create(source.key, { title, body: "Reported by the operations desk." });
    return { tracker, issue: created.key, what: "created" };
  }
  if (chance < 0.4) {
    world.comment(issue.nativeId, pick(comments) ?? "");
    return { tracker, issue: issue.key, what: "commented" };
  }
  const people = [...new Set(issues.flatMap(({ assignees }) => assignees))].filter(
    (login) => !issue.assignees.includes(login),
  );
  const person = pick(people);
  if (chance < 0.55 && person !== undefined) {
    world.edit(issue.nativeId, { assignees: [person] });
    return { tracker, issue: issue.key, what: `assigned to ${person}` };
  }
  return advance(emulator, issue, issues);
}

/** Moves an issue to its next stage, by label if the source uses labels for stages, otherwise by state; closes it after the last one. */
function advance({ tracker, world }: Emulator, issue: WorldIssue, all: readonly WorldIssue[]): DemoEvent | null {
  const byLabel = new Map(all.flatMap(({ labels }) => labels.map((label) => [foldName(label), label] as const)));
  const byState = new Map(all.map(({ state }) => [foldName(state), state] as const));
  const usesLabels = stages.some((stage) => byLabel.has(stage));
  const isStage = (name: string) => stages.includes(foldName(name));
  const now = usesLabels ? issue.labels.find(isStage) : issue.state;
  const next = stages[now === undefined ? 0 : stages.indexOf(foldName(now)) + 1];
  const others = issue.labels.filter((label) => !isStage(label));
  const label = next === undefined ? undefined : byLabel.get(next);
  const state = next === undefined ? undefined : byState.get(next);
  if (usesLabels && label !== undefined) {
    world.edit(issue.nativeId, { labels: [...others, label] });
    return { tracker, issue: issue.key, what: `moved to ${label}` };
  }
  if (!usesLabels && state !== undefined) {
    world.edit(issue.nativeId, { state });
    return { tracker, issue: issue.key, what: `moved to ${state}` };
  }
  const done = byState.get("done") ?? all.find(({ closed }) => closed)?.state;
  if (done === undefined) return null;
  world.edit(issue.nativeId, usesLabels ? { state: done, labels: others } : { state: done });
  return { tracker, issue: issue.key, what: `moved to ${done}` };
}

/** Changes the trackers until the signal: one change every 20 to 40 seconds. */
export async function keepLiving(
  emulators: Emulators,
  options: {
    readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
    readonly signal: AbortSignal;
    readonly log: (event: DemoEvent) => void;
    readonly random?: () => number;
  },
): Promise<void> {
  const random = options.random ?? Math.random;
  for (;;) {
    try {
      await options.sleep(20_000 + random() * 20_000, options.signal);
    } catch (error) {
      if (options.signal.aborted) return;
      throw error;
    }
    const event = liveOnce(emulators, random);
    if (event !== null) options.log(event);
  }
}
