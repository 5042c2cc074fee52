import type { CreatedIssueShape, IssueShape } from "../../../src/server/contract/issue.ts";
import type { LocalChange } from "./local-change.ts";

/** Answered changes that are remembered: what was read before them may still be in the cache. */
const remembered = 200;

/** The user's own changes that what is on the screen may not have from the server yet. */
export type ChangeStore = {
  readonly get: () => readonly LocalChange[];
  readonly subscribe: (listener: () => void) => () => void;
  readonly add: (changes: readonly LocalChange[]) => void;
  /** A new issue: there as the server answered it. */
  readonly created: (id: number, key: string, issue: CreatedIssueShape) => void;
  /** The server has taken it; `answer` is the issue as it is shown there, where the call gives it. */
  readonly answered: (id: number, answer: IssueShape | null) => void;
  /** Takes changes back. */
  readonly remove: (ids: ReadonlySet<number>) => void;
  /** Lets the cards go to their own places. */
  readonly release: (ids: ReadonlySet<number>) => void;
};

export function createChangeStore(now: () => number = () => performance.now()): ChangeStore {
  let changes: readonly LocalChange[] = [];
  const listeners = new Set<() => void>();
  const set = (next: readonly LocalChange[]) => {
    changes = next;
    for (const listener of listeners) listener();
  };
  return {
    get: () => changes,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add: (more) => {
      const old = changes.filter(({ answeredAt }) => answeredAt !== null).slice(0, -remembered);
      set([...changes.filter((change) => !old.includes(change)), ...more]);
    },
    created: (id, key, issue) => {
      const answered = { answer: issue, answeredAt: now(), sequence: issue.sequence };
      set([...changes, { id, key, before: null, shown: {}, madeAt: issue.createdAt, ...answered, putAt: 0 }]);
    },
    answered: (id, answer) =>
      set(changes.map((change) => (change.id === id ? { ...change, answer, answeredAt: now() } : change))),
    remove: (ids) => set(changes.filter(({ id }) => !ids.has(id))),
    release: (ids) =>
      set(changes.map((change) => (ids.has(change.id) && change.putAt !== null ? { ...change, putAt: null } : change))),
  };
}
