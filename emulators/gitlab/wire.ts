import type { Account } from "./access.ts";
import type { Epic, Issue, IssueLink, Iteration, Label, Milestone, Note, Project, User } from "./records.ts";
import type { GitLabState } from "./state.ts";

/** GitLab's JSON, in the form of its entities. */
export type Wire = {
  user(user: User): object;
  label(label: Label): object;
  milestone(project: Project, milestone: Milestone): object;
  iteration(iteration: Iteration): object;
  project(project: Project, account: Account): object;
  issue(issue: Issue, options: { readonly withLabelsDetails: boolean }): Record<string, unknown>;
  related(link: IssueLink, seenFrom: Issue): object;
  /** A link, as in the responses to creating and deleting it. */
  link(link: IssueLink, seenFrom: Issue): object;
  note(issue: Issue, note: Note): object;
  issueUrl(issue: Issue): string;
  epicUrl(epic: Epic): string;
};

/** Dark text on light labels, chosen by brightness as GitLab does. */
function textColor(color: string): string {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  return r + g + b > 500 ? "#1F1E24" : "#FFFFFF";
}

/** A link's type as seen from one of its ends. */
export function linkTypeOf(link: IssueLink, seenFrom: Issue): "relates_to" | "blocks" | "is_blocked_by" {
  if (link.type === "relates_to") return link.type;
  return link.from === seenFrom ? "blocks" : "is_blocked_by";
}

const iso = (time: number) => new Date(time).toISOString();
const isoOrNull = (time: number | null) => (time === null ? null : iso(time));

/** `base`: the emulator's address with its path prefix, for both pages and API. */
export function createWire(state: GitLabState, base: string): Wire {
  const users = new Map<string, object>();

  function user(one: User): object {
    const key = `${one.id} ${one.name}`;
    const known = users.get(key);
    if (known) return known;
    const made = {
      id: one.id,
      username: one.login,
      public_email: null,
      name: one.name,
      state: "active",
      locked: false,
      avatar_url: `${base}/uploads/-/system/user/avatar/${one.id}/avatar.png`,
      web_url: `${base}/${one.login}`,
    };
    users.set(key, made);
    return made;
  }

  function label(one: Label): object {
    return {
      id: one.id,
      name: one.name,
      description: one.description,
      description_html: one.description ?? "",
      text_color: textColor(one.color),
      color: one.color,
      archived: false,
    };
  }

  function milestone(project: Project, one: Milestone): object {
    return {
      id: one.id,
      iid: one.iid,
      project_id: project.id,
      title: one.title,
      description: one.description,
      state: one.isClosed ? "closed" : "active",
      created_at: iso(one.createdAt),
      updated_at: iso(one.createdAt),
      due_date: one.dueDate,
      start_date: one.startDate,
      expired: one.isClosed,
      web_url: `${base}/${project.path}/-/milestones/${one.iid}`,
    };
  }

  function iteration(one: Iteration): object {
    return {
      id: one.id,
      iid: one.iid,
      sequence: one.iid,
      group_id: state.group.id,
      title: null,
      description: null,
      state: one.state,
      created_at: iso(one.createdAt),
      updated_at: iso(one.createdAt),
      start_date: one.startDate,
      due_date: one.dueDate,
      web_url: `${base}/groups/${state.group.path}/-/iterations/${one.id}`,
    };
  }

  /** Tasks have only the newer URL. */
  const epicUrl = ({ group, iid }: Epic) => `${base}/groups/${group}/-/epics/${iid}`;
  const issueUrl = (one: Issue) =>
    `${base}/${one.project.path}/-/${one.type === "task" ? "work_items" : "issues"}/${one.iid}`;
  const apiUrl = (one: Issue) => `${base}/api/v4/projects/${one.project.id}/issues/${one.iid}`;

  function issue(one: Issue, { withLabelsDetails }: { readonly withLabelsDetails: boolean }) {
    const { project } = one;
    const labels = one.labels.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const assignees = one.assignees.map(user);
    const isPaid = project.iterations.length > 0;
    const json: Record<string, unknown> = {
      id: one.id,
      iid: one.iid,
      project_id: project.id,
      title: one.title,
      description: one.description,
      state: one.state,
      created_at: iso(one.createdAt),
      updated_at: iso(one.updatedAt),
      closed_at: isoOrNull(one.closedAt),
      closed_by: one.closedBy === null ? null : user(one.closedBy),
      labels: withLabelsDetails ? labels.map(label) : labels.map(({ name }) => name),
      milestone: one.milestone === null ? null : milestone(project, one.milestone),
      assignees,
      author: user(one.author),
      type: one.type.toUpperCase(),
      assignee: assignees[0] ?? null,
      user_notes_count: one.noteCount,
      merge_requests_count: 0,
      upvotes: 0,
      downvotes: 0,
      due_date: one.dueDate,
      confidential: false,
      discussion_locked: null,
      issue_type: one.type,
      web_url: issueUrl(one),
      time_stats: { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null },
      task_completion_status: { count: 0, completed_count: 0 },
      has_tasks: false,
      _links: {
        self: apiUrl(one),
        notes: `${apiUrl(one)}/notes`,
        award_emoji: `${apiUrl(one)}/award_emoji`,
        project: `${base}/api/v4/projects/${project.id}`,
        closed_as_duplicate_of: one.duplicateOf === null ? null : apiUrl(one.duplicateOf),
      },
      references: { short: `#${one.iid}`, relative: `#${one.iid}`, full: `${project.path}#${one.iid}` },
      severity: "UNKNOWN",
      moved_to_id: one.movedTo?.id ?? null,
      imported: false,
      imported_from: "none",
      service_desk_reply_to: null,
      ...(isPaid
        ? {
            weight: one.weight,
            blocking_issues_count: one.links.filter(({ type, from }) => type === "blocks" && from === one).length,
            epic_iid: one.epic?.iid ?? null,
            epic: one.epic && { id: one.epic.id, iid: one.epic.iid, title: one.epic.title, url: epicUrl(one.epic) },
            iteration: one.iteration === null ? null : iteration(one.iteration),
            health_status: null,
          }
        : {}),
    };
    if (one.malformed === "missing-field") delete json["title"];
    if (one.malformed === "wrong-type") json["updated_at"] = { at: one.updatedAt };
    return json;
  }

  return {
    user,
    label,
    milestone,
    iteration,
    issue,
    issueUrl,
    epicUrl,
    project: (one, account) => ({
      id: one.id,
      description: one.description,
      name: one.path.split("/").at(-1) ?? one.path,
      name_with_namespace: one.path.split("/").join(" / "),
      path: one.path.split("/").at(-1) ?? one.path,
      path_with_namespace: one.path,
      created_at: iso(one.createdAt),
      default_branch: "main",
      web_url: `${base}/${one.path}`,
      namespace: { id: state.group.id, name: state.group.name, path: state.group.path, kind: "group" },
      archived: one.isArchived,
      visibility: one.visibility,
      issues_enabled: true,
      issues_access_level: "enabled",
      open_issues_count: one.byUpdate.opened.items.length,
      permissions: {
        project_access: null,
        group_access:
          account.accessLevel === null ? null : { access_level: account.accessLevel, notification_level: 3 },
      },
    }),
    related: (link, seenFrom) => ({
      ...issue(link.from === seenFrom ? link.to : link.from, { withLabelsDetails: false }),
      issue_link_id: link.id,
      link_type: linkTypeOf(link, seenFrom),
      link_created_at: iso(link.createdAt),
      link_updated_at: iso(link.createdAt),
    }),
    link: (link, seenFrom) => ({
      source_issue: issue(seenFrom, { withLabelsDetails: false }),
      target_issue: issue(link.from === seenFrom ? link.to : link.from, { withLabelsDetails: false }),
      link_type: linkTypeOf(link, seenFrom),
    }),
    note: (one, own) => ({
      id: own.id,
      type: own.discussion.isThread ? "DiscussionNote" : null,
      body: own.body,
      author: user(own.author),
      created_at: iso(own.createdAt),
      updated_at: iso(own.updatedAt),
      system: own.isSystem,
      noteable_id: one.id,
      noteable_type: "Issue",
      project_id: one.project.id,
      resolvable: false,
      confidential: false,
      internal: false,
      imported: false,
      imported_from: "none",
      noteable_iid: one.iid,
      commands_changes: {},
    }),
  };
}
