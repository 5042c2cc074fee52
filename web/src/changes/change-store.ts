import type { CreatedIssueShape, IssueShape } from "../../../src/server/contract/issue.ts";
import type { LocalChange } from "./local-change.ts";

/** How long to keep answered changes, in milliseconds: data read before them may be cached as long, and is shown at first when its issue is opened. */
const rememberedMs = 10 * 60_000;

/** The user's own changes that cached server data may not include yet. */
export type ChangeStore = {
  readonly get: () => readonly LocalChange[];
  readonly subscribe: (listener: () => void) => () => void;
  readonly add: (changes: readonly LocalChange[]) => void;
  /** Adds a new issue as the server returned it. */
  readonly created: (id: number, key: string, issue: CreatedIssueShape) => void;
  /** The server has accepted the change; `answer` is the resulting issue, if the call returns it. */
  readonly answered: (id: number, answer: IssueShape | null) => void;
  /** Reverts changes. */
  readonly remove: (ids: ReadonlySet<number>) => void;
  /** Data was read, even if it turned out the same: it may include more changes than before. */
  readonly reread: () => void;
  /** Lets dropped cards move to the place the sort order gives them. */
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
      const oldest = now() - rememberedMs;
      set([...changes.filter(({ answeredAt }) => answeredAt === null || answeredAt > oldest), ...more]);
    },
    created: (id, key, issue) => {
      const answered = { answer: issue, answeredAt: now(), sequence: issue.sequence };
      set([...changes, { id, key, before: null, shown: {}, madeAt: issue.createdAt, ...answered, putAt: 0 }]);
    },
    answered: (id, answer) =>
      set(changes.map((change) => (change.id === id ? { ...change, answer, answeredAt: now() } : change))),
    remove: (ids) => set(changes.filter(({ id }) => !ids.has(id))),
    reread: () => {
      if (changes.length > 0) set([...changes]);
    },
    release: (ids) =>
      set(changes.map((change) => (ids.has(change.id) && change.putAt !== null ? { ...change, putAt: null } : change))),
  };
}
