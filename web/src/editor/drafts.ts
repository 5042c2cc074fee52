import { useCallback, useSyncExternalStore } from "react";
import { keptNames, readKept, writeKept } from "../ui/kept-text.ts";

const prefix = "panopticon.draft.";

/** Unsent texts by draft id, kept in the browser's storage, so that closing a panel or the browser loses nothing. */
const listeners = new Set<() => void>();
/** Drafts that could not be stored (storage forbidden or full); they last as long as the page. */
const unstored = new Map<string, string>();

/** Keys of new issues and those their trackers have given them. */
const renamed = new Map<string, string>();

/** The id under which a draft is kept now. */
function idNow(id: string): string {
  for (const [from, to] of renamed) if (id.startsWith(`${from} `)) return to + id.slice(from.length);
  return id;
}

/** Moves the drafts of a new issue to the key that its tracker has given it; ids with the first key remain valid. */
export function moveDrafts(from: string, to: string): void {
  const ids = [...unstored.keys(), ...keptNames(prefix).map((name) => name.slice(prefix.length))];
  const own = ids.filter((id) => id.startsWith(`${from} `)).map((id) => [id, readDraft(id)] as const);
  renamed.set(from, to);
  // Without telling anybody: for those who read them, nothing changes.
  for (const [id, text] of own) store(idNow(id), text);
  for (const [id] of own) store(id, null);
}

export function readDraft(wanted: string): string | null {
  const id = idNow(wanted);
  return unstored.get(id) ?? readKept(prefix + id);
}

function store(id: string, text: string | null): void {
  // Keep only unstored drafts in memory, so that a draft deleted in another tab is deleted here too.
  if (writeKept(prefix + id, text) || text === null) unstored.delete(id);
  else unstored.set(id, text);
}

/** Stores a draft; null deletes it. */
export function writeDraft(id: string, text: string | null): void {
  store(idNow(id), text);
  for (const listener of listeners) listener();
}

/** Puts back a text that was sent and rejected, in front of what was typed since. */
export function returnDraft(id: string, text: string): void {
  const since = readDraft(id);
  writeDraft(id, since === null ? text : `${text}\n\n${since}`);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Tabs share drafts: do not overwrite what another tab typed with what this one showed before.
  const onStorage = ({ key }: StorageEvent) => {
    if (key === null || key.startsWith(prefix)) listener();
  };
  addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", onStorage);
  };
}

/** A draft and its setter; null: no draft. */
export function useDraft(id: string): readonly [string | null, (text: string | null) => void] {
  const draft = useSyncExternalStore(subscribe, () => readDraft(id));
  const set = useCallback((text: string | null) => writeDraft(id, text), [id]);
  return [draft, set];
}

/** Whether a draft survives closing this page. */
export function useIsDraftStored(id: string): boolean {
  return useSyncExternalStore(subscribe, () => !unstored.has(idNow(id)));
}

/** Whether closing this page would lose drafts. */
export function hasUnstoredDrafts(): boolean {
  return unstored.size > 0;
}

/** The draft id for a field of an issue. */
export function issueDraftId(issue: { readonly source: string; readonly nativeId: string }, what: string): string {
  return `${issue.source} ${issue.nativeId} ${what}`;
}
