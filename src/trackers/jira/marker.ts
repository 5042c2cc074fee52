import type { OperationMark } from "../tracker.ts";

/** The key under which Jira keeps what made an issue or a comment. Programs read it, people do not see it. */
export const markKey = "panopticon.operation";

/** Goes with a create or a comment. A value is an object. https://developer.atlassian.com/cloud/jira/platform/jira-entity-properties/ */
export function toProperties({ id }: OperationMark): readonly { readonly key: string; readonly value: object }[] {
  return [{ key: markKey, value: { id } }];
}

export function isMarked(value: unknown, { id }: OperationMark): boolean {
  return readMark(value) === id;
}

/** The id of the operation in what Jira keeps under the key; null: none of ours. */
export function readMark(value: unknown): string | null {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string" ? value.id : null;
}
