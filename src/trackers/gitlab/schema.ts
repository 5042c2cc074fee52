import { z } from "zod";
import { Time } from "../time-schema.ts";

// https://docs.gitlab.com/api/issues/; only the fields that are used. Fields of paid plans may be absent.

export const User = z.object({
  id: z.number().int(),
  username: z.string(),
  name: z.string().nullish(),
  avatar_url: z.string().nullish(),
});
export type User = z.infer<typeof User>;

export const Label = z.object({ id: z.number().int(), name: z.string(), color: z.string().nullish() });
export type Label = z.infer<typeof Label>;

export const Milestone = z.object({
  id: z.number().int(),
  title: z.string(),
  start_date: z.string().nullish(),
  due_date: z.string().nullish(),
});
export type Milestone = z.infer<typeof Milestone>;

/** Iterations of an automatic cadence have no title. */
export const Iteration = z.object({
  id: z.number().int(),
  title: z.string().nullish(),
  start_date: z.string().nullish(),
  due_date: z.string().nullish(),
});
export type Iteration = z.infer<typeof Iteration>;

export const Issue = z.object({
  id: z.number().int(),
  iid: z.number().int(),
  project_id: z.number().int(),
  title: z.string(),
  description: z.string().nullish(),
  state: z.enum(["opened", "closed"]),
  created_at: Time,
  updated_at: Time,
  closed_at: Time.nullish(),
  // Objects because of `with_labels_details`; older servers return names.
  labels: z.array(z.union([z.string(), Label])),
  milestone: Milestone.nullish(),
  iteration: Iteration.nullish(),
  assignees: z.array(User).nullish(),
  author: User.nullish(),
  user_notes_count: z.number().int().nullish(),
  due_date: z.string().nullish(),
  weight: z.number().nullish(),
  issue_type: z.string().nullish(),
  web_url: z.string(),
  references: z.object({ full: z.string() }).nullish(),
  moved_to_id: z.number().int().nullish(),
  _links: z.object({ closed_as_duplicate_of: z.string().nullish() }).nullish(),
});
export type Issue = z.infer<typeof Issue>;

/** https://docs.gitlab.com/api/merge_requests/ */
export const MergeRequest = z.object({
  iid: z.number().int(),
  web_url: z.string(),
  state: z.enum(["opened", "closed", "locked", "merged"]),
  created_at: Time,
  updated_at: Time,
  merged_at: Time.nullish(),
  sha: z.string().nullish(),
  source_branch: z.string(),
  source_project_id: z.number().int().nullish(),
  target_project_id: z.number().int(),
});
export type MergeRequest = z.infer<typeof MergeRequest>;

export const LinkedIssue = z.object({
  id: z.number().int(),
  issue_link_id: z.number().int(),
  link_type: z.enum(["relates_to", "blocks", "is_blocked_by"]),
});
export type LinkedIssue = z.infer<typeof LinkedIssue>;

export const Note = z.object({
  id: z.number().int(),
  // `DiscussionNote`: in a thread.
  type: z.string().nullish(),
  author: User.nullish(),
  body: z.string().nullish(),
  created_at: Time,
  updated_at: Time,
  system: z.boolean().nullish(),
  project_id: z.number().int().nullish(),
});
export type Note = z.infer<typeof Note>;

/** https://docs.gitlab.com/api/discussions/: a thread, or a single note. */
export const Discussion = z.object({ id: z.string(), notes: z.array(z.object({ id: z.number().int() })) });
export type Discussion = z.infer<typeof Discussion>;

/** https://docs.gitlab.com/api/access_requests/#valid-access-levels */
const Access = z.object({ access_level: z.number() });

export const Project = z.object({
  id: z.number().int(),
  path_with_namespace: z.string(),
  web_url: z.string(),
  issues_enabled: z.boolean().nullish(),
  issues_access_level: z.string().nullish(),
  archived: z.boolean().nullish(),
  permissions: z.object({ project_access: Access.nullish(), group_access: Access.nullish() }).nullish(),
});
export type Project = z.infer<typeof Project>;

/** `GET /personal_access_tokens/self`. */
export const PersonalToken = z.object({ scopes: z.array(z.string()) });

/** `GET /oauth/token/info`, outside the API. */
export const OauthToken = z.object({ scope: z.array(z.string()) });

export const Statistics = z.object({
  statistics: z.object({ counts: z.object({ opened: z.number().int(), closed: z.number().int() }) }),
});

/** The response to a GraphQL query for one issue. */
export const FoundIssue = z.object({
  data: z.object({ issue: z.object({ webUrl: z.string() }).nullish() }).nullish(),
});

/** The identifying field of an issue. */
export const IssueId = z.object({ id: z.number().int() });

export const AnyList = z.array(z.unknown());
