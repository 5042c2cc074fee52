import type { WireReply } from "../server/http-server.ts";

/** GitHub's responses other than records; the texts are api.github.com's. */
export const docs = {
  root: "https://docs.github.com/rest",
  issues: "https://docs.github.com/rest/issues/issues#list-repository-issues",
  issue: "https://docs.github.com/rest/issues/issues#get-an-issue",
  comments: "https://docs.github.com/rest/issues/comments#list-issue-comments",
  createIssue: "https://docs.github.com/rest/issues/issues#create-an-issue",
  editIssue: "https://docs.github.com/rest/issues/issues#update-an-issue",
  createComment: "https://docs.github.com/rest/issues/comments#create-an-issue-comment",
  editComment: "https://docs.github.com/rest/issues/comments#update-an-issue-comment",
  deleteComment: "https://docs.github.com/rest/issues/comments#delete-an-issue-comment",
  labels: "https://docs.github.com/rest/issues/labels#add-labels-to-an-issue",
  assignees: "https://docs.github.com/rest/issues/assignees#add-assignees-to-an-issue",
  subIssues: "https://docs.github.com/rest/issues/sub-issues#add-sub-issue",
  dependencies: "https://docs.github.com/rest/issues/issue-dependencies#add-a-dependency-an-issue-is-blocked-by",
  types: "https://docs.github.com/rest/orgs/issue-types#list-issue-types-for-an-organization",
  pull: "https://docs.github.com/rest/pulls/pulls#get-a-pull-request",
  createPull: "https://docs.github.com/rest/pulls/pulls#create-a-pull-request",
  editPull: "https://docs.github.com/rest/pulls/pulls#update-a-pull-request",
  mergePull: "https://docs.github.com/rest/pulls/pulls#merge-a-pull-request",
  repo: "https://docs.github.com/rest/repos/repos#get-a-repository",
  search: "https://docs.github.com/v3/search/",
  redirects: "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
  limits: "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
  secondaryLimits:
    "https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
} as const;

export type FieldError = {
  readonly resource: string;
  readonly field: string;
  readonly code: string;
  readonly value?: string;
  readonly message?: string;
};

export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): WireReply {
  return { status, headers, body: JSON.stringify(body) };
}

export function messageReply(status: number, message: string, documentation: string, more: object = {}): WireReply {
  return jsonReply(status, { message, ...more, documentation_url: documentation, status: String(status) });
}

export function notFound(documentation: string): WireReply {
  return messageReply(404, "Not Found", documentation);
}

export function validationFailed(errors: readonly FieldError[], documentation: string): WireReply {
  return messageReply(422, "Validation Failed", documentation, { errors });
}

/** A permanent redirect; writes to a renamed repository keep their method (307). */
export function redirected(location: string, how: 301 | 307 = 301): WireReply {
  const words = how === 301 ? "Moved Permanently" : "Temporary Redirect";
  const { status, body } = messageReply(how, words, docs.redirects, { url: location });
  return { status, headers: { Location: location }, body };
}
