import { useCallback, useSyncExternalStore } from "react";
import { readKept, writeKept } from "../ui/kept-text.ts";

const prefix = "panopticon.draft.";

/** What was typed and not sent, by what it belongs to; in the browser's storage, so that closing a panel or the browser loses nothing. */
const listeners = new Set<() => void>();
/** Where storage is forbidden or full drafts last as long as the page. */
const unstored = new Map<string, string>();

export function readDraft(id: string): string | null {
  return readKept(prefix + id) ?? unstored.get(id) ?? null;
}

/** Keeps a draft; null forgets it. */
export function writeDraft(id: string, text: string | null): void {
  if (text === null) unstored.delete(id);
  else unstored.set(id, text);
  writeKept(prefix + id, text);
  for (const listener of listeners) listener();
}

/** Gives back what was sent and not taken; what has been begun since stands behind it. */
export function returnDraft(id: string, text: string): void {
  const since = readDraft(id);
  writeDraft(id, since === null ? text : `${text}\n\n${since}`);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A draft and the way to change it; null: there is none. */
export function useDraft(id: string): readonly [string | null, (text: string | null) => void] {
  const draft = useSyncExternalStore(subscribe, () => readDraft(id));
  const set = useCallback((text: string | null) => writeDraft(id, text), [id]);
  return [draft, set];
}

/** What a draft of an issue's field is kept under. */
export function issueDraftId(issue: { readonly source: string; readonly nativeId: string }, what: string): string {
  return `${issue.source} ${issue.nativeId} ${what}`;
}
