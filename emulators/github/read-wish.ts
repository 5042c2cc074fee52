import { type Body, namesOf, textOf } from "./read-body.ts";
import type { IssueType, Milestone, Repo, StateReason, User } from "./records.ts";
import type { FieldError } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";

const longestTitle = 256;
const longestBody = 65_536;
const longestLabel = 50;

/** The records a body asks for. */
export type Wish = {
  readonly title?: string;
  readonly body?: string | null;
  readonly labels?: readonly string[];
  readonly assignees?: readonly User[];
  readonly milestone?: Milestone | null;
  readonly type?: IssueType | null;
  readonly state?: "open" | "closed";
  readonly reason?: StateReason | null;
};

/** GitHub's errors for invalid label names. */
export function refuseLabelNames(names: readonly string[]): FieldError[] {
  return names
    .filter((name) => name.trim() === "" || lengthOf(name) > longestLabel)
    .map((name) => ({ value: name, resource: "Label", field: "name", code: "invalid" }));
}

export function refuseBody(body: unknown, resource: "Issue" | "IssueComment"): FieldError[] {
  if (typeof body !== "string" || lengthOf(body) <= longestBody) return [];
  const message = `body is too long (maximum is ${longestBody} characters)`;
  return resource === "Issue"
    ? [{ resource, field: "body", code: "custom", message }]
    : [{ resource, field: "data", code: "unprocessable", message: message.replace("body", "Body") }];
}

/** The length in code points, not UTF-16 units. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** The body's fields as records, or all errors in them. */
export function readWish(
  { state }: RouteContext,
  repo: Repo,
  body: Body,
): Wish | { readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = refuseBody(body["body"], "Issue");
  const invalid = (field: string, value: unknown) => {
    errors.push({ value: textOf(value), resource: "Issue", field, code: "invalid" });
  };
  const wish: { -readonly [Key in keyof Wish]: Wish[Key] } = {};
  if (body["title"] !== undefined && body["title"] !== null) {
    const title = textOf(body["title"]).trim();
    if (title === "") errors.push({ resource: "Issue", code: "missing_field", field: "title" });
    if (lengthOf(title) > longestTitle) {
      const message = `title is too long (maximum is ${longestTitle} characters)`;
      errors.push({ resource: "Issue", code: "custom", field: "title", message });
    }
    wish.title = title;
  }
  if (body["body"] !== undefined) wish.body = body["body"] as string | null;
  if (body["labels"] !== undefined) {
    const names = namesOf(body["labels"], "name");
    if (names === null) invalid("labels", JSON.stringify(body["labels"]));
    else errors.push(...refuseLabelNames(names));
    wish.labels = names ?? [];
  }
  const people =
    body["assignees"] ?? (body["assignee"] ? [body["assignee"]] : body["assignee"] === null ? [] : undefined);
  if (people !== undefined) {
    const logins = namesOf(people, "login");
    if (logins === null) invalid("assignees", JSON.stringify(people));
    wish.assignees = (logins ?? []).flatMap((login) => {
      const user = state.users.find((one) => one.login.toLowerCase() === login.toLowerCase());
      if (user === undefined) invalid("assignees", login);
      return user ?? [];
    });
  }
  const number = body["milestone"];
  if (number !== undefined) {
    const found = number === null ? null : repo.milestones.find((one) => String(one.number) === textOf(number));
    if (found === undefined) invalid("milestone", number);
    wish.milestone = found ?? null;
  }
  const typeName = body["type"];
  if (typeName !== undefined) {
    const found =
      typeName === null ? null : state.types.find((one) => one.name.toLowerCase() === textOf(typeName).toLowerCase());
    if (found === undefined) invalid("type", typeName);
    wish.type = found ?? null;
  }
  const next = body["state"];
  if (next === "open" || next === "closed") wish.state = next;
  else if (next !== undefined) invalid("state", next);
  const reason = body["state_reason"];
  const reasons: readonly StateReason[] = ["completed", "not_planned", "duplicate", "reopened"];
  const known = reasons.find((one) => one === reason);
  if (known !== undefined) wish.reason = known;
  else if (reason !== undefined && reason !== null) invalid("state_reason", reason);
  return errors.length > 0 ? { errors } : wish;
}
