import type { Trx } from "./database.ts";

/**
 * The kinds of reads that can be cached: the sources; the words that issues are described with (states, labels, people, types, …); single issues with their
 * pending changes.
 */
export type KeptKind = "source" | "word" | "issue";

export const keptKinds: readonly KeptKind[] = ["source", "word", "issue"];

/** A change reads its issue twice in quick succession, so there is no use in caching many. */
const maxIssues = 20;

/** The cached reads as visible to one transaction. */
export type Memory = { remember<T>(kind: KeptKind, name: string, read: () => Promise<T>): Promise<T> };

const memories = new WeakMap<Trx, Memory>();

/** Attaches a memory to a transaction. */
export function giveMemory(db: Trx, memory: Memory): void {
  memories.set(db, memory);
}

/**
 * Caches the result of `read`, which must use only the tables of `kind`, across transactions until one writes to those tables, because nearly every call needs
 * it and it seldom changes. Caches nothing for a database that others write, too. The value is shared and must not be modified, except by adding further
 * results of reads.
 */
export function remember<T>(db: Trx, kind: KeptKind, name: string, read: () => Promise<T>): Promise<T> {
  return memories.get(db)?.remember(kind, name, read) ?? read();
}

/** The table that a statement writes to. It may read others, which stay as they are. */
const written =
  /^\s*(?:(?:insert(?:\s+or\s+\w+)?|replace)\s+into|update(?:\s+or\s+\w+)?|delete\s+from)\s+"?(?:(?:main|temp)\.)?(\w+)/i;
const words: readonly string[] = ["state", "label", "cycle", "native_priority", "person", "issue_type"];
const issues: readonly string[] = ["issue", "card", "base", "operation"];

/** The kept kinds that a statement may change; none for one that only reads. */
export function keptKindsChangedBy(statement: string): readonly KeptKind[] {
  if (/^\s*(?:select|pragma|begin|commit|rollback|create\s+temp)\b/i.test(statement)) return [];
  const table = written.exec(statement)?.[1]?.toLowerCase();
  // Deleting a source or a connection deletes its words and issues. What changes the schema may change anything.
  if (table === undefined || table === "source" || table === "connection") return keptKinds;
  return [
    ...(words.includes(table) ? (["word"] as const) : []),
    ...(issues.includes(table) ? (["issue"] as const) : []),
  ];
}

/** The cached reads of one database file. */
export type KeptReads = {
  /** Invalidates these kinds. */
  forget(kinds: Iterable<KeptKind>): void;
  /** The memory for a transaction that begins now and sees everything committed until now. `changed`: the kinds it has itself written. */
  open(changed: ReadonlySet<KeptKind>): Memory;
};

/** Creates the cache of one database's reads, invalidated when their tables are written. */
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
