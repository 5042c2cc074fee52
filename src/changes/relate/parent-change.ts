import { PanopticonError } from "../../domain/error.ts";
import type { IssueAddress } from "../../domain/operation.ts";
import type { FieldChange } from "../../domain/operation.ts";
import { valueOf } from "../../domain/overlay.ts";
import type { EditableIssue } from "../../store/outbox/outbox.ts";
import { type SourceContext, type SourceContextOptions, toContext } from "../source-context.ts";
import { readText } from "../words/text-words.ts";
import { hasField } from "../words/type-words.ts";
import type { ChangeStore } from "../changes.ts";

/** The other issue of a relation or the new parent. */
export type OtherIssue = { readonly issue: EditableIssue; readonly source: SourceContext };

/** The effect of a new parent: a change of the tracker's own field, or of the links that Panopticon stores if the tracker cannot. */
export type ParentChange = {
  readonly field: FieldChange | null;
  /** The issue to link to as parent. */
  readonly link: number | null;
  /** Ids of links to remove. */
  readonly unlink: readonly string[];
};

/** Finds an issue by a written ref. Throws `not_found`, and `conflict` for an ambiguous ref. */
export type ResolveRef = (ref: string) => Promise<{ readonly id: number; readonly ref: string }>;

export type OtherIssueOptions = SourceContextOptions & {
  readonly store: Pick<ChangeStore, "sources" | "board" | "outbox" | "links">;
  readonly resolve: ResolveRef;
};

/** Finds the issue of a written ref; `noun` names the ref in messages. Throws `invalid_input` for an invalid text, and as `ResolveRef`. */
export async function findOther(ref: unknown, noun: string, options: OtherIssueOptions): Promise<OtherIssue> {
  const { id } = await options.resolve(readText(ref, noun).trim());
  return openOther(id, options);
}

/** Opens the mirrored issue with this id. Throws `not_found`. */
export async function openOther(id: number, options: OtherIssueOptions): Promise<OtherIssue> {
  const issue = await options.store.outbox.issue(id);
  return { issue, source: toContext(issue.source, options) };
}

/** An issue's address in its tracker. */
export function addressOf({ issue, source }: OtherIssue): IssueAddress {
  return { nativeId: issue.base.nativeId, key: issue.base.key, sourceKey: source.config.key };
}

/** Determines the change that gives an issue a parent, or none. Throws `invalid_input` for an issue below itself, even indirectly. */
export async function readParent(
  child: OtherIssue & { readonly type: string },
  parent: OtherIssue | null,
  options: OtherIssueOptions,
): Promise<ParentChange> {
  const { store } = options;
  const { issue, source, type } = child;
  const linked = (await store.links.list(issue.id)).filter((link) => link.type === "parent" && link.origin === "made");
  const from = valueOf(issue.shown, "parent");
  const without: FieldChange | null = from === null ? null : { field: "parent", from, to: null };
  if (parent === null) return { field: without, link: null, unlink: linked.map(({ id }) => id) };
  if (parent.issue.id === issue.id) {
    throw new PanopticonError("invalid_input", `${issue.ref} cannot be its own parent.`);
  }
  await store.links.refuseCircle(issue.id, parent.issue.id);
  if (parent.source.config.connection === source.config.connection && hasField(source, type, "parent")) {
    const to = parent.issue.base.nativeId;
    const stays = isParent(issue, source, parent);
    return { field: stays ? null : { field: "parent", from, to }, link: null, unlink: linked.map(({ id }) => id) };
  }
  const isLinked = linked.some(({ otherId }) => otherId === parent.issue.id);
  return {
    field: without,
    link: isLinked ? null : parent.issue.id,
    unlink: linked.filter(({ otherId }) => otherId !== parent.issue.id).map(({ id }) => id),
  };
}

/** Some trackers identify the parent only by its address. */
function isParent({ shown }: EditableIssue, source: SourceContext, { issue, source: theirs }: OtherIssue): boolean {
  if (shown.parentId !== null) return shown.parentId === issue.base.nativeId;
  if (shown.parentKey == null) return false;
  const written = shown.parentKey.startsWith("#") ? source.config.key + shown.parentKey : shown.parentKey;
  return written.toLowerCase() === `${theirs.config.key}${issue.base.key}`.toLowerCase();
}
