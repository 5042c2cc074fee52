import { useCallback, useSyncExternalStore } from "react";
import { readKept, writeKept } from "../ui/kept-text.ts";

const prefix = "panopticon.draft.";

/** What was typed and not sent, by what it belongs to; in the browser's storage, so that closing a panel or the browser loses nothing. */
const listeners = new Set<() => void>();
/** Where storage is forbidden or full drafts last as long as the page. */
const unstored = new Map<string, string>();

export function readDraft(id: string): string | null {
  return unstored.get(id) ?? readKept(prefix + id);
}

/** Keeps a draft; null forgets it. */
export function writeDraft(id: string, text: string | null): void {
  // What another tab forgets is forgotten here, too: only what is not in the storage is kept beside it.
  if (writeKept(prefix + id, text) || text === null) unstored.delete(id);
  else unstored.set(id, text);
  for (const listener of listeners) listener();
}

/** Gives back what was sent and not taken; what has been begun since stands behind it. */
export function returnDraft(id: string, text: string): void {
  const since = readDraft(id);
  writeDraft(id, since === null ? text : `${text}\n\n${since}`);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // A draft is the same in every tab: what is typed in another one is not overwritten by what this one showed before.
  const onStorage = ({ key }: StorageEvent) => {
    if (key === null || key.startsWith(prefix)) listener();
  };
  addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", onStorage);
  };
}

/** A draft and the way to change it; null: there is none. */
export function useDraft(id: string): readonly [string | null, (text: string | null) => void] {
  const draft = useSyncExternalStore(subscribe, () => readDraft(id));
  const set = useCallback((text: string | null) => writeDraft(id, text), [id]);
  return [draft, set];
}

/** Whether a draft outlasts this page. */
export function useIsDraftStored(id: string): boolean {
  return useSyncExternalStore(subscribe, () => !unstored.has(id));
}

/** Whether there are drafts that would be lost with this page. */
export function hasUnstoredDrafts(): boolean {
  return unstored.size > 0;
}

/** What a draft of an issue's field is kept under. */
export function issueDraftId(issue: { readonly source: string; readonly nativeId: string }, what: string): string {
  return `${issue.source} ${issue.nativeId} ${what}`;
}
