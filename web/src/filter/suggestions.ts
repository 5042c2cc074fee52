import { agentWords, blockedWords } from "../../../src/domain/filter.ts";
import { foldName } from "../../../src/domain/fold-name.ts";
import { priorities, priorityLabels } from "../../../src/domain/priority.ts";
import { statuses, statusLabels } from "../../../src/domain/status.ts";
import type { FacetsShape } from "../../../src/server/contract/issue.ts";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { chipKeys, hasChip, parseChip, parseQuery, plainValueLabel, type Chip, type ChipKey } from "./board-query.ts";
import type { Draft } from "./draft.ts";

/** The known values to filter by. */
export type Vocabulary = {
  readonly trackers: readonly Pick<TrackerShape, "id" | "label" | "sources">[];
  readonly projects: readonly Pick<ProjectShape, "id" | "name">[];
  readonly facets: FacetsShape | undefined;
  /** Whether the facets are still loading. */
  readonly facetsPending: boolean;
  /** Whether trackers and projects have loaded or failed to load. */
  readonly complete: boolean;
};

export type Suggestion =
  | { readonly kind: "chip"; readonly chip: Chip; readonly label: string; readonly count: number | null }
  /** Inserts `key:` into the field. */
  | { readonly kind: "key"; readonly key: ChipKey; readonly label: string };

const keyHelp: Record<ChipKey, string> = {
  tracker: "where the issue lives",
  project: "one of your projects",
  status: "a column",
  state: "the tracker’s own state",
  assignee: "a login, me or none",
  label: "a label or tag",
  priority: "urgent to low, or none",
  type: "bug, story, …",
  cycle: "cycle, sprint, iteration, milestone",
  blocked: "yes or no",
  agent: "waiting, running, …, any or none",
  updated: ">2026-01-31",
};

const perKey = 8;

const facetKeys: readonly ChipKey[] = ["assignee", "label", "type", "cycle", "state"];

/** Whether the values of a key are still loading. */
export function isUnread(key: ChipKey, { facetsPending }: Vocabulary): boolean {
  return facetsPending && facetKeys.includes(key);
}

type Value = { readonly value: string; readonly label: string; readonly count: number | null };

/** Trackers with at least one mirrored source. */
function mirroredTrackers(known: Vocabulary): Vocabulary["trackers"] {
  return known.trackers.filter(({ sources }) => sources.length > 0);
}

/** A key's values, most used first. */
function valuesOf(key: ChipKey, known: Vocabulary, today: Date): readonly Value[] {
  const daysAgo = (days: number) => new Date(today.getTime() - days * 86_400_000).toISOString().slice(0, 10);
  switch (key) {
    case "tracker":
      return mirroredTrackers(known).map(({ id, label, sources }) => ({
        value: id,
        label,
        count: sources.reduce((sum, source) => sum + source.issues, 0),
      }));
    case "project":
      return known.projects.map(({ id, name }) => ({ value: id, label: name, count: null }));
    case "status":
      return statuses.map((status) => ({ value: status, label: statusLabels[status], count: null }));
    case "priority":
      return priorities.map((priority) => ({
        value: priorityLabels[priority].toLowerCase(),
        label: priorityLabels[priority],
        count: null,
      }));
    case "assignee":
      return [
        { value: "me", label: "me", count: null },
        { value: "none", label: "none", count: null },
        ...(known.facets?.assignees ?? []).map(({ login, name, issues }) => ({
          value: login,
          label: name === "" || name === login ? login : `${name} (${login})`,
          count: issues,
        })),
      ];
    case "label":
      return (known.facets?.labels ?? []).map(({ name, issues }) => ({ value: name, label: name, count: issues }));
    case "type":
      return (known.facets?.types ?? []).map(({ name, issues }) => ({ value: name, label: name, count: issues }));
    case "cycle":
      return (known.facets?.cycles ?? []).map(({ name, issues }) => ({ value: name, label: name, count: issues }));
    case "state":
      return (known.facets?.states ?? []).map(({ name, issues }) => ({ value: name, label: name, count: issues }));
    case "blocked":
      return blockedWords.map((value) => ({ value, label: value, count: null }));
    case "agent":
      return agentWords.map((value) => ({ value, label: value, count: null }));
    case "updated":
      return [7, 30, 90].map((days) => ({ value: `>${daysAgo(days)}`, label: `last ${days} days`, count: null }));
  }
}

function matches(value: Value, typed: string): boolean {
  const folded = typed.toLowerCase();
  return value.value.toLowerCase().includes(folded) || value.label.toLowerCase().includes(folded);
}

function startsFirst(typed: string) {
  const folded = typed.toLowerCase();
  const rank = (value: Value) => (value.label.toLowerCase().startsWith(folded) ? 0 : 1);
  return (a: Value, b: Value) => rank(a) - rank(b);
}

/** The menu's suggestions for the field's content, without conditions already set. */
export function suggest(draft: Draft, known: Vocabulary, set: readonly Chip[], today: Date): readonly Suggestion[] {
  const chipsOf = (key: ChipKey, typed: string, limit: number): Suggestion[] =>
    valuesOf(key, known, today)
      .filter((value) => matches(value, typed))
      .map((value) => ({ value, chip: { key, value: value.value } }))
      .filter(({ chip }) => !hasChip(set, chip))
      .sort((a, b) => startsFirst(typed)(a.value, b.value))
      .slice(0, limit)
      .map(({ value, chip }) => ({ kind: "chip", chip, label: value.label, count: value.count }));

  if (draft.typing !== null) {
    const { key, value } = draft.typing;
    const offered = chipsOf(key, value, 40);
    const own = parseChip(key, value);
    // A value missing from the mirror may still be valid: a label no issue has yet, any date.
    const free = !["tracker", "project", "status", "priority", "blocked", "agent"].includes(key);
    if (free && "chip" in own && !offered.some((other) => other.kind === "chip" && hasChip([other.chip], own.chip))) {
      if (!hasChip(set, own.chip)) {
        offered.push({ kind: "chip", chip: own.chip, label: plainValueLabel(own.chip), count: null });
      }
    }
    return offered;
  }
  const typed = draft.text.trim();
  const keys = chipKeys
    .filter((key) => key.startsWith(typed.toLowerCase()))
    .map((key): Suggestion => ({ kind: "key", key, label: keyHelp[key] }));
  if (typed.length < 2) return typed === "" ? keys : keys.slice(0, 4);
  const values = chipKeys.filter((key) => key !== "updated").flatMap((key) => chipsOf(key, typed, 3));
  return [...keys, ...values].slice(0, perKey);
}

/** A chip's display name. */
export function chipLabel(chip: Chip, known: Vocabulary): string {
  if (chip.key === "tracker") return known.trackers.find(({ id }) => id === chip.value)?.label ?? chip.value;
  if (chip.key === "project") return known.projects.find(({ id }) => id === chip.value)?.name ?? chip.value;
  return plainValueLabel(chip);
}

/** Explains that a chip names something missing from the configuration; null: it is valid, or that is not known yet. */
export function chipProblem(chip: Chip, known: Vocabulary): string | null {
  const words =
    chip.key === "tracker"
      ? known.trackers.map(({ id, label }) => ({ id, name: label }))
      : chip.key === "project"
        ? known.projects
        : [];
  const folded = foldName(chip.value);
  if (words.length === 0 || words.some(({ id, name }) => foldName(id) === folded || foldName(name) === folded)) {
    return null;
  }
  return `Unknown ${chip.key} “${chip.value}”; use ${words.map(({ id }) => id).join(", ")}`;
}

/** The dashed chips in the field: one per condition that is likely wanted next. */
export function offeredChips(known: Vocabulary, set: readonly Chip[]): readonly Chip[] {
  const used = new Set(set.map(({ key }) => key));
  const offers: Chip[] = [];
  const busiest = mirroredTrackers(known).toSorted((a, b) => b.sources.length - a.sources.length);
  if (!used.has("tracker") && busiest.length > 1 && busiest[0]) offers.push({ key: "tracker", value: busiest[0].id });
  if (!used.has("project") && known.projects.length > 1 && known.projects[0]) {
    offers.push({ key: "project", value: known.projects[0].id });
  }
  if (!used.has("assignee")) offers.push({ key: "assignee", value: "me" });
  const label = known.facets?.labels[0];
  if (!used.has("label") && label !== undefined) offers.push({ key: "label", value: label.name });
  return offers;
}

/** Parses the URL's filter. `effective` leaves out invalid conditions, which are listed as problems. */
export function readQuery(search: string, known: Vocabulary) {
  const { query, problems } = parseQuery(search);
  const wrong = query.chips.flatMap((chip) => {
    const message = chipProblem(chip, known);
    return message === null ? [] : [{ chip, message }];
  });
  return {
    query,
    effective: { ...query, chips: query.chips.filter((chip) => !wrong.some((one) => one.chip === chip)) },
    problems: [...problems, ...wrong],
  };
}
