import type { IssueType } from "../../domain/operation.ts";

/** What an issue without a type is. Types belong to organizations that made some. */
export const untyped = "issue";

export function toIssueTypes(names: readonly string[]): IssueType[] {
  return [untyped, ...names].map((name) => ({ name, creatable: true, needsParent: false, fields: [] }));
}

/** A type as the API takes it; null: none. */
export function toTypeName(type: string): string | null {
  return type === untyped ? null : type;
}
