import { agentWords, blockedWords } from "../../../src/domain/filter.ts";
import { groupings, isGrouping, type Grouping } from "../../../src/domain/grouping.ts";
import { parsePriority, priorityLabels } from "../../../src/domain/priority.ts";
import { isStatus, statusLabels, statuses } from "../../../src/domain/status.ts";

/** What a chip can filter by; the text (`q`) is not a chip. */
export const chipKeys = [
  "tracker",
  "project",
  "status",
  "state",
  "assignee",
  "label",
  "priority",
  "type",
  "cycle",
  "blocked",
  "agent",
  "updated",
] as const;

export type ChipKey = (typeof chipKeys)[number];

/** One condition. Chips of one key mean "any of", chips of different keys "all of". */
export type Chip = { readonly key: ChipKey; readonly value: string };

export const sortNames = ["priority", "updated", "created", "manual"] as const;

export type SortName = (typeof sortNames)[number];

export const sortLabels: Record<SortName, string> = {
  priority: "Priority",
  updated: "Last updated",
  created: "Newest",
  manual: "Manual",
};

/** What the board shows, as encoded in the URL. */
export type BoardQuery = {
  readonly chips: readonly Chip[];
  readonly text: string;
  readonly sort: { readonly name: SortName; readonly reverse: boolean };
  /** What the columns, or the list's sections, are grouped by. */
  readonly group: Grouping;
};

/** An invalid part of the URL; the valid rest still applies. */
export type QueryProblem = { readonly key: string; readonly value: string; readonly message: string };

export const emptyQuery: BoardQuery = {
  chips: [],
  text: "",
  sort: { name: "priority", reverse: false },
  group: "status",
};

export function isChipKey(word: string): word is ChipKey {
  return (chipKeys as readonly string[]).includes(word);
}

function isSortName(word: string): word is SortName {
  return (sortNames as readonly string[]).includes(word);
}

/** Parses the value of `updated:`: a date or time, with a comparison or without (that day); undefined if invalid. */
function parseUpdated(value: string): string | undefined {
  const match = /^([<>]=?)?\s*((\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2})?Z?)?)$/i.exec(value.trim());
  const [, comparison = "", time, day] = match ?? [];
  if (time === undefined || day === undefined) return undefined;
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day ? undefined : comparison + time;
}

/** Makes a chip from a typed value or one in the URL; returns a message if the value is invalid. */
export function parseChip(key: ChipKey, written: string): { chip: Chip } | { message: string } {
  const value = written.trim();
  if (value === "") return { message: `${key} needs a value` };
  if (key === "status") {
    const folded = value.toLowerCase().replaceAll(/[\s-]+/g, "_");
    return isStatus(folded)
      ? { chip: { key, value: folded } }
      : { message: `Unknown status “${value}”; use ${statuses.join(", ")}` };
  }
  if (key === "priority") {
    const priority = parsePriority(value);
    return priority === undefined
      ? {
          message: `Unknown priority “${value}”; use ${Object.values(priorityLabels).join(", ").toLowerCase()}`,
        }
      : { chip: { key, value: priorityLabels[priority].toLowerCase() } };
  }
  if (key === "blocked" || key === "agent") {
    const words: readonly string[] = key === "blocked" ? blockedWords : agentWords;
    const folded = value.toLowerCase();
    return words.includes(folded)
      ? { chip: { key, value: folded } }
      : { message: `“${value}” is not a value of ${key}; use ${words.join(", ")}` };
  }
  if (key === "updated") {
    const updated = parseUpdated(value);
    return updated === undefined
      ? { message: `“${value}” is not a date; use updated:>2026-01-31` }
      : { chip: { key, value: updated } };
  }
  return { chip: { key, value } };
}

/** Splits at commas; `\\,` is a comma inside a value. */
function splitValues(text: string): string[] {
  return text.split(/(?<!\\),/u).map((value) => value.replaceAll("\\,", ","));
}

/** Parses `?label=bug&sort=-updated`; repeated and comma-separated values mean the same. */
export function parseQuery(search: string): { query: BoardQuery; problems: readonly QueryProblem[] } {
  const chips: Chip[] = [];
  const problems: QueryProblem[] = [];
  let text = "";
  let { sort, group } = emptyQuery;
  for (const [key, value] of new URLSearchParams(search)) {
    if (key === "q") {
      text = value;
    } else if (key === "sort") {
      const name = value.replace(/^-/, "");
      if (isSortName(name)) sort = { name, reverse: value.startsWith("-") };
      else problems.push({ key, value, message: `Unknown order “${name}”; use ${sortNames.join(", ")}` });
    } else if (key === "group") {
      if (isGrouping(value)) group = value;
      else problems.push({ key, value, message: `Unknown group “${value}”; use ${groupings.join(", ")}` });
    } else if (isChipKey(key)) {
      for (const part of splitValues(value)) {
        const parsed = parseChip(key, part);
        if ("message" in parsed) problems.push({ key, value: part, message: parsed.message });
        else if (!hasChip(chips, parsed.chip)) chips.push(parsed.chip);
      }
    } else {
      problems.push({ key, value, message: `Unknown filter “${key}”; use ${chipKeys.join(", ")}` });
    }
  }
  return { query: { chips, text, sort, group }, problems };
}

/** Formats the query as the URL and the API use it, without `?`; empty for the default query. */
export function formatQuery(query: BoardQuery): string {
  const params = filterParams(query);
  if (query.sort.name !== emptyQuery.sort.name || query.sort.reverse) params.set("sort", sortWord(query));
  if (query.group !== emptyQuery.group) params.set("group", query.group);
  // Colons, commas and comparison signs are legal in a query string and more readable unescaped.
  return params.toString().replaceAll("%3A", ":").replaceAll("%3E", ">").replaceAll("%3C", "<");
}

function sortWord(query: BoardQuery): string {
  return `${query.sort.reverse ? "-" : ""}${query.sort.name}`;
}

function filterParams(query: BoardQuery): URLSearchParams {
  const params = new URLSearchParams();
  for (const { key, value } of query.chips) params.append(key, value.replaceAll(",", "\\,"));
  if (query.text.trim() !== "") params.set("q", query.text.trim());
  return params;
}

/** Filter and order as request parameters; `group` restricts them to one column. */
export function queryParams(query: BoardQuery, group?: string): URLSearchParams {
  const params = filterParams(query);
  if (group !== undefined) params.set(query.group, group.replaceAll(",", "\\,"));
  params.set("sort", sortWord(query));
  return params;
}

export function hasChip(chips: readonly Chip[], chip: Chip): boolean {
  return chips.some((other) => other.key === chip.key && other.value.toLowerCase() === chip.value.toLowerCase());
}

export function withChip(query: BoardQuery, chip: Chip): BoardQuery {
  return hasChip(query.chips, chip) ? query : { ...query, chips: [...query.chips, chip] };
}

export function withoutChip(query: BoardQuery, chip: Chip): BoardQuery {
  return { ...query, chips: query.chips.filter((other) => other !== chip) };
}

/** The number of conditions, including the text. */
export function conditionCount(query: BoardQuery): number {
  return query.chips.length + (query.text.trim() === "" ? 0 : 1);
}

/** A chip value's display name, as far as it is known without data. */
export function plainValueLabel(chip: Chip): string {
  if (chip.key === "status" && isStatus(chip.value)) return statusLabels[chip.value];
  if (chip.key === "priority") {
    const priority = parsePriority(chip.value);
    return priority === undefined ? chip.value : priorityLabels[priority];
  }
  if (chip.key === "updated") {
    const [, comparison = "", time] = /^([<>]?=?)(.*)$/.exec(chip.value) ?? [];
    return `${comparison === "" ? "on" : comparison.startsWith(">") ? "since" : "before"} ${time}`;
  }
  return chip.value;
}
