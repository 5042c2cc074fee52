import { useId, useMemo, useState, type ClipboardEvent, type KeyboardEvent, type RefObject } from "react";
import { foldName } from "../../../src/domain/fold-name.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { api } from "../api/endpoints.ts";
import { useIssueSearch } from "../fields/use-issue-search.ts";
import type { PersonShape } from "../ui/person.ts";
import { insertText } from "./insert-text.ts";
import { caretPlace, type CaretPlace } from "./caret-place.ts";

/** The people that a text can mention, and how. */
export type Completers = {
  readonly members: readonly PersonShape[];
  /** Formats a mention of a person; undefined: the tracker has no mentions. */
  readonly mention?: ((person: PersonShape) => string) | undefined;
};

export type CompletionEntry =
  | { readonly kind: "person"; readonly person: PersonShape; readonly insert: string }
  | { readonly kind: "issue"; readonly issue: IssueShape; readonly insert: string };

/** The completable word before the caret: `@da`, `#12`, `MIN-1`, `panopticon#4`. */
type Word = { readonly kind: "person" | "issue"; readonly text: string; readonly from: number; readonly to: number };

export function wordBefore(text: string, caret: number): Word | null {
  const before = text.slice(Math.max(0, caret - 80), caret);
  const person = /(?:^|[\s(])@([\p{L}\p{N}._-]{0,39})$/u.exec(before)?.[1];
  if (person !== undefined) return { kind: "person", text: person, from: caret - person.length - 1, to: caret };
  const issue =
    /(?:^|[\s(])((?:[\w./-]*[#!]\d{0,9})|(?:[A-Za-z][A-Za-z0-9_]{1,9}-\d{1,9})|(?:#[\p{L}\p{N} ]{1,40}))$/u.exec(
      before,
    )?.[1];
  return issue === undefined ? null : { kind: "issue", text: issue, from: caret - issue.length, to: caret };
}

const maxPeople = 6;

export type Completion = {
  readonly open: boolean;
  readonly entries: readonly CompletionEntry[];
  readonly at: number;
  readonly listId: string;
  readonly place: CaretPlace | null;
  readonly choose: (entry: CompletionEntry) => void;
  readonly setAt: (at: number) => void;
  readonly look: () => void;
  readonly close: () => void;
  /** Returns true if the menu handled the key. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
  readonly onPaste: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
};

/** Completes people after `@` and issues after a ref, and turns a pasted issue URL into a link with ref and title. */
export function useCompletion(
  field: RefObject<HTMLTextAreaElement | null>,
  value: string,
  { members, mention }: Completers,
): Completion {
  const listId = useId();
  const [word, setWord] = useState<Word | null>(null);
  const [place, setPlace] = useState<CaretPlace | null>(null);
  const [at, setAt] = useState(0);
  const found = useIssueSearch(
    word?.kind === "issue" ? word.text.replace(/^#(?=\p{L})/u, "") : "",
    {},
    word?.kind === "issue",
  );
  const entries = useMemo<readonly CompletionEntry[]>(() => {
    if (word === null) return [];
    if (word.kind === "issue")
      return found.issues.slice(0, 8).map((issue) => ({ kind: "issue", issue, insert: issue.ref }));
    if (mention === undefined) return [];
    const wanted = foldName(word.text);
    return members
      .filter(({ login, name }) => foldName(login).includes(wanted) || foldName(name).includes(wanted))
      .slice(0, maxPeople)
      .map((person) => ({ kind: "person", person, insert: mention(person) }));
  }, [word, found.issues, members, mention]);
  const open = word !== null && entries.length > 0;

  const look = () => {
    const element = field.current;
    if (element === null) return;
    const { selectionStart, selectionEnd } = element;
    const next = selectionStart === selectionEnd ? wordBefore(element.value, selectionStart) : null;
    if (next?.text !== word?.text || next?.from !== word?.from) setAt(0);
    setWord(next);
    if (next !== null) setPlace(caretPlace(element, next.from));
  };
  const close = () => setWord(null);
  const choose = (entry: CompletionEntry) => {
    const element = field.current;
    if (element === null || word === null) return;
    const insert = `${entry.insert} `;
    const end = word.from + insert.length;
    insertText(element, { from: word.from, to: word.to, insert, start: end, end });
    setWord(null);
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!open) return false;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const entry = entries[Math.min(at, entries.length - 1)];
    if (step !== 0) setAt((Math.min(at, entries.length - 1) + step + entries.length) % entries.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.metaKey && !event.ctrlKey && entry !== undefined)
      choose(entry);
    else if (event.key === "Escape") setWord(null);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const address = event.clipboardData.getData("text/plain").trim();
    const element = field.current;
    if (!/^https?:\/\/\S+$/.test(address) || element === null || element.selectionStart !== element.selectionEnd)
      return;
    const from = element.selectionStart;
    // The URL is inserted immediately and replaced by a titled link once it is known to be an issue.
    api.issue(address).then(
      ({ ref, title, url }) => {
        if (element.value.slice(from, from + address.length) !== address) return;
        const insert = `[${ref}: ${title.replaceAll(/[[\]]/g, "")}](${url})`;
        const caret = element.selectionStart + insert.length - address.length;
        insertText(element, { from, to: from + address.length, insert, start: caret, end: caret });
      },
      // Not an issue: leave the URL as it is.
      () => undefined,
    );
  };
  // The text was cleared: sent or discarded.
  const shownOpen = open && value !== "";
  return {
    open: shownOpen,
    entries,
    at: Math.min(at, entries.length - 1),
    listId,
    place,
    choose,
    setAt,
    look,
    close,
    onKeyDown,
    onPaste,
  };
}
