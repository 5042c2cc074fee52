import { isPanopticonError } from "../../domain/error.ts";
import type { IssueType, ScalarField, SetField } from "../../domain/operation.ts";
import type { Source } from "../tracker.ts";
import type { CustomFields } from "./calls.ts";
import type { JiraClient } from "./client.ts";
import { isAskedFor, isOwnField, toFieldSpec } from "./write/field-meta.ts";
import type { CreateFields, CreateType, IssueTypeStatuses } from "./schema.ts";

/** How long a project's forms are cached, in milliseconds; `describe` reads them again. */
const fresh = 10 * 60 * 1000;

export type TypeForm = Pick<CreateType, "id" | "name" | "hierarchyLevel"> & {
  readonly isSubtask: boolean;
  readonly isCreatable: boolean;
  /** The fields of the create screen; null if unknown. */
  readonly fields: CreateFields | null;
};

/** The issue types and create forms of each project, cached for a while. */
export type ProjectForms = {
  /** Reads all forms of a project again. */
  readAll(projectId: string, types: readonly IssueTypeStatuses[], signal?: AbortSignal): Promise<readonly TypeForm[]>;
  /** A type by its name, or the default one for null; undefined if there is none. */
  find(source: Source, name: string | null, signal?: AbortSignal): Promise<TypeForm | undefined>;
};

export function createProjectForms(client: JiraClient): ProjectForms {
  const known = new Map<string, { readonly at: number; readonly forms: readonly TypeForm[] }>();

  async function readAll(
    projectId: string,
    types: readonly IssueTypeStatuses[],
    signal: AbortSignal | undefined,
  ): Promise<readonly TypeForm[]> {
    const creatable = await client.findCreateTypes(projectId, signal).catch(unlessKept);
    const own = new Map((creatable ?? []).map((type) => [type.id, type]));
    const ids = new Set([...own.keys(), ...types.map(({ id }) => id)]);
    const forms = await Promise.all(
      [...ids].map(async (id): Promise<TypeForm> => {
        const made = own.get(id);
        const type = made ?? types.find((one) => one.id === id);
        return {
          id,
          name: type?.name ?? id,
          hierarchyLevel: made?.hierarchyLevel ?? null,
          isSubtask: type?.subtask === true,
          // If Jira does not tell, a create will show it.
          isCreatable: creatable === null || made !== undefined,
          fields: made === undefined ? null : await client.findCreateFields(projectId, id, signal).catch(unlessKept),
        };
      }),
    );
    const ordered = forms.toSorted((a, b) => rankOf(a) - rankOf(b));
    known.set(projectId, { at: client.serverNow(), forms: ordered });
    return ordered;
  }

  return {
    readAll,
    async find(source, name, signal) {
      const projectId = source.nativeId ?? (await client.findProject(source.key, signal))?.id ?? source.key;
      const cached = known.get(projectId);
      const isFresh = cached !== undefined && client.serverNow() - cached.at < fresh;
      const forms = isFresh
        ? cached.forms
        : await readAll(projectId, await client.fetchStatuses(projectId, signal), signal);
      return name === null ? forms.find(({ isCreatable }) => isCreatable) : forms.find((form) => form.name === name);
    },
  };
}

/** A form that the account may not see is not an error: Jira tells when the issue is created. */
function unlessKept(error: unknown): null {
  if (isPanopticonError(error) && ["forbidden", "not_found", "invalid_input"].includes(error.code)) return null;
  throw error;
}

/** Standard types first, then epics, then sub-tasks, each in the project's own order. */
function rankOf(form: TypeForm): number {
  return form.isSubtask ? 2 : isEpic(form) ? 1 : 0;
}

export function isEpic({ hierarchyLevel, fields }: TypeForm): boolean {
  if (hierarchyLevel != null) return hierarchyLevel > 0;
  // Data Center does not tell levels; there, epics have a separate name field.
  return fields?.some(({ schema }) => schema.custom?.endsWith(":gh-epic-label")) ?? false;
}

/** A type for the interface: the fields that issues have, and those that a new one requires. */
export function toIssueType(form: TypeForm, custom: CustomFields, isCloud: boolean): IssueType {
  const { name, isCreatable, isSubtask, fields } = form;
  const shared = {
    name,
    creatable: isCreatable,
    needsParent: isSubtask,
    fields: (fields ?? [])
      .filter((field) => isOwnField(field.id, field) && isAskedFor(field))
      .map((field) => toFieldSpec(field.id, field)),
  };
  if (fields === null) return shared;
  const shows = (...ids: readonly string[]) => fields.some(({ id }) => ids.includes(id));
  const has: (ScalarField | SetField | false)[] = [
    "title",
    "body",
    "state",
    "type",
    shows("priority") && "priority",
    shows(...custom.sprints) && "cycle",
    shows("duedate") && "dueDate",
    shows(...custom.points) && "estimate",
    // Data Center shows an issue's epic only on the edit screen.
    (shows("parent", ...custom.epicLinks) || (!isCloud && !isEpic(form) && custom.epicLinks.length > 0)) && "parent",
    shows("labels") && "labels",
    shows("assignee") && "assignees",
  ];
  return { ...shared, has: has.filter((field) => field !== false) };
}
