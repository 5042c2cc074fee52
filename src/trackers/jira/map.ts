import type {
  Cycle,
  Label,
  NamedIssue,
  NativeAttachment,
  NativeComment,
  NativeIssue,
  NativeRelation,
  NativeState,
  Person,
  Vocabulary,
} from "../../domain/issue.ts";
import type { SourceInfo } from "../../domain/source.ts";
import { throughApi } from "./attachment-address.ts";
import { toMarkdown } from "./text/adf-to-markdown.ts";
import { isPlain, mediaOf, readDocument } from "./text/body-format.ts";
import type { CustomFields, Site } from "./calls.ts";
import { linkKindOf } from "./link-types.ts";
import { stateIdOf } from "./mapping.ts";
import { markKey, readMark } from "./marker.ts";
import { projectKeyOf } from "./refs.ts";
import type { Attachment, Comment, Issue, IssueLink, Linked, Project, Sprint, Status, User } from "./schema.ts";
import { readTime } from "./schema.ts";
import { readSprints } from "./sprints.ts";

/** What is needed to read an issue. */
export type Reading = {
  /** The API's base URL: the site itself, or the gateway. */
  readonly server: string;
  readonly site: Site;
  readonly custom: CustomFields;
};

/** The fields to request, for lists and for single issues. */
export function fieldsOf({ sprints, points, epicLinks }: CustomFields): string[] {
  return [
    "summary",
    "description",
    "project",
    "issuetype",
    "status",
    "resolution",
    "priority",
    "labels",
    "assignee",
    "creator",
    "reporter",
    "parent",
    "created",
    "updated",
    "resolutiondate",
    "statuscategorychangedate",
    "duedate",
    "issuelinks",
    "attachment",
    ...sprints,
    ...points,
    ...epicLinks,
  ];
}

export function toIssue({ id, key, properties, fields }: Issue, reading: Reading): NativeIssue {
  const { site, custom } = reading;
  const attachments = (fields.attachment ?? []).map((one) => toAttachment(one, reading));
  const status = toCategorized(fields.status);
  const author = fields.creator ?? fields.reporter;
  const document = readDocument(fields.description);
  return {
    nativeId: id,
    key,
    // No list contains them; the mirror keeps the keys it saw.
    formerKeys: [],
    url: `${site.webUrl}/browse/${key}`,
    type: fields.issuetype.name,
    title: fields.summary,
    body: document === null ? "" : toMarkdown(document, mediaOf(attachments)),
    stateId: stateIdOf(status, fields.resolution ?? null),
    nativePriority: fields.priority?.id ?? null,
    labelIds: fields.labels ?? [],
    assigneeIds: fields.assignee ? [personId(fields.assignee)] : [],
    authorId: author ? personId(author) : null,
    parentId: fields.parent?.id ?? null,
    parentKey: fields.parent ? null : epicAddress(fields, custom),
    cycleId: currentSprint(readSprints(fields, custom.sprints), status.category === "done")?.id ?? null,
    createdAt: fields.created,
    updatedAt: fields.updated,
    closedAt:
      status.category === "done" ? (fields.resolutiondate ?? fields.statuscategorychangedate ?? fields.updated) : null,
    dueDate: fields.duedate ?? null,
    estimate: numberIn(fields, custom.points),
    commentCount: null,
    children: null,
    relations: toRelations(fields.issuelinks ?? []),
    attachments,
    version: document === null || isPlain(document) ? null : richBody,
    madeBy: readMark(properties?.[markKey]),
  };
}

/** The version of an issue whose body may contain what Markdown cannot express: the body is read again before it is changed. */
export const richBody = "rich";

/** Data Center identifies an epic only by its key; the address is the source's key followed by the issue's. */
function epicAddress(fields: Issue["fields"], { epicLinks }: CustomFields): string | null {
  const key = epicLinks.map((id) => fields[id]).find((value) => typeof value === "string" && value !== "");
  return typeof key === "string" ? projectKeyOf(key) + key : null;
}

function numberIn(fields: Issue["fields"], ids: readonly string[]): number | null {
  const value = ids.map((id) => fields[id]).find((one) => typeof one === "number");
  return typeof value === "number" ? value : null;
}

/**
 * The active sprint, else the next one. A finished issue stays in the sprint in which it was finished; an unfinished one left over from a sprint is in none
 * until it is planned again.
 */
function currentSprint(sprints: readonly Sprint[], isDone: boolean): Sprint | undefined {
  const is = (state: string) => sprints.find((sprint) => sprint.state?.toLowerCase() === state);
  return is("active") ?? is("future") ?? (isDone ? sprints.at(-1) : undefined);
}

/** A duplicate relation is listed only on the duplicate itself. */
function toRelations(links: readonly IssueLink[]): NativeRelation[] {
  return links.flatMap(({ id, type, inwardIssue, outwardIssue }): NativeRelation[] => {
    const kind = linkKindOf(type);
    const target = outwardIssue ?? inwardIssue;
    if (!target) return [];
    const isOutward = Boolean(outwardIssue);
    if (kind === "duplicates") return isOutward ? [{ id, type: "duplicates", targetId: target.id }] : [];
    if (kind === "blocks") return [{ id, type: isOutward ? "blocks" : "blocked_by", targetId: target.id }];
    return [{ id, type: "relates", targetId: target.id }];
  });
}

/** The vocabulary contained in the issues of a page. */
export function toSeen(issues: readonly Issue[], { custom, site }: Reading): Partial<Vocabulary> {
  const labels = new Map<string, Label>();
  const people = new Map<string, Person>();
  const cycles = new Map<string, Cycle>();
  const named = new Map<string, NamedIssue>();
  for (const { fields } of issues) {
    for (const name of fields.labels ?? []) labels.set(name, toLabel(name));
    for (const user of [fields.assignee, fields.creator ?? fields.reporter]) {
      if (user) people.set(personId(user), toPerson(user));
    }
    for (const sprint of readSprints(fields, custom.sprints)) {
      if (!cycles.has(sprint.id)) cycles.set(sprint.id, toCycle(sprint));
    }
    for (const other of [
      fields.parent,
      ...(fields.issuelinks ?? []).map((link) => link.outwardIssue ?? link.inwardIssue),
    ]) {
      if (other) named.set(other.id, toNamedIssue(other, site));
    }
  }
  return {
    labels: [...labels.values()],
    people: [...people.values()],
    cycles: [...cycles.values()],
    named: [...named.values()],
  };
}

function toNamedIssue({ id, key, fields }: Linked, site: Site): NamedIssue {
  return { id, key, title: fields?.summary ?? "", url: `${site.webUrl}/browse/${key}` };
}

/** A label is only a name. */
export function toLabel(name: string): Label {
  return { id: name, name, color: null };
}

function personId(user: User): string {
  return user.accountId ?? user.key ?? user.name ?? "";
}

/** Cloud has no user names and shows e-mail addresses to few, so people are identified by their display name. */
export function toPerson(user: User): Person {
  const name = user.displayName || user.name || personId(user);
  return { id: personId(user), login: user.name || name, name, avatarUrl: user.avatarUrls?.["48x48"] ?? null };
}

export function toCycle(sprint: Sprint): Cycle {
  return {
    id: sprint.id,
    name: sprint.name,
    startsAt: readTime(sprint.startDate),
    endsAt: readTime(sprint.endDate),
  };
}

export function toCategorized(status: Status): Pick<NativeState, "id" | "name" | "category"> {
  return { id: status.id, name: status.name, category: status.statusCategory?.key ?? "undefined" };
}

function toAttachment(
  { id, filename, content, mimeType, size }: Attachment,
  { server, site }: Reading,
): NativeAttachment {
  return {
    id,
    name: filename,
    url: throughApi(content, server, site),
    contentType: mimeType ?? null,
    size: size ?? null,
  };
}

export function toComment(comment: Comment): NativeComment {
  return {
    id: comment.id,
    authorId: comment.author ? personId(comment.author) : null,
    body: bodyOf(comment),
    createdAt: comment.created,
    updatedAt: comment.updated,
  };
}

function bodyOf({ body }: Comment): string {
  const document = readDocument(body);
  return document === null ? "" : toMarkdown(document);
}

export function toSourceInfo(project: Project, site: Site): SourceInfo {
  return {
    id: project.id,
    key: project.key,
    name: project.name,
    url: `${site.webUrl}/browse/${project.key}`,
    readable: true,
    reason: null,
  };
}
