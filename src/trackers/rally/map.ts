import type {
  Cycle,
  Label,
  NamedIssue,
  NativeAttachment,
  NativeComment,
  NativeIssue,
  Person,
  Vocabulary,
} from "../../domain/issue.ts";
import type { SourceInfo } from "../../domain/source.ts";
import { htmlToMarkdown } from "./text/html-to-markdown.ts";
import { noPriority } from "./mapping.ts";
import { readMarker } from "./marker.ts";
import {
  type Artifact,
  type Attachment,
  oidOf,
  type Post,
  type Project,
  type Reference,
  type Relative,
  type Timebox,
  type User,
} from "./schema.ts";
import { findUnsayable } from "./text/unsayable.ts";
import { writeVersion } from "./version.ts";
import { type ArtifactType, isFinished, kindOf, stateIdOf } from "./workflow.ts";

/** What mapping an artifact depends on besides the artifact itself. */
export type MapContext = { readonly server: string; readonly types: readonly ArtifactType[] };

export function toIssue(artifact: Artifact, context: MapContext): NativeIssue {
  const { server, types } = context;
  const nativeId = String(artifact.ObjectID);
  const kind = kindOf(artifact._type);
  const html = artifact.Description ?? "";
  const { text: body, id: mark } = readMarker(htmlToMarkdown(html, server));
  return {
    nativeId,
    key: artifact.FormattedID,
    formerKeys: [],
    url: urlOf(artifact._type, nativeId, server),
    type:
      types.find(({ name }) => name === artifact._type)?.label ?? artifact._type.split("/").at(-1) ?? artifact._type,
    title: artifact.Name,
    body,
    stateId: stateIdOf(artifact),
    nativePriority: kind === "defect" ? artifact.Priority || noPriority : null,
    labelIds: (artifact.Tags?._tagsNameArray ?? []).map(({ _ref }) => oidOf(_ref)),
    assigneeIds: artifact.Owner ? [oidOf(artifact.Owner._ref)] : [],
    authorId: idOf(artifact.SubmittedBy ?? artifact.CreatedBy),
    parentId: idOf(parentOf(artifact)),
    cycleId: cycleIdOf(artifact),
    createdAt: artifact.CreationDate,
    updatedAt: artifact.LastUpdateDate,
    closedAt: closedAtOf(artifact, types),
    dueDate: null,
    estimate: (kind === "task" ? artifact.Estimate : artifact.PlanEstimate) ?? null,
    commentCount: artifact.Discussion?.Count ?? null,
    children: null,
    relations: collectionsWithRelations(artifact).length === 0 ? [] : null,
    // Rally's flag for blocked items, whether or not another item blocks them.
    blockerCount: artifact.Blocked ? 1 : null,
    attachments: artifact.Attachments?.Count === 0 ? [] : null,
    version: writeVersion({
      id: artifact.VersionId == null ? null : String(artifact.VersionId),
      mark,
      unsayable: findUnsayable(html),
    }),
    madeBy: mark,
  };
}

/** The website's URL; the type in it is not always the API's. */
function urlOf(type: string, oid: string, server: string): string {
  const page = kindOf(type) === "story" ? "userstory" : type.toLowerCase();
  return `${server}/#/detail/${page}/${oid}`;
}

function parentOf({ WorkProduct, Parent, PortfolioItem, Requirement }: Artifact): Relative | null {
  return WorkProduct ?? Parent ?? PortfolioItem ?? Requirement ?? null;
}

/** null if Rally does not return its FormattedID. */
export function toNamedIssue(
  { _ref, _type, _refObjectName, FormattedID }: Relative,
  server: string,
): NamedIssue | null {
  const id = oidOf(_ref);
  if (!FormattedID) return null;
  return { id, key: FormattedID, title: _refObjectName ?? "", url: urlOf(_type ?? "", id, server) };
}

function idOf(reference: Reference | null | undefined): string | null {
  return reference ? oidOf(reference._ref) : null;
}

/** The iteration, else the release. */
function cycleIdOf({ Iteration, Release }: Artifact): string | null {
  if (Iteration) return `iteration:${oidOf(Iteration._ref)}`;
  return Release ? `release:${oidOf(Release._ref)}` : null;
}

/** Tasks and portfolio items have no finish date, which is at the latest that of their last change. */
function closedAtOf(artifact: Artifact, types: readonly ArtifactType[]): number | null {
  if (!isFinished(artifact, types)) return null;
  const kind = kindOf(artifact._type);
  const own = kind === "story" ? artifact.AcceptedDate : kind === "defect" ? artifact.ClosedDate : null;
  return own ?? artifact.LastUpdateDate;
}

/** The collections of an artifact that refer to other artifacts, and their meaning. */
export const relationCollections = {
  Predecessors: "blocked_by",
  Successors: "blocks",
  Duplicates: "duplicates",
} as const;

export type RelationCollection = keyof typeof relationCollections;

export function collectionsWithRelations(artifact: Artifact): readonly RelationCollection[] {
  return (["Predecessors", "Successors", "Duplicates"] as const).filter((name) => (artifact[name]?.Count ?? 0) > 0);
}

/** The vocabulary contained in the artifacts of a page. */
export function toSeen(artifacts: readonly Artifact[], server: string): Partial<Vocabulary> {
  const labels = new Map<string, Label>();
  const people = new Map<string, Person>();
  const cycles = new Map<string, Cycle>();
  const named = new Map<string, NamedIssue>();
  for (const artifact of artifacts) {
    const relative = parentOf(artifact);
    const parent = relative && toNamedIssue(relative, server);
    if (parent !== null) named.set(parent.id, parent);
    for (const tag of artifact.Tags?._tagsNameArray ?? []) {
      const id = oidOf(tag._ref);
      if (!labels.has(id)) labels.set(id, { id, name: tag.Name, color: null });
    }
    for (const user of [artifact.Owner, artifact.CreatedBy, artifact.SubmittedBy]) {
      if (user) addPerson(people, user, server);
    }
    for (const [kind, box] of [
      ["iteration", artifact.Iteration],
      ["release", artifact.Release],
    ] as const) {
      if (box) cycles.set(`${kind}:${oidOf(box._ref)}`, toCycle(kind, box));
    }
  }
  return {
    labels: [...labels.values()],
    people: [...people.values()],
    cycles: [...cycles.values()],
    named: [...named.values()],
  };
}

export function addPerson(people: Map<string, Person>, user: User, server: string): void {
  const id = oidOf(user._ref);
  if (!people.has(id)) people.set(id, toPerson(user, server));
}

export function toPerson(user: User, server: string): Person {
  const id = oidOf(user._ref);
  const name = user.DisplayName || user._refObjectName || user.UserName || id;
  return { id, login: user.UserName || name, name, avatarUrl: `${server}/slm/profile/image/${id}/60.sp` };
}

export function toCycle(kind: "iteration" | "release", box: Timebox): Cycle {
  return {
    id: `${kind}:${oidOf(box._ref)}`,
    name: box.Name || box._refObjectName || `${kind} ${oidOf(box._ref)}`,
    startsAt: (kind === "iteration" ? box.StartDate : box.ReleaseStartDate) ?? null,
    endsAt: (kind === "iteration" ? box.EndDate : box.ReleaseDate) ?? null,
  };
}

export function toComment(post: Post, server: string): NativeComment {
  return {
    id: String(post.ObjectID),
    authorId: idOf(post.User),
    body: readMarker(htmlToMarkdown(post.Text ?? "", server)).text,
    createdAt: post.CreationDate,
    updatedAt: post.LastUpdateDate ?? post.CreationDate,
  };
}

export function toAttachment(attachment: Attachment, server: string): NativeAttachment {
  const { ObjectID, Name, ContentType, Size } = attachment;
  return {
    id: String(ObjectID),
    name: Name,
    url: `${server}/slm/attachment/${ObjectID}/${encodeURIComponent(Name)}`,
    contentType: ContentType || null,
    size: Size ?? null,
  };
}

export function toSourceInfo(project: Project, workspace: string, server: string): SourceInfo {
  return {
    id: String(project.ObjectID),
    key: `${workspace}/${project.ObjectID}`,
    name: project.Name,
    url: `${server}/#/${project.ObjectID}d/dashboard`,
    readable: true,
    reason: null,
  };
}
