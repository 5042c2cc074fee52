import { z } from "zod";
import { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import { type LabelRef, newLabelName } from "../../../domain/operation.ts";
import type { NativeEdit, WriteStep } from "../../tracker.ts";
import { kindOfItem, toStateAttributes } from "./item-kind.ts";
import { noPriority } from "../mapping.ts";
import { asKept } from "../text/same-text.ts";
import { readVersion } from "../version.ts";
import type { Kind } from "../workflow.ts";

/** A tag by its ObjectID; null if only its name is known. */
const Tag = z.object({ id: z.string().nullable(), name: z.string() });
export type Tag = z.infer<typeof Tag>;

/** A planned request as stored on disk. */
export const StepRequest = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("make_tag"), name: z.string() }),
  z.object({
    kind: z.literal("add_tags"),
    tags: z.array(Tag),
    /** Whether a conditional request follows, which needs the version that this one creates. */
    isRead: z.boolean(),
  }),
  z.object({ kind: z.literal("remove_tags"), tags: z.array(Tag) }),
  z.object({
    kind: z.literal("update"),
    /** In Rally's format. */
    attributes: z.record(z.string(), z.unknown()),
    /** Markdown. */
    body: z.string().optional(),
    /** ObjectID of the new parent; null: none. */
    parent: z.string().nullable().optional(),
    /** The workspace's own fields, in form format. */
    fields: z.record(z.string(), z.unknown()).optional(),
  }),
]);
export type StepRequest = z.infer<typeof StepRequest>;

type Step = Omit<WriteStep, "request"> & { readonly request: StepRequest };

/** The user's choice to drop what Markdown cannot express. */
export const asMarkdown = "as-markdown";

/** What the connection knows without a request. */
export type Known = {
  readonly server: string;
  /** The ObjectID of a tag by its name; null if unknown. */
  readonly tagOf: (name: string) => string | null;
};

/**
 * The requests of an edit: tags are added before and removed after everything else, so that an interruption never leaves an item without its status tag.
 * Everything except tags is one conditional request. Throws `unsupported`, `invalid_input`, and `choice_needed` for a text that would lose what Markdown cannot
 * express.
 */
export function planEdit(issue: NativeIssue, edit: NativeEdit, known: Known): Step[] {
  const { kind, path } = kindOfItem(issue);
  refuseForeign(issue, kind, edit);
  const attributes = {
    ...(edit.title !== undefined && edit.title.trim() !== issue.title.trim() ? { Name: edit.title } : {}),
    ...(edit.stateId !== undefined && edit.stateId !== issue.stateId ? changedState(issue, edit.stateId, path) : {}),
    ...planPriority(issue, edit),
    ...planOwner(issue, edit),
    ...planCycle(issue, kind, edit),
    ...planEstimate(issue, kind, edit),
  };
  const request: StepRequest = {
    kind: "update",
    attributes,
    ...planBody(issue, edit, known.server),
    ...(edit.parent !== undefined && (edit.parent?.nativeId ?? null) !== issue.parentId
      ? { parent: edit.parent?.nativeId ?? null }
      : {}),
    ...(edit.fields === undefined || Object.keys(edit.fields).length === 0 ? {} : { fields: edit.fields }),
  };
  const { kind: _kind, attributes: _attributes, ...more } = request;
  const isEmpty = Object.keys(attributes).length === 0 && Object.keys(more).length === 0;
  const tags = planTags(issue, edit, known, !isEmpty);
  const move = edit.stateId === undefined || edit.stateId === issue.stateId ? {} : { stateAfter: edit.stateId };
  return [
    ...tags.before,
    ...(isEmpty ? [] : [{ name: "stateAfter" in move ? "move" : "edit", request, ...move }]),
    ...tags.after,
  ];
}

/** A move changes as little as possible: of a defect's two states, only the one that differs. */
function changedState(issue: NativeIssue, stateId: string, path: string): Readonly<Record<string, unknown>> {
  const wanted = toStateAttributes(stateId, path);
  const present = toStateAttributes(issue.stateId, path);
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(present[name])),
  );
}

function planTags(
  issue: NativeIssue,
  edit: NativeEdit,
  { tagOf }: Known,
  isRead: boolean,
): { before: Step[]; after: Step[] } {
  const toTag = ({ id, name }: LabelRef): Tag => ({ id: newLabelName(id) === null ? id : tagOf(name), name });
  const has = ({ id }: Tag) => id !== null && issue.labelIds.includes(id);
  const added = (edit.addLabels ?? []).map(toTag).filter((tag) => !has(tag));
  const removed = (edit.removeLabels ?? []).map(toTag).filter(has);
  return {
    before: [
      ...added
        .filter(({ id }) => id === null)
        .map(({ name }): Step => ({ name: `make the tag ${name}`, request: { kind: "make_tag", name } })),
      ...(added.length > 0 ? [{ name: "add tags", request: { kind: "add_tags" as const, tags: added, isRead } }] : []),
    ],
    after:
      removed.length > 0 ? [{ name: "remove tags", request: { kind: "remove_tags" as const, tags: removed } }] : [],
  };
}

function planBody(issue: NativeIssue, { body, transition }: NativeEdit, server: string): { readonly body?: string } {
  if (body === undefined || body === issue.body || asKept(body, server) === issue.body) return {};
  const { unsayable } = readVersion(issue.version);
  if (unsayable.length > 0 && transition !== asMarkdown) throw loses(issue, unsayable);
  return { body };
}

function loses(issue: NativeIssue, unsayable: readonly string[]): PanopticonError {
  const name = "Save the text; what markdown cannot say is lost";
  return new PanopticonError(
    "choice_needed",
    `The description in Rally contains formatting that markdown cannot represent: ${unsayable.join("; ")}.`,
    {
      tracker: "rally",
      field: "body",
      hint: `Change the text in Rally, or save it all the same: the letters stay, that formatting is lost (choose "${asMarkdown}").`,
      choices: [{ id: asMarkdown, name, stateId: issue.stateId, stateName: name, fields: [], reversible: false }],
    },
  );
}

function planPriority(issue: NativeIssue, { nativePriority }: NativeEdit): Readonly<Record<string, unknown>> {
  if (nativePriority === undefined) return {};
  const wanted = nativePriority ?? noPriority;
  return wanted === (issue.nativePriority ?? noPriority) ? {} : { Priority: wanted };
}

/** There is one owner: a new one replaces the previous one. */
function planOwner(issue: NativeIssue, edit: NativeEdit): Readonly<Record<string, unknown>> {
  const [present] = issue.assigneeIds;
  const come = (edit.addAssignees ?? []).filter((id) => id !== present);
  const next = come.at(-1);
  if (next !== undefined) return { Owner: { _ref: `/user/${next}` } };
  return present !== undefined && edit.removeAssignees?.includes(present) === true ? { Owner: null } : {};
}

/** The iteration takes precedence over the release: an item planned only for a release is in no iteration. */
function planCycle(issue: NativeIssue, kind: Kind, { cycleId }: NativeEdit): Readonly<Record<string, unknown>> {
  if (cycleId === undefined || cycleId === issue.cycleId) return {};
  return toCycleAttributes(cycleId, kind, issue.cycleId);
}

/** `iteration:1`, `release:2`. Throws `invalid_input` and `unsupported`. */
export function toCycleAttributes(
  cycleId: string | null,
  kind: Kind,
  present: string | null,
): Readonly<Record<string, unknown>> {
  const isScheduled = kind !== "portfolio";
  const leave = isScheduled && present?.startsWith("iteration:") !== false ? { Iteration: null } : {};
  if (cycleId === null) return { ...leave, Release: null };
  const [box, oid] = cycleId.split(":");
  if (!/^\d+$/.test(oid ?? "") || (box !== "iteration" && box !== "release")) {
    throw new PanopticonError("invalid_input", `"${cycleId}" is no iteration or release of Rally.`, {
      tracker: "rally",
      field: "cycle",
      hint: "Choose one of the project's.",
    });
  }
  if (box === "release") return { ...(present === null ? {} : leave), Release: { _ref: `/release/${oid}` } };
  if (isScheduled) return { Iteration: { _ref: `/iteration/${oid}` } };
  throw new PanopticonError("unsupported", "Portfolio items are planned for releases in Rally, not for iterations.", {
    tracker: "rally",
    field: "cycle",
    hint: "Choose a release.",
  });
}

function planEstimate(issue: NativeIssue, kind: Kind, { estimate }: NativeEdit): Readonly<Record<string, unknown>> {
  return estimate === undefined || estimate === issue.estimate ? {} : { [estimateOf(kind)]: estimate };
}

export function estimateOf(kind: Kind): "Estimate" | "PlanEstimate" {
  return kind === "task" ? "Estimate" : "PlanEstimate";
}

/** Refuses fields that Rally's types do not have. */
function refuseForeign(issue: NativeIssue, kind: Kind, edit: NativeEdit): void {
  const refuse = (field: string, words: string, hint: string) => {
    throw new PanopticonError("unsupported", words, { tracker: "rally", field, hint });
  };
  const isNew = (value: unknown, present: unknown) => value !== undefined && value !== null && value !== present;
  if (isNew(edit.dueDate, null))
    refuse("dueDate", "Items in Rally have no due date.", "Add it to an iteration instead.");
  if (isNew(edit.type, issue.type)) {
    refuse("type", "The type of an item in Rally cannot be changed.", "Create a new item of the other type.");
  }
  if (kind !== "defect" && isNew(edit.nativePriority, null) && edit.nativePriority !== noPriority) {
    refuse("priority", "Only defects have a priority in Rally.", "Use a tag.");
  }
  if (kind === "task" && edit.cycleId !== undefined && edit.cycleId !== issue.cycleId) {
    refuse("cycle", "A task is in the iteration of the story or defect it belongs to.", "Change the iteration there.");
  }
  if (kind === "portfolio" && isNew(edit.estimate, null)) {
    refuse("estimate", "The estimate of a portfolio item comes from its stories.", "Estimate the stories instead.");
  }
}
