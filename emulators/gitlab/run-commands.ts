import { editIssue } from "./edit-issue.ts";
import type { Command } from "./quick-actions.ts";
import type { Issue, User } from "./records.ts";
import { findOrCreateLabel, type GitLabState } from "./state.ts";

/** Executes the quick actions whose effects the API shows most; others are only removed from the text. */
export function runCommands(state: GitLabState, issue: Issue, commands: readonly Command[], by: User): void {
  for (const { name, argument } of commands) {
    if (name === "close" || name === "reopen") {
      editIssue(state, issue, { state: name === "close" ? "closed" : "opened" }, by);
    } else if (name === "title" && argument !== "") {
      editIssue(state, issue, { title: argument }, by);
    } else if (name === "label" || name === "labels") {
      const named = [...argument.matchAll(/~(?:"([^"]+)"|(\S+))/g)].map((match) => match[1] ?? match[2] ?? "");
      const labels = named.map((label) => findOrCreateLabel(state, issue.project, label));
      editIssue(state, issue, { labels: [...new Set([...issue.labels, ...labels])] }, by);
    } else if (name === "unassign") {
      editIssue(state, issue, { assignees: [] }, by);
    }
  }
}
