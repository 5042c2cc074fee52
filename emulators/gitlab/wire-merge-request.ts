import type { MergeRequest } from "./records.ts";
import type { RouteContext } from "./route-context.ts";

const iso = (time: number) => new Date(time).toISOString();
const isoOrNull = (time: number | null) => (time === null ? null : iso(time));

/** A merge request in the form of GitLab's entity. https://docs.gitlab.com/api/merge_requests/#get-single-mr */
export function mergeRequestJson({ wire, api }: Pick<RouteContext, "wire" | "api">, one: MergeRequest): object {
  const { project } = one;
  const base = api.replace(/\/api\/v4$/, "");
  const mergedBy = one.mergedBy === null ? null : wire.user(one.mergedBy);
  const draft = /^draft:/i.test(one.title);
  return {
    id: one.id,
    iid: one.iid,
    project_id: project.id,
    title: one.title,
    description: one.description,
    state: one.state,
    created_at: iso(one.createdAt),
    updated_at: iso(one.updatedAt),
    merged_by: mergedBy,
    merge_user: mergedBy,
    merged_at: isoOrNull(one.mergedAt),
    closed_by: null,
    closed_at: isoOrNull(one.closedAt),
    target_branch: one.targetBranch,
    source_branch: one.sourceBranch,
    user_notes_count: 0,
    upvotes: 0,
    downvotes: 0,
    author: wire.user(one.author),
    assignees: [],
    assignee: null,
    reviewers: [],
    source_project_id: project.id,
    target_project_id: project.id,
    labels: [],
    draft,
    work_in_progress: draft,
    milestone: null,
    merge_when_pipeline_succeeds: false,
    merge_status: one.state === "opened" ? "can_be_merged" : "unchecked",
    detailed_merge_status: one.state === "opened" ? (draft ? "draft_status" : "mergeable") : "not_open",
    sha: one.sha,
    merge_commit_sha: one.mergeCommit,
    squash_commit_sha: one.squashCommit,
    discussion_locked: null,
    should_remove_source_branch: null,
    force_remove_source_branch: false,
    prepared_at: iso(one.createdAt),
    reference: `!${one.iid}`,
    references: { short: `!${one.iid}`, relative: `!${one.iid}`, full: `${project.path}!${one.iid}` },
    web_url: `${base}/${project.path}/-/merge_requests/${one.iid}`,
    time_stats: { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null },
    squash: one.squashCommit !== null,
    task_completion_status: { count: 0, completed_count: 0 },
    has_conflicts: false,
    blocking_discussions_resolved: true,
  };
}
