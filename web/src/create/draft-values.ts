import { foldName } from "../../../src/domain/fold-name.ts";
import type { Priority } from "../../../src/domain/priority.ts";
import { isStatus, type Status } from "../../../src/domain/status.ts";
import type { IssueDraft, SourceFormShape } from "../../../src/server/contract/change.ts";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import { type ChipKey, parseQuery } from "../filter/board-query.ts";
import { estimateProblem, parseEstimate } from "../fields/parse-estimate.ts";
import { isFilled, type SpecValues } from "../fields/spec-values.ts";

/** The values entered for a new issue, whatever its source. */
export type DraftValues = {
  readonly project: string | null;
  readonly source: string | null;
  readonly title: string;
  readonly body: string;
  readonly status: Status;
  readonly type: string | null;
  readonly priority: Priority;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly parent: { readonly address: string; readonly ref: string; readonly tracker: string } | null;
  readonly cycle: string | null;
  readonly dueDate: string;
  readonly estimate: string;
  /** Values of the tracker's own fields, by id. */
  readonly fields: SpecValues;
};

export const emptyValues: DraftValues = {
  project: null,
  source: null,
  title: "",
  body: "",
  status: "backlog",
  type: null,
  priority: 0,
  labels: [],
  assignees: [],
  parent: null,
  cycle: null,
  dueDate: "",
  estimate: "",
  fields: {},
};

/** Parses a stored draft, leaving out invalid values. */
export function parseValues(kept: string): Partial<DraftValues> {
  try {
    const values: unknown = JSON.parse(kept);
    if (typeof values !== "object" || values === null) return {};
    const fits = Object.entries(values).filter(([key, value]) => {
      if (!Object.hasOwn(emptyValues, key)) return false;
      const usual: unknown = Reflect.get(emptyValues, key);
      if (key === "status") return typeof value === "string" && isStatus(value);
      if (Array.isArray(usual)) return Array.isArray(value);
      return usual === null || value === null || typeof value === typeof usual;
    });
    return Object.fromEntries(fits);
  } catch {
    return {};
  }
}

/** The project and tracker that a page shows alone; null: none, or several. */
export type ShownPlace = { readonly project: string | null; readonly tracker: string | null };

/** The place that a filter narrows a page to. `search`: as in the URL. */
export function shownPlace(search: string): ShownPlace {
  const { chips } = parseQuery(search).query;
  const only = (wanted: ChipKey) => {
    const [first, another] = chips.filter(({ key }) => key === wanted);
    return first === undefined || another !== undefined ? null : first.value;
  };
  return { project: only("project"), tracker: only("tracker") };
}

/**
 * The chosen project and source if they exist, otherwise those that the page shows, otherwise the first project that has a source. A tracker that the chosen
 * project does not use is ignored.
 */
export function choosePlace(
  projects: readonly ProjectShape[] | undefined,
  chosen: DraftValues,
  shown: ShownPlace = { project: null, tracker: null },
) {
  const isShown = ({ tracker }: { readonly tracker: string }) =>
    shown.tracker !== null && foldName(tracker) === foldName(shown.tracker);
  const usable = projects?.filter(({ sources }) => sources.length > 0);
  const project =
    projects?.find(({ id }) => id === chosen.project) ??
    usable?.find(({ id }) => shown.project !== null && foldName(id) === foldName(shown.project)) ??
    usable?.find(({ sources }) => sources.some(isShown)) ??
    usable?.[0];
  const source =
    project?.sources.find(({ id }) => id === chosen.source) ?? project?.sources.find(isShown) ?? project?.sources[0];
  return { project, source };
}

type SourceType = SourceFormShape["types"][number];

/** The type of a new issue: the chosen one if the source has it, otherwise the first that needs no parent. */
export function typeOf(form: Pick<SourceFormShape, "types">, chosen: string | null): SourceType | undefined {
  const possible = form.types.filter(({ creatable }) => creatable);
  return (
    possible.find(({ name }) => chosen !== null && foldName(name) === foldName(chosen)) ??
    possible.find(({ needsParent }) => !needsParent) ??
    possible[0]
  );
}

function hasField(type: SourceType | undefined, field: string): boolean {
  return type === undefined || type.has.length === 0 || type.has.includes(field);
}

/** Why the issue cannot be sent yet: draft fields by name, the tracker's own by id; the first one gets the focus. */
export function draftProblems(values: DraftValues, type: SourceType | undefined): ReadonlyMap<string, string> {
  const missing = [
    ...(values.title.trim() === "" ? ["title"] : []),
    ...(type?.needsParent === true && values.parent === null ? ["parent"] : []),
    ...(type?.fields ?? []).filter(({ id, required }) => required && !isFilled(values.fields[id])).map(({ id }) => id),
  ];
  const problems = new Map(missing.map((field) => [field, "Required"]));
  const isWrong = hasField(type, "estimate") && parseEstimate(values.estimate) === undefined;
  return isWrong ? problems.set("estimate", estimateProblem) : problems;
}

/** The chosen members, as the source allows them: with one assignee, the last chosen. */
export function chosenMembers(
  { assignees }: DraftValues,
  { members, assignees: allowed }: SourceFormShape,
): readonly string[] {
  const known = new Set(members.map(({ login }) => login));
  const chosen = assignees.filter((login) => login === "me" || known.has(login));
  return allowed === "one" ? chosen.slice(-1) : chosen;
}

/** The request to create the issue, with only the fields this source and type support. */
export function toDraft(values: DraftValues, form: SourceFormShape): IssueDraft {
  const type = typeOf(form, values.type);
  const has = (field: string) => hasField(type, field);
  const known = new Set(form.labels.map(({ name }) => foldName(name)));
  const own = new Set(type?.fields.map(({ id }) => id));
  const estimate = parseEstimate(values.estimate);
  return {
    project: form.project,
    source: form.source,
    title: values.title.trim(),
    body: values.body,
    status: values.status,
    ...(type !== undefined && { type: type.name }),
    ...(has("priority") && form.priorities.length > 0 && values.priority > 0 && { priority: values.priority }),
    ...(has("labels") && {
      labels: values.labels.filter((name) => form.newLabels || known.has(foldName(name))),
    }),
    ...(has("assignees") && { assignees: [...chosenMembers(values, form)] }),
    ...(has("parent") && values.parent !== null && { parent: values.parent.address }),
    ...(has("cycle") &&
      values.cycle !== null &&
      form.cycles.some(({ name }) => name === values.cycle) && { cycle: values.cycle }),
    ...(has("dueDate") && values.dueDate !== "" && { dueDate: values.dueDate }),
    ...(has("estimate") && estimate != null && { estimate }),
    fields: Object.fromEntries(Object.entries(values.fields).filter(([id, value]) => own.has(id) && isFilled(value))),
  };
}
