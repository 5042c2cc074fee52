import { PanopticonError } from "../../domain/error.ts";
import type { IssueAddress, NativeDraft } from "../../domain/operation.ts";
import type { Status } from "../../domain/status.ts";
import type { IssueDraft } from "../changes.ts";
import { readCycle } from "../words/cycle-words.ts";
import { requireKnownKeys } from "../words/known-keys.ts";
import { nameField } from "../words/name-field.ts";
import { missingFields, readOwnFields } from "../words/own-fields.ts";
import { addressOf, type OtherIssue } from "../relate/parent-change.ts";
import { readMembers } from "../edit/read-assignees.ts";
import { readDraftPlacing } from "./read-draft-placing.ts";
import { nameOf, type SourceContext } from "../source-context.ts";
import { readBody, readDay, readEstimate, readTitle } from "../words/text-words.ts";
import { defaultType, hasField, readType, requireField } from "../words/type-words.ts";

/** The keys of a draft. */
export const draftKeys: readonly (keyof IssueDraft)[] = [
  "project",
  "source",
  "title",
  "body",
  "status",
  "type",
  "priority",
  "labels",
  "assignees",
  "parent",
  "cycle",
  "dueDate",
  "estimate",
  "fields",
];

export type ReadDraft = {
  readonly draft: NativeDraft;
  /** The local status in a shadowed project. */
  readonly ownStatus: Status | null;
  /** A parent in another tracker, to be linked; null: none. */
  readonly parentLink: number | null;
};

/** Throws `invalid_input` if the value is not a draft. */
export function checkDraft(draft: unknown): void {
  requireKnownKeys(draft, draftKeys, "new issue");
}

/** Converts a new issue in readable names into native values. Throws before anything is queued: see `Changes`. */
export async function readDraft(
  draft: IssueDraft,
  { source, parent, now }: { readonly source: SourceContext; readonly parent: OtherIssue | null; readonly now: number },
): Promise<ReadDraft> {
  const { tracker } = source;
  const type = await nameField("type", () =>
    draft.type === undefined ? defaultType(source) : readType(draft.type, source),
  );
  const title = await nameField("title", () => readTitle(draft.title, tracker));
  const body = await nameField("body", () => readBody(draft.body ?? "", tracker));
  const dueDate = await readIf("dueDate", () => readDay(draft.dueDate ?? null, "due date"));
  const estimate = await readIf("estimate", () => readEstimate(draft.estimate ?? null));
  const cycleId = await readIf("cycle", () => readCycle(draft.cycle ?? null, source, now));
  const placing = await readDraftPlacing(draft, type, source);
  const assigneeIds = await nameField("assignees", async () => {
    const ids = await readMembers(draft.assignees, source);
    if (ids.length > 0) requireField(source, type.name, "assignees");
    return ids;
  });
  const fields = await readOwnFields(draft.fields, type.fields, source);
  const missing = missingFields(type.fields, fields);
  if (missing.length > 0) {
    throw new PanopticonError(
      "invalid_input",
      `A ${type.name} in ${nameOf(source)} needs ${missing.map(({ name }) => name).join(" and ")}.`,
      {
        hint: "Give it with --field NAME=VALUE (in the API: fields).",
        candidates: missing.map(({ id }) => id),
        field: missing[0]?.id,
      },
    );
  }
  const { address, link } = await nameField("parent", readParent);
  const { ownStatus, ...placed } = placing;
  return {
    draft: {
      title,
      body,
      type: type.name,
      ...placed,
      assigneeIds,
      cycleId,
      dueDate,
      estimate,
      parent: address,
      fields: Object.fromEntries(fields),
    },
    ownStatus,
    parentLink: link,
  };

  function readIf<T>(field: "dueDate" | "estimate" | "cycle", read: () => T | Promise<T>): Promise<T> {
    return nameField(field, async () => {
      const value = await read();
      if (value !== null) requireField(source, type.name, field);
      return value;
    });
  }

  function readParent(): { address: IssueAddress | null; link: number | null } {
    const isNative =
      parent !== null &&
      parent.source.config.connection === source.config.connection &&
      hasField(source, type.name, "parent");
    if (type.needsParent && !isNative) {
      throw new PanopticonError("invalid_input", `A ${type.name} must have a parent issue in ${tracker.label}.`, {
        hint: "Set its parent.",
      });
    }
    if (parent === null) return { address: null, link: null };
    return isNative ? { address: addressOf(parent), link: null } : { address: null, link: parent.issue.id };
  }
}
