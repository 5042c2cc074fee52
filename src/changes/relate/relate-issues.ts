import { PanopticonError } from "../../domain/error.ts";
import { relationTypes } from "../../domain/issue.ts";
import { type LinkType, localIdPrefix } from "../../domain/operation.ts";
import { checkWritable, endLinks, makeLink, queueFields } from "../edit/edit-issue.ts";
import { addressOf, findOther, openOther, type OtherIssue, readParent } from "./parent-change.ts";
import { turned } from "../../store/outbox/turned-relation.ts";
import type { Making, Parts } from "../parts.ts";
import { requireWritable } from "../source-context.ts";
import { unknownWord } from "../words/unknown-word.ts";

/** Relates two issues: by the tracker's own relation if it has the type, else by a link stored by Panopticon. */
export async function relateIssues(
  parts: Parts,
  issueId: number,
  written: string,
  otherRef: string,
  making: Making,
): Promise<void> {
  const type = relationTypes.find((one) => one === written);
  if (type === undefined) throw unknownWord("relation", written, relationTypes, "Panopticon");
  const other = await findOther(otherRef, "ref", parts);
  if (other.issue.id === issueId) {
    throw new PanopticonError("invalid_input", `${other.issue.ref} cannot relate to itself.`);
  }
  if (type === "parent") return setParent(parts, issueId, other, making);
  if (type === "child") return setParent(parts, other.issue.id, await openOther(issueId, parts), making);
  await parts.inOrder(issueId, () => relate(parts, issueId, type, other, making));
}

async function relate(
  parts: Parts,
  issueId: number,
  type: LinkType,
  other: OtherIssue,
  { author }: Making,
): Promise<void> {
  const { store, sync } = parts;
  const { issue, source } = await openOther(issueId, parts);
  const { capabilities, writing } = source.tracker;
  const isNative =
    capabilities.relations &&
    writing.relations.includes(type) &&
    other.source.config.connection === source.config.connection;
  if (!isNative) {
    const { change } = await store.links.add(issueId, type, other.issue.id, author);
    sync.changed({ change });
    return;
  }
  const target = addressOf(other);
  if (issue.shown.relations?.some((known) => known.type === type && known.targetId === target.nativeId)) return;
  requireWritable(source);
  const relation = { type, target, id: null };
  sync.changed(await store.outbox.relate(issueId, { kind: "relate", relation }, author));
}

/** Removes a relation by its id in the issue's list; `parent` is its parent. */
export async function unrelateIssues(parts: Parts, issueId: number, relationId: string, making: Making): Promise<void> {
  const { store, sync } = parts;
  const { author } = making;
  if (relationId === "parent") return setParent(parts, issueId, null, making);
  const { relations, ref } = await store.board.detail(issueId);
  const relation = relations.find(({ id }) => id === relationId);
  if (relation === undefined) {
    throw new PanopticonError("not_found", `${ref} has no relation with the id “${relationId}”.`, {
      hint: "The issue lists its relations with their ids.",
    });
  }
  if (relation.origin === "text") {
    throw new PanopticonError("unsupported", "This relation comes from a mention in a text.", {
      hint: "To remove it, remove the mention of the other issue from the text.",
    });
  }
  if (relation.origin === "made") {
    const change = await store.links.remove(relationId, author);
    if (change !== null) sync.changed({ change });
    return;
  }
  if (relation.type === "parent") return setParent(parts, issueId, null, making);
  const other = relation.address === null ? null : await findOther(relation.address, "ref", parts);
  if (relation.type === "child") {
    if (other !== null) return setParent(parts, other.issue.id, null, making);
    throw new PanopticonError("unsupported", "The child is not mirrored, so its parent cannot be changed from here.", {
      hint: "Change it in the tracker, or add the child's source to a project.",
    });
  }
  const { type } = relation;
  await parts.inOrder(issueId, async () => {
    const { issue, source } = await openOther(issueId, parts);
    requireWritable(source);
    const target = other === null ? { nativeId: relation.targetId, key: "", sourceKey: "" } : addressOf(other);
    const id = relationId.startsWith(localIdPrefix) ? null : relationId;
    const isOwn = issue.shown.relations?.some((known) => known.type === type && known.targetId === target.nativeId);
    const otherWay = turned(type);
    if (other !== null && isOwn !== true && id === null && otherWay !== null) {
      // A pending change of the other issue: it is withdrawn there, because changes of one issue are sent in order.
      const back = { type: otherWay, target: addressOf({ issue, source }), id: null };
      sync.changed(await store.outbox.relate(other.issue.id, { kind: "unrelate", relation: back }, author));
      return;
    }
    sync.changed(await store.outbox.relate(issueId, { kind: "unrelate", relation: { type, target, id } }, author));
  });
}

async function setParent(parts: Parts, childId: number, parent: OtherIssue | null, making: Making): Promise<void> {
  await parts.inOrder(childId, async () => {
    const child = await openOther(childId, parts);
    const change = await readParent({ ...child, type: child.issue.shown.type }, parent, parts);
    const fields = change.field === null ? [] : [change.field];
    checkWritable(fields, child.source);
    // A refused parent leaves the former one unchanged.
    await makeLink(parts, childId, change, making);
    await queueFields(parts, childId, fields, child.source, making);
    await endLinks(parts, change, making);
  });
}
