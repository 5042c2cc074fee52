import type { Issue, IssueType, Project } from "./records.ts";
import type { Edition, JiraState } from "./state.ts";
import type { Wire } from "./wire.ts";
import { customIds, type FieldInfo, fieldInfos, impactOptions, sharedIds } from "./wire-fields.ts";

export type Screen = "create" | "edit";

/** A field on a screen. */
export type ScreenField = {
  readonly info: FieldInfo;
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly operations: readonly string[];
  readonly allowedValues?: readonly object[];
};

type About = { readonly state: JiraState; readonly wire: Wire; readonly project: Project; readonly type: IssueType };

/** The fields that a project's screen shows for an issue type. Nothing else can be written through it. */
export function fieldsOn(screen: Screen, about: About): ScreenField[] {
  const { state, wire, type } = about;
  const { edition } = state;
  const isCreate = screen === "create";
  const shown: ScreenField[] = [];
  const add = (id: string, more: Partial<ScreenField> = {}) => {
    const info = fieldInfos(edition).find((one) => one.id === id);
    if (info !== undefined) {
      shown.push({ info, required: false, hasDefault: false, operations: ["set"], ...more });
    }
  };
  add("summary", { required: true });
  if (isCreate) add("project", { required: true, allowedValues: [wire.project(about.project, "inline")] });
  add("issuetype", {
    required: true,
    operations: isCreate ? [] : ["set"],
    allowedValues: isCreate ? [wire.issueType(type)] : exchangeable(state, type).map((one) => wire.issueType(one)),
  });
  if (hasParent(edition, type, screen)) add("parent", { required: isCreate && type.subtask });
  add("description");
  add("priority", { hasDefault: true, allowedValues: state.priorities.map((one) => wire.named("priority", one)) });
  add("labels", { operations: ["add", "set", "remove"] });
  add("assignee");
  if (isCreate) add("reporter", { required: true, hasDefault: true });
  add("duedate");
  for (const id of customOn(screen, about)) add(id, requirementOf(id, about));
  return shown;
}

/** Epics have no parent here. Data Center has parents only for sub-tasks, and they cannot change. */
function hasParent(edition: Edition, type: IssueType, screen: Screen): boolean {
  return edition === "cloud" ? type.level < 1 : type.subtask && screen === "create";
}

function customOn(screen: Screen, { state, project, type }: About): string[] {
  const { edition } = state;
  const ids = customIds[edition];
  const works = type.level === 0;
  const found: string[] = [];
  if (!type.subtask) found.push(ids.sprint);
  if (works) found.push(edition === "cloud" && type.name !== "Bug" ? ids.points : ids.classicPoints);
  if (edition === "data-center" && type.level === 1) found.push(ids.epicName);
  // As in most instances, an epic is chosen after the issue exists.
  if (edition === "data-center" && works && screen === "edit") found.push(ids.epic);
  if (project.area === "ops" && type.name === "Bug") found.push(sharedIds.impact);
  if (project.area === "ops" && type.name === "Task") found.push(sharedIds.freightClass);
  return found;
}

function requirementOf(id: string, { state, type }: About): Partial<ScreenField> {
  if (id === customIds[state.edition].epicName) return { required: type.level === 1 };
  if (id !== sharedIds.impact) return {};
  return {
    required: true,
    allowedValues: impactOptions.map((option) => ({
      self: `${state.baseUrl}/rest/api/2/customFieldOption/${option.id}`,
      ...option,
    })),
  };
}

/** The types an issue can change to without a move: sub-tasks stay sub-tasks, and others others. */
export function exchangeable(state: JiraState, type: IssueType): readonly IssueType[] {
  return state.types.filter(({ subtask }) => subtask === type.subtask);
}

/** A field's description in `createmeta`, `editmeta` and transitions. */
export function fieldMeta(field: ScreenField): object {
  const { info, required, hasDefault, operations, allowedValues } = field;
  return {
    required,
    schema: info.schema,
    name: info.name,
    key: info.id,
    hasDefaultValue: hasDefault,
    operations,
    ...(allowedValues === undefined ? {} : { allowedValues }),
  };
}

/** The fields of a transition's screen. */
export function transitionFields(
  { state, wire }: Pick<About, "state" | "wire">,
  screen: Readonly<Record<string, "required" | "optional">>,
): ScreenField[] {
  return Object.entries(screen).flatMap(([id, how]): ScreenField[] => {
    const info = fieldInfos(state.edition).find((one) => one.id === id);
    if (info === undefined) return [];
    const allowedValues =
      id === "resolution" ? { allowedValues: state.resolutions.map((one) => wire.named("resolution", one)) } : {};
    return [{ info, required: how === "required", hasDefault: false, operations: ["set"], ...allowedValues }];
  });
}

/** An issue's `editmeta`, by field id. */
export function editMeta(about: Omit<About, "project" | "type">, issue: Issue): Record<string, object> {
  const fields = fieldsOn("edit", { ...about, project: issue.project, type: issue.type });
  return Object.fromEntries(fields.map((field) => [field.info.id, fieldMeta(field)]));
}
