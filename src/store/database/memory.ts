import type { Trx } from "./database.ts";

/** What reads can be kept of: the sources; the words that issues are described with (states, labels, people, types, …). */
export type KeptKind = "source" | "word";

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

const nothing: readonly KeptKind[] = [];
const words: readonly KeptKind[] = ["word"];
/** What is deleted with a source or a connection are its words. */
const everything: readonly KeptKind[] = ["source", "word"];
const wordTables = "state|label|cycle|native_priority|person|issue_type|connection";
const changedWords = new RegExp(`\\b(?:into|update|from|table)\\s+"?(?:${wordTables})\\b`, "i");

/** What a statement may change of what is kept; one that only reads changes nothing. */
export function keptKindsChangedBy(statement: string): readonly KeptKind[] {
  if (/^\s*(?:select|pragma)\b/i.test(statement)) return nothing;
  if (/\bsource\b/i.test(statement)) return everything;
  return changedWords.test(statement) ? words : nothing;
}

/** What is kept of one database file. */
export type KeptReads = {
  /** All of these kinds may be different now. */
  forget(kinds: Iterable<KeptKind>): void;
  /** For a transaction that begins now, and sees what was committed until now. `changed`: what it has itself written. */
  open(changed: ReadonlySet<KeptKind>): Memory;
};

export function keepReads(): KeptReads {
  const kinds = { source: newKind(), word: newKind() };
  return {
    forget(changed) {
      for (const kind of changed) {
        kinds[kind].version += 1;
        kinds[kind].kept.clear();
      }
    },
    open(changed) {
      const seen = { source: kinds.source.version, word: kinds.word.version };
      return {
        async remember<T>(kind: KeptKind, name: string, read: () => Promise<T>) {
          const { kept } = kinds[kind];
          const isTrue = () => seen[kind] === kinds[kind].version && !changed.has(kind);
          if (isTrue() && kept.has(name)) return kept.get(name) as T;
          const value = await read();
          if (isTrue()) kept.set(name, value);
          return value;
        },
      };
    },
  };
}

function newKind() {
  return { version: 0, kept: new Map<string, unknown>() };
}
