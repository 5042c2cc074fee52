import type { Command } from "commander";
import { collect, collectWords } from "./options.ts";

/** The board's filters as flags, with the API's names. */
const flags = [
  ["tracker", "<tracker>", "in these trackers"],
  ["project", "<project>", "in these projects"],
  ["status", "<status>", "backlog, planning, in_progress, in_review, done, canceled"],
  ["state", "<state>", "in these native states, by the tracker's names"],
  ["assignee", "<login>", "a login, me, or none"],
  ["label", "<label>", "with one of these labels"],
  ["priority", "<priority>", "urgent, high, medium, low, none"],
  ["type", "<type>", "the tracker's own name: issue, Bug, Story"],
  ["cycle", "<cycle>", "in these cycles, sprints or milestones"],
  ["blocked", "<yes|no>", "blocked by an unfinished issue of any tracker, or not"],
  ["agent", "<state>", "with an agent that is waiting, running, finished, failed …; any, none"],
  ["q", "<text>", "full text; the same as TEXT"],
  ["updated", "<when>", '">2026-01-01", "<2026-02-01", or a day'],
  ["sort", "<key>", "priority, updated, created, manual, relevance; - before it reverses"],
] as const;

export type FilterOptions = Partial<Record<(typeof flags)[number][0], readonly string[]>>;

export function addFilterFlags(command: Command): Command {
  for (const [name, value, help] of flags)
    command.option(`--${name} ${value}`, help, name === "q" ? collect : collectWords);
  return command;
}

/** Filter and sort as written; `text`: the arguments without a flag. */
export function readFilterFlags(options: FilterOptions, text: readonly string[]): (readonly [string, string])[] {
  const written = flags.flatMap(([name]) => (options[name] ?? []).map((value) => [name, value] as const));
  return text.length > 0 ? [...written, ["q", text.join(" ")]] : written;
}
