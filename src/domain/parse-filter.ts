import { PanopticonError } from "./error.ts";
import { agentWords, blockedWords, filterKeys, type IssueFilter, type Sort, sortKeys } from "./filter.ts";
import { foldName } from "./fold-name.ts";
import { type Grouping, groupings, isGrouping } from "./grouping.ts";
import { nearestWord } from "./nearest-word.ts";
import { parsePriority, priorities, type Priority, priorityLabels } from "./priority.ts";
import { statuses } from "./status.ts";

/** The known words that a filter is checked against. */
export type FilterWords = {
  readonly trackers: readonly string[];
  readonly projects: readonly { readonly id: string; readonly name: string }[];
};

/** A filter as written: query parameters or command-line flags, in any order, possibly repeated. */
export type WrittenFilter = Iterable<readonly [key: string, value: string]>;

export const defaultSort: Sort = { key: "priority", reverse: false };

/** More values than anyone writes; keeps a query within the database's limits. */
const maxValues = 200;
const longestText = 500;

/**
 * Parses a filter. Repeated and comma-separated values mean "any of"; `\,` is a comma inside a value. Empty values are ignored.
 * Throws `invalid_input` for an unknown key or word and `not_found` for an unknown project, with the nearest known one.
 */
export function parseFilter(written: WrittenFilter, words: FilterWords): { filter: IssueFilter; sort: Sort } {
  const values = new Map<string, string[]>();
  for (const [key, value] of written) {
    if (!(filterKeys as readonly string[]).includes(key)) throw unknownWord("filter", key, filterKeys);
    const list = values.get(key) ?? [];
    list.push(...(key === "q" ? [value.trim()] : splitValues(value)));
    if (list.length > maxValues)
      throw new PanopticonError("invalid_input", `More than ${maxValues} values for ${key}.`);
    values.set(key, list);
  }
  const take = (key: (typeof filterKeys)[number]): string[] | undefined => {
    const list = [...new Set(values.get(key)?.filter((value) => value !== ""))];
    return list.length === 0 ? undefined : list;
  };
  const tracker = take("tracker")?.map((word) => pickWord("tracker", word, words.trackers));
  const project = take("project")?.map((word) => pickProject(word, words.projects));
  const status = take("status")?.map((word) => pickWord("status", word, statuses));
  const state = take("state");
  const assignee = take("assignee");
  const label = take("label");
  const priority = take("priority")?.map(pickPriority);
  const type = take("type");
  const cycle = take("cycle");
  const blocked = take("blocked")?.map((word) => pickWord("value of blocked", word, blockedWords));
  const agent = take("agent")?.map((word) => pickWord("agent state", word, agentWords));
  const q = parseText(values.get("q"));
  const updated = parseUpdated(take("updated"));
  const filter: IssueFilter = {
    ...(tracker && { tracker }),
    ...(project && { project }),
    ...(status && { status }),
    ...(state && { state }),
    ...(assignee && { assignee }),
    ...(label && { label }),
    ...(priority && { priority }),
    ...(type && { type }),
    ...(cycle && { cycle }),
    ...(blocked && { blocked }),
    ...(agent && { agent }),
    ...(q !== undefined && { q }),
    ...(updated && { updated }),
  };
  return { filter, sort: parseSort(take("sort")) };
}

/** Parses the grouping in a board's URL, which must match exactly. Throws `invalid_input` with the nearest word. */
export function parseGrouping(written: string): Grouping {
  if (isGrouping(written)) return written;
  throw unknownWord("group", written, groupings);
}

/** Splits at commas that are not escaped by a backslash. */
export function splitValues(text: string): string[] {
  return text.split(/(?<!\\),/u).map((value) => value.replaceAll("\\,", ",").trim());
}

function pickWord<Word extends string>(what: string, written: string, known: readonly Word[]): Word {
  const folded = foldName(written);
  const word = known.find((candidate) => foldName(candidate) === folded);
  if (word !== undefined) return word;
  throw unknownWord(what, written, known);
}

/** Prefers a project's exact id, then compares ids and names folded. */
function pickProject(written: string, projects: FilterWords["projects"]): string {
  const folded = foldName(written);
  const project =
    projects.find((candidate) => candidate.id === written) ??
    projects.find((candidate) => foldName(candidate.id) === folded || foldName(candidate.name) === folded);
  if (project !== undefined) return project.id;
  // Projects are the user's own data, so an unknown one is `not_found` wherever it is named.
  throw unknownWord(
    "project",
    written,
    projects.map((candidate) => candidate.id),
    "not_found",
  );
}

function pickPriority(written: string): Priority {
  const priority = parsePriority(written);
  if (priority !== undefined) return priority;
  throw unknownWord(
    "priority",
    written,
    priorities.map((candidate) => priorityLabels[candidate].toLowerCase()),
  );
}

function parseText(texts: readonly string[] | undefined): string | undefined {
  const text = texts?.filter((part) => part !== "").join(" ");
  if (text === undefined || text === "") return undefined;
  if (text.length <= longestText) return text;
  throw new PanopticonError("invalid_input", `The search text is longer than ${longestText} characters.`);
}

function parseSort(written: readonly string[] | undefined): Sort {
  if (written === undefined) return defaultSort;
  const [text = "", ...others] = written;
  if (others.length > 0) {
    throw new PanopticonError("invalid_input", "Sort by one key at a time.", { candidates: sortKeys });
  }
  const reverse = text.startsWith("-");
  return { key: pickWord("sort key", reverse ? text.slice(1) : text, sortKeys), reverse };
}

const comparison =
  /^(?<operator>>=|<=|>|<)?\s*(?<time>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z?)?)$/iu;
const dayMs = 86_400_000;

/** `>2026-01-01`, `<=2026-03-31T12:00Z`, `2026-01-01` (that day); several must all hold. Times are UTC; a date alone is its first moment. */
function parseUpdated(written: readonly string[] | undefined): IssueFilter["updated"] | undefined {
  if (written === undefined) return undefined;
  let after = Number.NEGATIVE_INFINITY;
  let before = Number.POSITIVE_INFINITY;
  for (const text of written) {
    const groups = comparison.exec(text)?.groups;
    const day = groups?.["time"]?.length === 10;
    const time = groups?.["time"] === undefined ? Number.NaN : readTime(groups["time"]);
    if (Number.isNaN(time)) {
      throw new PanopticonError("invalid_input", `“${text}” is not a valid time.`, {
        hint: "Use >2026-01-01, <2026-02-01, both, or 2026-01-01 for that day.",
      });
    }
    const operator = groups?.["operator"];
    // `updated.after` and `.before` are exclusive; one millisecond makes them inclusive.
    if (operator === ">") after = Math.max(after, time);
    else if (operator === "<") before = Math.min(before, time);
    else {
      if (operator !== "<=") after = Math.max(after, time - 1);
      if (operator !== ">=") before = Math.min(before, day ? time + dayMs : time + 1);
    }
  }
  return {
    ...(Number.isFinite(after) && { after }),
    ...(Number.isFinite(before) && { before }),
  };
}

/** Milliseconds since the epoch; NaN for a date that does not exist. */
function readTime(text: string): number {
  const upper = text.toUpperCase();
  const time = Date.parse(upper.length === 10 || upper.endsWith("Z") ? upper : `${upper}Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== upper.slice(0, 10) ? Number.NaN : time;
}

function unknownWord(
  what: string,
  written: string,
  words: readonly string[],
  code: "invalid_input" | "not_found" = "invalid_input",
): PanopticonError {
  const known = [...new Set(words)];
  const nearest = nearestWord(written, known);
  return new PanopticonError(code, `There is no ${what} called “${written}”.`, {
    hint:
      nearest !== undefined
        ? `Did you mean “${nearest}”?`
        : known.length === 0
          ? `No ${what} exists yet.`
          : `Available: ${known.join(", ")}.`,
    candidates: nearest === undefined ? known : [nearest],
  });
}
