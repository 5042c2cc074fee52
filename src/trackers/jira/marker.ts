import type { OperationMark } from "../tracker.ts";

/** The key of the entity property that stores the operation that created an issue or comment. Programs can read it, users do not see it. */
export const markKey = "panopticon.operation";

/** The property to send with a create or comment. Its value must be an object. https://developer.atlassian.com/cloud/jira/platform/jira-entity-properties/ */
export function toProperties({ id }: OperationMark): readonly { readonly key: string; readonly value: object }[] {
  return [{ key: markKey, value: { id } }];
}

export function isMarked(value: unknown, { id }: OperationMark): boolean {
  return readMark(value) === id;
}

/** The operation's id in a property's value; null if it is not ours. */
export function readMark(value: unknown): string | null {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string" ? value.id : null;
}
