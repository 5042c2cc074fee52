import type { NativeIssue } from "../../domain/issue.ts";
import { localIdPrefix } from "../../domain/operation.ts";

/** Refs, keys and handles are compared without regard to case. */
export function foldRef(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** The ref people write. An issue that its tracker has not named yet has a local one, without the source's prefix. */
export function refOf(
  source: { readonly config: { readonly refPrefix: string } },
  issue: { nativeId: string; key: string },
): string {
  return issue.nativeId.startsWith(localIdPrefix) ? issue.key : source.config.refPrefix + issue.key;
}

/**
 * What a child keeps of its parent, which may not be mirrored yet: `i:` and the native id, or `k:` and the folded address
 * (source key and key) where the tracker names no id.
 */
export function parentHandle(issue: NativeIssue, sourceKey: string): string | null {
  if (issue.parentId !== null) return `i:${issue.parentId}`;
  if (issue.parentKey == null) return null;
  // A key that starts with a sign (`#12`) is one of this source; others bring their source.
  const address = /^[\p{L}\p{N}]/u.test(issue.parentKey) ? issue.parentKey : sourceKey + issue.parentKey;
  return `k:${foldRef(address)}`;
}

/** Both handles under which children may know an issue. */
export function handlesOf(issue: { nativeId: string; key: string }, sourceKey: string): readonly string[] {
  return [`i:${issue.nativeId}`, `k:${foldRef(sourceKey + issue.key)}`];
}

/** The native id in a handle, or the folded address. */
export function readHandle(
  handle: string,
): { readonly nativeId: string; readonly address?: never } | { readonly address: string; readonly nativeId?: never } {
  return handle.startsWith("i:") ? { nativeId: handle.slice(2) } : { address: handle.slice(2) };
}
