import type { Account } from "./access.ts";
import { attributesOf } from "./attributes.ts";
import { isOwn } from "./catalogue.ts";
import type { Artifact, ArtifactKind, Project, Tag } from "./records.ts";
import { type RallyState, wouldCircle } from "./state.ts";
import { isDone } from "./workflow.ts";
import { convert, type Converted, type Reference, WriteError } from "./write-values.ts";

export type WriteContext = {
  readonly state: RallyState;
  readonly account: Account;
  /** Whether invisible content is removed from rich text. */
  readonly isThorough: boolean;
};

export type Outcome = { readonly errors: readonly string[]; readonly warnings: readonly string[] };

/** Names in `com.f4tech.slm.domain`, used in concurrency conflicts. */
const classNames: Readonly<Record<ArtifactKind, string>> = {
  story: "UserStory",
  defect: "Defect",
  task: "Task",
  feature: "PortfolioItem",
};

/**
 * Writes the given attributes to an artifact, or none of them if one is rejected. Unknown and read-only attributes are skipped with a warning. `element`: the
 * object's name in the request.
 */
export function applyAttributes(
  context: WriteContext,
  draft: Artifact,
  given: Readonly<Record<string, unknown>>,
  about: { readonly element: string; readonly type: string; readonly isNew: boolean },
): Outcome {
  const errors: string[] = [];
  const warnings: string[] = [];
  const attributes = attributesOf[draft.kind];
  const attempt = (what: () => void) => {
    try {
      what();
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      errors.push(error.message);
    }
  };
  if (about.isNew) {
    for (const attribute of attributes.filter(({ isRequired, name }) => isRequired && !(name in given))) {
      // The others get a default value from Rally.
      if (attribute.allowed.length > 0 && !attribute.isCustom) continue;
      errors.push(`Validation error: ${about.type}.${attribute.label} should not be null`);
    }
  }
  for (const name of inOrder(given)) {
    const value = given[name];
    if (name.startsWith("_")) continue;
    if (name === "VersionId" && !about.isNew) {
      if (value !== String(draft.version) && value !== draft.version) errors.push(conflictOf(draft));
      continue;
    }
    const attribute = attributes.find((one) => one.name === name);
    if (attribute === undefined || attribute.isReadOnly) {
      warnings.push(`Ignored JSON element ${about.element}.${name} during processing of this request.`);
      continue;
    }
    attempt(() => {
      const converted = convert(value, attribute, about.type, context.isThorough);
      if (isOwn(attribute)) setOwn(context, draft, name, converted);
      else set(context, draft, name, converted, about.type);
    });
  }
  attempt(() => check(draft, about.type));
  const done = isDone(draft.kind, {
    state: draft.portfolioState?.name ?? draft.state,
    scheduleState: draft.flowState?.scheduleState ?? null,
  });
  draft.closedAt = done ? (draft.closedAt ?? context.state.now()) : null;
  return { errors, warnings };
}

/** Orders the attributes: a column is more specific than its schedule state and depends on the project; clearing makes room for setting. */
function inOrder(given: Readonly<Record<string, unknown>>): readonly string[] {
  const rank = (name: string) =>
    ["Project", "WorkProduct", "ScheduleState", "FlowState"].indexOf(name) + 1 || (given[name] === null ? 5 : 6);
  return Object.keys(given).sort((a, b) => rank(a) - rank(b));
}

/** https://github.com/jrpool/rallytree (README, Limitations) has one. */
function conflictOf({ kind, oid }: Artifact): string {
  return `Concurrency conflict: [Object has been modified since being read for update in this context] - ConcurrencyConflictException : Modified since read on update : Object Class : com.f4tech.slm.domain.${classNames[kind]} : ObjectID : ${oid}`;
}

function set(context: WriteContext, draft: Artifact, name: string, value: Converted, type: string): void {
  const { state } = context;
  switch (name) {
    case "Name":
      draft.name = textOf(value);
      return;
    case "Description":
      draft.text = textOf(value);
      draft.isHtml = true;
      draft.description = null;
      return;
    case "Owner":
      draft.owner = one(value, ["user"], state.users);
      return;
    case "SubmittedBy":
    case "Workspace":
      return;
    case "Tags":
      draft.tags = findTags(context, value, draft.project);
      return;
    case "Project": {
      const found = one(value, ["project"], state.projects.filter(context.account.sees));
      if (found !== null) moveTo(draft, found);
      return;
    }
    case "Blocked":
      draft.isBlocked = value === true;
      return;
    case "ScheduleState": {
      const column = draft.project.flowStates.find(({ scheduleState }) => scheduleState === value);
      if (column === undefined) throw new WriteError(`Validation error: ${type}.Schedule State has no flow state`);
      if (draft.flowState?.scheduleState !== value) draft.flowState = column;
      return;
    }
    case "FlowState": {
      const columns = state.projects.flatMap(({ flowStates }) => flowStates);
      draft.flowState = one(value, ["flowstate"], columns) ?? draft.flowState;
      return;
    }
    case "State":
      if (draft.kind === "feature") draft.portfolioState = one(value, ["state"], state.portfolioStates);
      else draft.state = textOf(value);
      return;
    case "Priority":
      draft.priority = textOf(value);
      return;
    case "Resolution":
      draft.resolution = textOf(value);
      return;
    case "PlanEstimate":
    case "Estimate":
      draft.estimate = typeof value === "number" ? value : null;
      return;
    case "Iteration":
      draft.iteration = one(
        value,
        ["iteration"],
        state.projects.flatMap(({ iterations }) => iterations),
      );
      return;
    case "Release":
      draft.release = one(
        value,
        ["release"],
        state.projects.flatMap(({ releases }) => releases),
      );
      return;
    case "Parent":
    case "PortfolioItem":
    case "Requirement":
    case "WorkProduct":
      setParent(context, draft, name, value, type);
      return;
    default:
      throw new Error(`The emulator cannot write ${name} of a ${draft.kind}.`);
  }
}

const parentTypes: Readonly<Record<string, readonly ArtifactKind[]>> = {
  Parent: ["story"],
  PortfolioItem: ["feature"],
  Requirement: ["story"],
  WorkProduct: ["story", "defect"],
};

/** A story has a story or a feature as its parent, never both. */
function setParent({ state }: WriteContext, draft: Artifact, name: string, value: Converted, type: string): void {
  const kinds = draft.kind === "feature" ? [] : (parentTypes[name] ?? []);
  if (value === null) {
    if (draft.parent !== null && kinds.includes(draft.parent.kind)) draft.parent = null;
    return;
  }
  const { oid, type: named } = asReference(value);
  const parent = state.artifacts.get(oid);
  if (parent === undefined || !kinds.includes(parent.kind)) {
    throw new WriteError(`Could not read: Could not read ${named} ${oid}`);
  }
  if (draft.parent !== null && !kinds.includes(draft.parent.kind) && draft.kind === "story") {
    // https://knowledge.broadcom.com/external/article/126310
    throw new WriteError(
      `Validation error: ${type}.parentArtifact should not be set if ${type}.Parent is set and vice versa`,
    );
  }
  if (wouldCircle(draft, parent)) throw new WriteError(`Validation error: ${type}.${name} would make a circle`);
  draft.parent = parent;
  if (draft.kind === "task") moveTo(draft, parent.project);
}

function moveTo(draft: Artifact, project: Project): void {
  if (draft.project === project) return;
  draft.project = project;
  draft.iteration = null;
  draft.release = null;
  const { flowState } = draft;
  if (flowState === null) return;
  draft.flowState =
    project.flowStates.find(({ name }) => name === flowState.name) ??
    project.flowStates.find(({ scheduleState }) => scheduleState === flowState.scheduleState) ??
    null;
}

function setOwn({ state }: WriteContext, draft: Artifact, name: string, value: Converted): void {
  const kept = typeof value === "object" ? one(value, ["user"], state.users) : value;
  if (kept === null) draft.own.delete(name);
  else draft.own.set(name, kept);
}

/** Checks the consistency of everything written. */
function check(draft: Artifact, type: string): void {
  const { project } = draft;
  if (draft.flowState !== null && draft.flowState.project !== project) {
    throw new WriteError(`Validation error: ${type}.Flow State is not one of project ${project.name}`);
  }
  for (const [label, box] of [
    ["Iteration", draft.iteration],
    ["Release", draft.release],
  ] as const) {
    if (box !== null && box.project !== project) {
      throw new WriteError(`Validation error: ${type}.${label} must belong to project ${project.name}`);
    }
  }
}

function findTags({ state }: WriteContext, value: Converted, { workspace }: Project): Tag[] {
  const references = Array.isArray(value) ? (value as readonly Reference[]) : [];
  const own = state.tags.filter((tag) => tag.workspace === workspace);
  return [...new Set(references.map((reference) => find(reference, ["tag"], own)))];
}

function one<T extends { readonly oid: number }>(
  value: Converted,
  types: readonly string[],
  among: readonly T[],
): T | null {
  return value === null ? null : find(asReference(value), types, among);
}

function find<T extends { readonly oid: number }>(
  { type, oid }: Reference,
  types: readonly string[],
  among: readonly T[],
): T {
  const found = types.includes(type) ? among.find((record) => record.oid === oid) : undefined;
  if (found === undefined) throw new WriteError(`Could not read: Could not read ${type} ${oid}`);
  return found;
}

function asReference(value: Converted): Reference {
  if (typeof value === "object" && value !== null && "oid" in value) return value;
  throw new WriteError(`Could not convert: Cannot parse object reference from "${JSON.stringify(value)}"`);
}

function textOf(value: Converted): string {
  return typeof value === "object" ? "" : String(value);
}
