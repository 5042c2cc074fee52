import type { OperationMark } from "../tracker.ts";

/** The key under which Jira keeps what made an issue or a comment. Programs read it, people do not see it. */
export const markKey = "panopticon.operation";

/** Goes with a create or a comment. A value is an object. https://developer.atlassian.com/cloud/jira/platform/jira-entity-properties/ */
export function toProperties({ id }: OperationMark): readonly { readonly key: string; readonly value: object }[] {
  return [{ key: markKey, value: { id } }];
}

export function isMarked(value: unknown, { id }: OperationMark): boolean {
  return typeof value === "object" && value !== null && "id" in value && value.id === id;
}
