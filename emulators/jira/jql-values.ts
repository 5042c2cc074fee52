import type { Account } from "./access.ts";
import { JqlError, type Value } from "./jql-parse.ts";
import { readJqlTime } from "./jql-time.ts";
import type { Issue, Project, User } from "./records.ts";
import { findIssue, findUser, type JiraState } from "./state.ts";

/** The calling account, and the state it queries. */
export type Scope = { readonly state: JiraState; readonly account: Account };

export const fold = (text: string) => text.toLowerCase();

export function toTime(value: Value, field: string, { state, account }: Scope): number {
  if (value.kind === "function" && fold(value.name) === "now") return state.now();
  if (value.kind !== "text") throw new JqlError(`A value provided by the function '${field}' is not a time.`);
  return readJqlTime(value.text, field, { timeZone: account.timeZone, now: state.now() });
}

export function toProject(value: Value, { state, account }: Scope): Project {
  const text = value.kind === "text" ? value.text : "";
  const found = state.projects.find(
    (project) =>
      account.sees(project) &&
      (project.key === text.toUpperCase() ||
        project.formerKeys.includes(text.toUpperCase()) ||
        String(project.id) === text ||
        fold(project.name) === fold(text)),
  );
  if (found !== undefined) return found;
  throw new JqlError(
    /^\d+$/.test(text)
      ? `A value with ID '${text}' does not exist for the field 'project'.`
      : `The value '${text}' does not exist for the field 'project'.`,
  );
}

export function toIssue(text: string, field: string, { state, account }: Scope): Issue {
  const issue = findIssue(state, text);
  if (issue !== undefined && account.sees(issue.project)) return issue;
  throw new JqlError(
    /^\d+$/.test(text)
      ? `A value with ID '${text}' does not exist for the field '${field}'.`
      : `An issue with key '${text}' does not exist for field '${field}'.`,
  );
}

/** Finds people by account id in Cloud, by name in Data Center. */
export function toUser(value: Value, field: string, { state, account }: Scope): User {
  if (value.kind === "function" && fold(value.name) === "currentuser") return account.user;
  const text = value.kind === "text" ? value.text : "";
  const found = state.edition === "cloud" ? state.users.find((user) => user.accountId === text) : findUser(state, text);
  if (found === undefined) throw new JqlError(`The value '${text}' does not exist for the field '${field}'.`);
  return found;
}

const categories: Readonly<Record<string, string>> = {
  "to do": "new",
  new: "new",
  "2": "new",
  "in progress": "indeterminate",
  indeterminate: "indeterminate",
  "4": "indeterminate",
  done: "done",
  complete: "done",
  "3": "done",
};

export function toCategory(value: Value, field: string): string {
  const text = value.kind === "text" ? value.text : "";
  const found = categories[fold(text)];
  if (found === undefined) throw new JqlError(`The value '${text}' does not exist for the field '${field}'.`);
  return found;
}

export function byName(
  field: string,
  known: readonly { readonly id: number; readonly name: string }[],
): (value: Value) => number {
  return (value) => {
    const text = value.kind === "text" ? value.text : "";
    const found = known.find((one) => fold(one.name) === fold(text) || String(one.id) === text);
    if (found === undefined) throw new JqlError(`The value '${text}' does not exist for the field '${field}'.`);
    return found.id;
  };
}
