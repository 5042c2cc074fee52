import type { Trx } from "./database.ts";

/** The reads that are kept, as one transaction may use them. */
export type Memory = { remember<T>(name: string, read: () => Promise<T>): Promise<T> };

const memories = new WeakMap<Trx, Memory>();

/** Lets the queries of a transaction use a memory. */
export function giveMemory(db: Trx, memory: Memory): void {
  memories.set(db, memory);
}

/**
 * What `read` gives, which must come from the table `source` alone. Nearly every call needs it and it seldom changes, so it is kept for other transactions, until
 * one writes to that table. Nothing is kept of a database that others write, too. The value belongs to all: nobody changes it.
 */
export function remember<T>(db: Trx, name: string, read: () => Promise<T>): Promise<T> {
  return memories.get(db)?.remember(name, read) ?? read();
}

/** Whether a statement may change what is kept; one that only reads does not. */
export function mayChangeKept(statement: string): boolean {
  return !/^\s*(?:select|pragma)\b/i.test(statement) && /\bsource\b/i.test(statement);
}

/** What is kept of one database file. */
export type KeptReads = {
  /** All of it may be different now. */
  forget(): void;
  /** For a transaction that begins now, and sees what was committed until now. `hasChanged`: it has itself written. */
  open(hasChanged: () => boolean): Memory;
};

export function keepReads(): KeptReads {
  const kept = new Map<string, unknown>();
  let version = 0;
  return {
    forget() {
      version += 1;
      kept.clear();
    },
    open(hasChanged) {
      const seen = version;
      const isTrue = () => seen === version && !hasChanged();
      return {
        async remember<T>(name: string, read: () => Promise<T>) {
          if (isTrue() && kept.has(name)) return kept.get(name) as T;
          const value = await read();
          if (isTrue()) kept.set(name, value);
          return value;
        },
      };
    },
  };
}
