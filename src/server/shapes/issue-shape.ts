import type { Person } from "../../domain/issue.ts";
import type { IssueCard } from "../../store/board/issue-card.ts";
import type { HistoryEntry, IssueDetail, StoredComment } from "../../store/store.ts";
import type { CommentShape, IssueDetailShape, IssueShape } from "../contract/issue.ts";
import type { RefReader } from "../../trackers/tracker.ts";
import type { HistoryPage } from "../find/read-history-page.ts";

/** A time in the API's format. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function toNullableTime(ms: number | null): string | null {
  return ms === null ? null : toTime(ms);
}

function toPerson(person: Person): { login: string; name: string; avatarUrl: string | null } {
  return { login: person.login, name: person.name, avatarUrl: person.avatarUrl };
}

export function toIssueShape(card: IssueCard): IssueShape {
  const { cycle, parent } = card;
  return {
    ref: card.ref,
    address: card.address,
    tracker: card.tracker,
    project: card.project,
    source: card.source,
    nativeId: card.nativeId,
    url: card.url === "" ? null : card.url,
    type: card.type,
    title: card.title,
    status: card.status,
    nativeState: { name: card.nativeState.name, category: card.nativeState.category },
    priority: card.priority,
    nativePriority: card.nativePriority,
    labels: card.labels.map((label) => ({ name: label.name, color: label.color })),
    assignees: card.assignees.map(toPerson),
    author: card.author === null ? null : toPerson(card.author),
    parent:
      parent === null
        ? null
        : { ref: parent.ref, address: parent.address, key: parent.key, title: parent.title, url: parent.url },
    children: { done: card.children.done, total: card.children.total },
    cycle:
      cycle === null
        ? null
        : { name: cycle.name, startsAt: toNullableTime(cycle.startsAt), endsAt: toNullableTime(cycle.endsAt) },
    createdAt: toTime(card.createdAt),
    updatedAt: toTime(card.updatedAt),
    rank: card.rank,
    closedAt: toNullableTime(card.closedAt),
    dueDate: card.dueDate,
    estimate: card.estimate,
    commentCount: card.commentCount,
    blockedBy: [...card.blockedBy],
    sync: { ...card.sync, waitsUntil: toNullableTime(card.sync.waitsUntil) },
    shadow: card.shadow,
    workspace:
      card.workspace === null
        ? null
        : { id: String(card.workspace.id), branch: card.workspace.branch, path: card.workspace.path },
    agent:
      card.agent === null
        ? null
        : {
            id: String(card.agent.id),
            name: card.agent.name,
            state: card.agent.state,
            since: toTime(card.agent.since),
          },
  };
}

export function toCommentShape(comment: StoredComment): CommentShape {
  return {
    id: comment.id,
    author: comment.author === null ? null : toPerson(comment.author),
    body: comment.body,
    createdAt: toTime(comment.createdAt),
    updatedAt: toTime(comment.updatedAt),
    own: comment.own,
    pending: comment.pending,
    sentAgain: comment.sentAgain,
    replyTo: comment.replyTo ?? null,
  };
}

export function toIssueDetailShape(
  issue: IssueDetail,
  comments: readonly StoredComment[],
  history: HistoryPage,
  refs: Pick<RefReader, "shortForms"> | undefined,
): IssueDetailShape {
  return {
    ...toIssueShape(issue),
    body: issue.body,
    relations: issue.relations.map((relation) => ({
      id: relation.id,
      type: relation.type,
      ref: relation.ref,
      address: relation.address,
      key: relation.key,
      url: relation.url,
      tracker: relation.tracker,
      title: relation.title,
      status: relation.status,
      origin: relation.origin,
    })),
    mentions: issue.mentions.map(({ written, address }) => ({ written, address })),
    shortForms: toShortForms(issue, refs),
    comments: comments.map(toCommentShape),
    commentsFetchedAt: toNullableTime(issue.commentsAt),
    attachments: (issue.attachments ?? []).map(({ id, name, url, contentType, size }) => ({
      id,
      name,
      url,
      contentType,
      size,
    })),
    history: history.entries.map(toIssueChangeShape),
    historyTotal: history.total,
    historyCursor: history.cursor,
  };
}

/**
 * Numbers far above the newest issue's are none of the source, but colours or the like. Pull requests count with GitHub's issues and may be newer, hence twice
 * as many.
 */
function toShortForms(
  { key, url, newestKey }: IssueDetail,
  refs: Pick<RefReader, "shortForms"> | undefined,
): IssueDetailShape["shortForms"] {
  const numbers = [key, newestKey ?? ""].map((one) => Number(/\d+$/.exec(one)?.[0] ?? 0));
  const upTo = Math.max(...numbers) * 2;
  return (refs?.shortForms?.({ key, url }) ?? []).map((form) => ({
    prefix: form.prefix,
    url: form.url,
    upTo: form.otherNumbers === true ? null : upTo,
  }));
}

export function toIssueChangeShape(entry: HistoryEntry): IssueDetailShape["history"][number] {
  return {
    id: entry.id,
    at: toTime(entry.at),
    actor: entry.actor,
    field: entry.field,
    from: entry.from,
    to: entry.to,
    state: entry.state,
  };
}
