import type { NativeIssue } from "../../domain/issue.ts";
import { localIdPrefix } from "../../domain/operation.ts";

/** Folds refs, keys and handles for case-insensitive comparison. */
export function foldRef(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** The ref that people write. An issue that its tracker has not named yet has a local ref, without the source's prefix. */
export function refOf(
  source: { readonly config: { readonly refPrefix: string } },
  issue: { nativeId: string; key: string },
): string {
  return issue.nativeId.startsWith(localIdPrefix) ? issue.key : source.config.refPrefix + issue.key;
}

/**
 * Identifies a child's parent, which may not be mirrored yet: `i:` and the native id, or `k:` and the folded address (source key and key) if the tracker
 * returns no id.
 */
export function parentHandle(issue: NativeIssue, sourceKey: string): string | null {
  if (issue.parentId !== null) return `i:${issue.parentId}`;
  if (issue.parentKey == null) return null;
  // A key that starts with a sign (`#12`) belongs to this source; others include their source.
  const address = /^[\p{L}\p{N}]/u.test(issue.parentKey) ? issue.parentKey : sourceKey + issue.parentKey;
  return `k:${foldRef(address)}`;
}

/** Both handles that children may use for an issue. */
export function handlesOf(issue: { nativeId: string; key: string }, sourceKey: string): readonly string[] {
  return [`i:${issue.nativeId}`, `k:${foldRef(sourceKey + issue.key)}`];
}

/** Parses a handle into its native id or folded address. */
export function readHandle(
  handle: string,
): { readonly nativeId: string; readonly address?: never } | { readonly address: string; readonly nativeId?: never } {
  return handle.startsWith("i:") ? { nativeId: handle.slice(2) } : { address: handle.slice(2) };
}
