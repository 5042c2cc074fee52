import type { IssuePatch } from "../../../src/server/contract/change.ts";
import type { MoveChoiceShape } from "../../../src/server/contract/move-choice.ts";
import type { CreatedIssueShape, IssueShape } from "../../../src/server/contract/issue.ts";
import { type ApiError, toApiError } from "../api/client.ts";
import { cardKey } from "../board/data/board-data.ts";
import { firstKey } from "../board/data/new-names.ts";
import type { ChangeStore } from "./change-store.ts";
import { type ChangeGroup, type Choice, type Edit, isPlacing } from "./change-group.ts";
import { inverseChange } from "./shown-change.ts";
import { createTurns } from "./turns.ts";

/** A request that is unanswered for longer may be lost with the page: the server is slow, or is being restarted. */
const momentMs = 1000;

type BulkResult = { readonly ref: string; readonly issue: IssueShape | null; readonly problem: ApiError | null };

export type SendingParts = {
  readonly store: ChangeStore;
  readonly edit: (address: string, patch: IssuePatch, step: string) => Promise<IssueShape>;
  readonly editAll: (addresses: readonly string[], patch: IssuePatch, step: string) => Promise<readonly BulkResult[]>;
  /**
   * Resolves with the reasons why parts of the step stay changed. `key`: idempotency key, the same for every attempt, so that a retry after a lost response is
   * not rejected as already done.
   */
  readonly undo: (step: string, key: string) => Promise<readonly ApiError[]>;
  /** Calls back once the change is painted. */
  readonly afterPaint: (work: () => void) => void;
  /** Resolves when retrying an unreachable server makes sense. */
  readonly untilReachable: () => Promise<void>;
  /** Asks the user which transition a move takes; null: cancel the move. */
  readonly choose: (
    issue: IssueShape,
    patch: IssuePatch,
    choices: readonly MoveChoiceShape[],
  ) => Promise<Choice | null>;
  readonly onGroup: (group: ChangeGroup) => void;
  /** Whether something waits until the server is back. */
  readonly onWaiting: (waits: boolean) => void;
  /** A part was rejected and reverted. */
  readonly onFailure: (group: ChangeGroup, edit: Edit | undefined, error: ApiError) => void;
  /** A group, or part of it, could not be undone. */
  readonly onUndoFailure: (group: ChangeGroup, error: ApiError) => void;
  /** Milliseconds on a clock that nobody sets. */
  readonly now?: () => number;
};

/** What is shown of an undo until it is read. */
type ShownUndo = { readonly answered: () => void; readonly remove: () => void };

export type Changes = {
  /** Applies the edits optimistically and sends them. `what` describes them. */
  readonly make: (edits: readonly Edit[], what: string) => void;
  /**
   * Makes a change that is no edit (a comment, a relation) to an issue, in its turn among the issue's changes: `send` gets the step's name, and is called again
   * while the server is unreachable (`isRepeated`: the first call may have arrived). `showUndone` is called when it is undone. Resolves with whether it was
   * made: false if it was undone before the server had answered. Rejects if `send` is refused.
   */
  readonly run: (
    what: string,
    issue: IssueShape,
    send: (step: string, isRepeated: boolean) => Promise<unknown>,
    showUndone?: () => ShownUndo,
  ) => Promise<boolean>;
  /** Records a created issue, so that it can be undone. `words` are said of it after its ref: `created`. */
  readonly created: (words: string, issue: CreatedIssueShape) => void;
  /** Undoes the last change of this page, or the given one; returns it, or undefined if there is none. */
  readonly undo: (groupId?: number) => ChangeGroup | undefined;
  /** Whether leaving the page may lose something: a change or an undo that waits for its turn, or for the server, for longer than a moment. */
  readonly hasUnsent: () => boolean;
};

/** Makes changes: optimistically on the page, then on the server, one at a time per issue. */
export function createChanges(parts: SendingParts): Changes {
  const { store, now = () => performance.now() } = parts;
  const inTurn = createTurns();
  const groups = new Map<number, ChangeGroup>();
  /** Groups that were undone. */
  const undone = new Set<number>();
  /** Groups with a call that got no answer: the server may have applied it. */
  const doubtful = new Set<number>();
  /** Groups whose undo the server has not answered. */
  const undoing = new Set<number>();
  /** Since when groups have had a call in flight. */
  const askedAt = new Map<number, number>();
  /** The issues of groups, by names that they keep. */
  const turnKeys = new Map<number, readonly string[]>();
  /** Take back changes made through `run` that wait for their turn. */
  const withdrawers = new Map<number, () => void>();
  /** How many calls wait until the server is back. */
  let waiting = 0;
  const undoShowers = new Map<number, () => ShownUndo>();
  let lastId = 0;

  const update = (id: number, change: Partial<ChangeGroup>) => {
    const group = groups.get(id);
    if (group === undefined) return;
    const next = { ...group, ...change };
    groups.set(id, next);
    if (!undone.has(id)) parts.onGroup(next);
  };
  const fail = (id: number, edit: Edit | undefined, error: ApiError) => {
    const group = groups.get(id);
    if (group !== undefined) parts.onFailure(group, edit, error);
  };

  /** Retries while the server is unreachable, so that a change survives its restart. */
  const persist = async <T>(id: number, ask: () => Promise<T>, isUnwanted = () => undone.has(id)): Promise<T> => {
    for (;;) {
      try {
        askedAt.set(id, now());
        return await ask();
      } catch (error) {
        if (toApiError(error).code !== "server_unreachable") throw error;
        doubtful.add(id);
        if (isUnwanted()) throw error;
        update(id, { state: "unreachable" });
        waiting += 1;
        parts.onWaiting(true);
        await parts.untilReachable();
        waiting -= 1;
        parts.onWaiting(waiting > 0);
        // Do not send what was undone while the server was unreachable.
        if (isUnwanted()) throw error;
        update(id, { state: "sending" });
      } finally {
        askedAt.delete(id);
      }
    }
  };

  const stepOf = (id: number) => groups.get(id)?.step ?? "";

  const sendOne = async (groupId: number, edit: Edit, localId: number): Promise<IssueShape | null> => {
    let { patch } = edit;
    for (;;) {
      try {
        const answer = await persist(groupId, () => parts.edit(edit.issue.address, patch, stepOf(groupId)));
        store.answered(localId, answer);
        return answer;
      } catch (thrown) {
        const error = toApiError(thrown);
        // Do not ask about a move that was undone meanwhile.
        if (error.code === "choice_needed" && error.choices.length > 0 && !undone.has(groupId)) {
          const choice = await parts.choose(edit.issue, patch, error.choices);
          if (choice !== null) {
            patch = { ...patch, transition: choice.transition, fields: { ...patch.fields, ...choice.fields } };
            continue;
          }
          store.remove(new Set([localId]));
          return null;
        }
        store.remove(new Set([localId]));
        if (!undone.has(groupId)) fail(groupId, edit, error);
        return null;
      }
    }
  };

  const sendTogether = async (
    groupId: number,
    edits: readonly (readonly [number, Edit])[],
  ): Promise<readonly IssueShape[]> => {
    const patch = edits[0]?.[1].patch ?? {};
    const addresses = edits.map(([, { issue }]) => issue.address);
    const answers: IssueShape[] = [];
    try {
      const results = await persist(groupId, () => parts.editAll(addresses, patch, stepOf(groupId)));
      for (const [index, [localId, edit]] of edits.entries()) {
        const { issue = null, problem = null } = results[index] ?? {};
        if (problem?.code === "choice_needed") {
          // One at a time: the same move may need different input in another workflow.
          const answer = await sendOne(groupId, edit, localId);
          if (answer !== null) answers.push(answer);
        } else if (problem !== null) {
          store.remove(new Set([localId]));
          fail(groupId, edit, problem);
        } else {
          store.answered(localId, issue);
          if (issue !== null) answers.push(issue);
        }
      }
    } catch (thrown) {
      store.remove(new Set(edits.map(([localId]) => localId)));
      if (!undone.has(groupId)) fail(groupId, edits[0]?.[1], toApiError(thrown));
    }
    return answers;
  };

  const send = async (groupId: number, edits: readonly (readonly [number, Edit])[]): Promise<void> => {
    if (undone.has(groupId)) return;
    update(groupId, { state: "sending" });
    let answered = 0;
    const operations: number[] = [];
    for (const part of Map.groupBy(edits, ([, { patch }]) => JSON.stringify(patch)).values()) {
      const [first] = part;
      if (first === undefined) continue;
      const answers =
        part.length > 1
          ? await sendTogether(groupId, part)
          : [await sendOne(groupId, first[1], first[0])].filter((answer) => answer !== null);
      answered += answers.length;
      // Other operations of an issue that was only placed have nothing to do with this change.
      if (isPlacing(first[1])) continue;
      for (const { sync } of answers) if (sync.operation !== null) operations.push(sync.operation);
    }
    update(groupId, { state: answered === 0 ? "failed" : "sent", operations });
  };

  const show = (edits: readonly Edit[]): readonly (readonly [number, Edit])[] => {
    const numbered = edits.map((edit): [number, Edit] => [(lastId += 1), edit]);
    const madeAt = new Date().toISOString();
    store.add(
      numbered.map(([id, { issue, shown, putAt = null }]) => ({
        id,
        key: cardKey(issue),
        before: issue,
        shown,
        madeAt,
        answer: null,
        answeredAt: null,
        putAt,
      })),
    );
    return numbered;
  };
  /** A new issue's key changes when its tracker has named it; its turn is the same. */
  const keyOf = (issue: IssueShape) => firstKey(cardKey(issue));
  const shownIds = new Map<number, ReadonlySet<number>>();

  const make = (edits: readonly Edit[], what: string) => {
    if (edits.length === 0) return;
    const numbered = show(edits);
    const id = (lastId += 1);
    const group: ChangeGroup = { id, step: crypto.randomUUID(), edits, what, state: "unsent", operations: [] };
    groups.set(id, group);
    shownIds.set(id, new Set(numbered.map(([localId]) => localId)));
    parts.onGroup(group);
    const keys = edits.map(({ issue }) => keyOf(issue));
    turnKeys.set(id, keys);
    inTurn(keys, () => new Promise((resolve) => parts.afterPaint(() => void send(id, numbered).finally(resolve))));
  };

  const run: Changes["run"] = (what, issue, send, showUndone) => {
    const id = (lastId += 1);
    const step = crypto.randomUUID();
    const { address } = issue;
    const group: ChangeGroup = { id, step, edits: [], what, state: "unsent", operations: [], address };
    groups.set(id, group);
    parts.onGroup(group);
    if (showUndone !== undefined) undoShowers.set(id, showUndone);
    const keys = [keyOf(issue)];
    turnKeys.set(id, keys);
    const outcome = Promise.withResolvers<boolean>();
    withdrawers.set(id, () => outcome.resolve(false));
    inTurn(keys, async () => {
      withdrawers.delete(id);
      if (undone.has(id)) return;
      update(id, { state: "sending" });
      try {
        await persist(id, () => send(step, doubtful.has(id)));
        update(id, { state: "sent" });
        outcome.resolve(true);
      } catch (error) {
        update(id, { state: "failed" });
        if (undone.has(id) && toApiError(error).code === "server_unreachable") outcome.resolve(false);
        else outcome.reject(error);
      }
    });
    return outcome.promise;
  };

  const created: Changes["created"] = (words, issue) => {
    const id = (lastId += 1);
    const { ref, address, change: step, sync } = issue;
    const what = `${ref} ${words}`;
    const operations = sync.operation === null ? [] : [sync.operation];
    const group: ChangeGroup = {
      id,
      step,
      edits: [],
      what,
      state: "sent",
      operations,
      address,
      created: { address, words },
    };
    groups.set(id, group);
    store.created((lastId += 1), cardKey(issue), issue);
    parts.onGroup(group);
  };

  const undo = (groupId?: number): ChangeGroup | undefined => {
    const candidates = [...groups.values()].filter(({ id, state }) => !undone.has(id) && state !== "failed");
    const group = groupId === undefined ? candidates.at(-1) : candidates.find(({ id }) => id === groupId);
    if (group === undefined) return undefined;
    const { id, step, edits } = group;
    undone.add(id);
    if (group.state === "unsent") {
      store.remove(shownIds.get(id) ?? new Set());
      withdrawers.get(id)?.();
      return group;
    }
    // Also for a change without an answer: it may have arrived, and reads would bring it back until it is undone.
    const back = show(edits.map((edit) => ({ ...edit, shown: inverseChange(edit.issue, edit.shown) })));
    if (group.state === "unreachable") store.remove(shownIds.get(id) ?? new Set());
    const undoShown = undoShowers.get(id)?.();
    const leave = () => {
      store.remove(new Set(back.map(([localId]) => localId)));
      undoShown?.remove();
    };
    undoing.add(id);
    const takeBack = async () => {
      // The change in flight has finished by now; if it was rejected, there is nothing to undo.
      const isRefused = groups.get(id)?.state === "failed";
      if (isRefused && !doubtful.has(id)) return leave();
      try {
        const key = crypto.randomUUID();
        const problems = await persist(
          id,
          () => parts.undo(step, key),
          () => false,
        );
        for (const [localId] of back) store.answered(localId, null);
        undoShown?.answered();
        for (const problem of problems) parts.onUndoFailure(group, problem);
      } catch (thrown) {
        leave();
        const error = toApiError(thrown);
        if (isRefused && error.code === "not_found") return;
        // The change is just being sent to the tracker; the undo can be retried shortly.
        if (error.code === "busy") undone.delete(id);
        parts.onUndoFailure(group, error);
      }
    };
    inTurn(turnKeys.get(id) ?? [], () => takeBack().finally(() => undoing.delete(id)));
    return group;
  };

  const hasUnsent = () =>
    undoing.size > 0 ||
    [...askedAt.values()].some((since) => now() - since > momentMs) ||
    [...groups.values()].some(({ id, state }) => !undone.has(id) && (state === "unsent" || state === "unreachable"));

  return { make, run, created, undo, hasUnsent };
}
