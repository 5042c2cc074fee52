import type { Trx } from "./database.ts";

/** What reads can be kept of: the sources; the words that issues are described with (states, labels, people, types, …); single issues with what waits to be written of them. */
export type KeptKind = "source" | "word" | "issue";

export const keptKinds: readonly KeptKind[] = ["source", "word", "issue"];

/** A change reads its issue twice, at once: there is no use in keeping many. */
const maxIssues = 20;

/** The reads that are kept, as one transaction may use them. */
export type Memory = { remember<T>(kind: KeptKind, name: string, read: () => Promise<T>): Promise<T> };

const memories = new WeakMap<Trx, Memory>();

/** Lets the queries of a transaction use a memory. */
export function giveMemory(db: Trx, memory: Memory): void {
  memories.set(db, memory);
}

/**
 * What `read` gives, which must come from the tables of `kind` alone. Nearly every call needs it and it seldom changes, so it is kept for other transactions, until
 * one writes to those tables. Nothing is kept of a database that others write, too. The value belongs to all: nobody changes it, unless by adding what was read.
 */
export function remember<T>(db: Trx, kind: KeptKind, name: string, read: () => Promise<T>): Promise<T> {
  return memories.get(db)?.remember(kind, name, read) ?? read();
}

/** What is deleted with a source or a connection are its words and issues. */
const everything = /\b(?:source|connection)\b/i;
const changedWords = changeOf("state|label|cycle|native_priority|person|issue_type");
const changedIssues = changeOf("issue|card|base|operation");

function changeOf(tables: string): RegExp {
  return new RegExp(`\\b(?:into|update|from|table)\\s+"?(?:${tables})\\b`, "i");
}

/** What a statement may change of what is kept; one that only reads changes nothing. */
export function keptKindsChangedBy(statement: string): readonly KeptKind[] {
  if (/^\s*(?:select|pragma)\b/i.test(statement)) return [];
  if (everything.test(statement)) return keptKinds;
  return [
    ...(changedWords.test(statement) ? (["word"] as const) : []),
    ...(changedIssues.test(statement) ? (["issue"] as const) : []),
  ];
}

/** What is kept of one database file. */
export type KeptReads = {
  /** All of these kinds may be different now. */
  forget(kinds: Iterable<KeptKind>): void;
  /** For a transaction that begins now, and sees what was committed until now. `changed`: what it has itself written. */
  open(changed: ReadonlySet<KeptKind>): Memory;
};

/** The reads of one database that are kept, and forgotten when what they come from is written. */
export function keepReads(): KeptReads {
  const present = { source: newKind(), word: newKind(), issue: newKind() };
  return {
    forget(changed) {
      for (const kind of changed) {
        present[kind].version += 1;
        present[kind].kept.clear();
      }
    },
    open(changed) {
      const seen = { source: present.source.version, word: present.word.version, issue: present.issue.version };
      return {
        async remember<T>(kind: KeptKind, name: string, read: () => Promise<T>) {
          const { kept } = present[kind];
          const isTrue = () => seen[kind] === present[kind].version && !changed.has(kind);
          if (isTrue() && kept.has(name)) return kept.get(name) as T;
          const value = await read();
          if (!isTrue()) return value;
          if (kind === "issue" && kept.size >= maxIssues) kept.clear();
          kept.set(name, value);
          return value;
        },
      };
    },
  };
}

function newKind() {
  return { version: 0, kept: new Map<string, unknown>() };
}
