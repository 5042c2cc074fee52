import { z } from "zod";
import { Time } from "../time-schema.ts";

// https://docs.github.com/en/rest/issues/issues; only the fields that are used.

export const User = z.object({
  id: z.number().int(),
  login: z.string(),
  name: z.string().nullish(),
  avatar_url: z.string().nullish(),
});
export type User = z.infer<typeof User>;

export const Label = z.object({ id: z.number().int(), name: z.string(), color: z.string().nullish() });
export type Label = z.infer<typeof Label>;

export const Milestone = z.object({
  id: z.number().int(),
  number: z.number().int().nullish(),
  title: z.string(),
  created_at: Time.nullish(),
  due_on: Time.nullish(),
});
export type Milestone = z.infer<typeof Milestone>;

export const Issue = z.object({
  id: z.number().int(),
  number: z.number().int(),
  html_url: z.string(),
  repository_url: z.string().nullish(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]),
  state_reason: z.string().nullish(),
  user: User.nullish(),
  // The published schema also allows plain names.
  labels: z.array(z.union([z.string(), Label])),
  assignees: z.array(User).nullish(),
  milestone: Milestone.nullish(),
  comments: z.number().int().nullish(),
  created_at: Time,
  updated_at: Time,
  closed_at: Time.nullish(),
  type: z.object({ name: z.string() }).nullish(),
  parent_issue_url: z.string().nullish(),
  sub_issues_summary: z.object({ total: z.number().int(), completed: z.number().int() }).nullish(),
  issue_dependencies_summary: z
    .object({
      blocked_by: z.number().int(),
      blocking: z.number().int(),
      total_blocked_by: z.number().int().nullish(),
      total_blocking: z.number().int().nullish(),
    })
    .nullish(),
});
export type Issue = z.infer<typeof Issue>;

/** https://docs.github.com/en/rest/pulls/pulls */
export const Pull = z.object({
  number: z.number().int(),
  html_url: z.string(),
  state: z.enum(["open", "closed"]),
  created_at: Time,
  updated_at: Time,
  merged_at: Time.nullish(),
  // null for a deleted fork.
  head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ id: z.number().int() }).nullish() }),
  base: z.object({ ref: z.string(), repo: z.object({ id: z.number().int() }) }),
});
export type Pull = z.infer<typeof Pull>;

export const Comment = z.object({
  id: z.number().int(),
  user: User.nullish(),
  body: z.string().nullish(),
  created_at: Time,
  updated_at: Time,
});
export type Comment = z.infer<typeof Comment>;

export const Repository = z.object({
  id: z.number().int(),
  full_name: z.string(),
  html_url: z.string(),
  private: z.boolean().nullish(),
  has_issues: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  owner: z.object({ login: z.string(), type: z.string().nullish() }).nullish(),
  permissions: z.object({ push: z.boolean(), triage: z.boolean().nullish(), pull: z.boolean() }).nullish(),
});
export type Repository = z.infer<typeof Repository>;

export const IssueType = z.object({ name: z.string(), is_enabled: z.boolean().nullish() });

export const SearchTotal = z.object({ total_count: z.number().int() });

/** The identifying fields of what the dependency and sub-issue calls return. */
export const LinkedIssue = z.object({
  id: z.number().int(),
  number: z.number().int(),
  title: z.string(),
  html_url: z.string(),
});
export type LinkedIssue = z.infer<typeof LinkedIssue>;

export const AnyList = z.array(z.unknown());
