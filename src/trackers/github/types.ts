import type { IssueType } from "../../domain/operation.ts";

/** The type of an issue without one. Types belong to organizations that define them. */
export const untyped = "issue";

export function toIssueTypes(names: readonly string[]): IssueType[] {
  return [untyped, ...names].map((name) => ({ name, creatable: true, needsParent: false, fields: [] }));
}

/** A type as the API takes it; null: none. */
export function toTypeName(type: string): string | null {
  return type === untyped ? null : type;
}
