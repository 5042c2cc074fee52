import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";
import { afterPaint } from "../api/after-paint.ts";
import { changeCalls } from "../api/change-calls.ts";
import { type ApiError, toApiError, toProblemError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { hasPerishable } from "../api/keepalive.ts";
import { queryKeys } from "../api/queries.ts";
import { awaitName } from "../board/data/new-names.ts";
import { hasUnstoredDrafts } from "../editor/drafts.ts";
import { reopenTextDraft } from "../editor/use-text-draft.ts";
import { LiveContext } from "../live/live-store.ts";
import { useChangeStore } from "./local-changes.tsx";
import { createNoticeStore, type Notices, type NoticeStore } from "./notices.ts";
import { createOwnSteps, type OwnStep, tabStorage } from "./own-steps.ts";
import type { Choice } from "./change-group.ts";
import type { Changes } from "./changes.ts";
import { createChanges } from "./send-changes.ts";
import { createTabSteps, tabName } from "./tab-steps.ts";
import { useUnsent } from "./unsent/use-unsent.ts";
import { untilReachable } from "./until-reachable.ts";

type ChangeControl = Changes & {
  /** Shows a short notice. */
  readonly say: (text: string) => void;
  /** Undoes this tab's last change, even from before a reload. If there is none, offers to undo the last change of a closed tab. */
  readonly undoLast: () => void;
};

const ChangesContext = createContext<{ readonly control: ChangeControl; readonly notices: NoticeStore } | null>(null);

function useContextValue() {
  const value = useContext(ChangesContext);
  if (value === null) throw new Error("changes are made inside of <ChangesProvider> only");
  return value;
}

export function useChanges(): ChangeControl {
  return useContextValue().control;
}

export function useNotices<T>(select: (notices: Notices) => T): T {
  const { notices } = useContextValue();
  return useSyncExternalStore(notices.subscribe, () => select(notices.get()));
}

export function useNoticeStore(): NoticeStore {
  return useContextValue().notices;
}

function takenBack(what: string): string {
  return `Undone: ${what}`;
}

/** Applies the user's changes optimistically, sends them, and reports the outcome. */
export function ChangesProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const store = useChangeStore();
  const live = useContext(LiveContext);
  const [notices] = useState(createNoticeStore);
  const [ownSteps] = useState(() => createOwnSteps(tabStorage()));
  const [tabSteps] = useState(() => createTabSteps(tabName(tabStorage()), navigator.locks));
  const remember = useCallback(
    (step: OwnStep) => {
      ownSteps.add(step);
      tabSteps.add(step);
    },
    [ownSteps, tabSteps],
  );
  const unsent = useUnsent({ live, notices, remember });
  const value = useMemo(() => {
    const readOutbox = () => {
      client.invalidateQueries({ queryKey: queryKeys.outbox }).catch(() => undefined);
    };
    const { say } = notices;
    const forget = (step: string) => {
      ownSteps.remove(step);
      tabSteps.remove(step);
    };
    const changes = createChanges({
      store,
      unsent,
      edit: (address, patch, step) => api.change(changeCalls.edit(address, patch), step),
      editAll: async (addresses, patch, step) =>
        (await api.editIssues(addresses, patch, step)).results.map(({ ref, issue, problem }) => ({
          ref,
          issue,
          problem: problem === null ? null : toProblemError(problem),
        })),
      undo: async (step, key) => {
        const { problems } = await api.undo(step, key);
        readOutbox();
        return problems.map(toProblemError);
      },
      afterPaint,
      untilReachable: () => untilReachable(live),
      choose: (issue, patch, choices) =>
        new Promise<Choice | null>((resolve) => {
          // One question at a time: a new one cancels the one before.
          notices.get().choice?.settle(null);
          const settle = (choice: Choice | null) => {
            notices.set(() => ({ choice: null }));
            resolve(choice);
          };
          notices.set(() => ({ choice: { issue, patch, choices, settle } }));
        }),
      onGroup: (group) => {
        if (group.state === "failed") forget(group.step);
        else if (group.state !== "unsent") remember(group);
        notices.set(({ group: shown, closed }) => {
          if (group.id <= closed || group.id < (shown?.id ?? 0)) return {};
          return { group: group.state === "failed" ? null : group, note: null };
        });
        if (group.state === "sent") readOutbox();
      },
      onWaiting: (waits) => notices.set(() => ({ waits })),
      onFailure: (group, edit, error) => {
        // Reopen the field with a rejected text, so that it is not lost.
        for (const field of ["title", "body"] as const) {
          const text = edit?.patch[field];
          if (edit === undefined || text === undefined) continue;
          reopenTextDraft(edit.issue, field, text, edit.patch.base?.[field] ?? null);
        }
        const what = edit === undefined ? `Not saved: ${group.what}` : `Couldn’t save ${edit.issue.ref}`;
        notices.fail(what, error, edit);
      },
      onUndoFailure: ({ what, step }, error) => failUndo(what, step, error),
    });
    const failUndo = (what: string, step: string, error: ApiError) => {
      if (error.code === "busy") remember({ step, what });
      // A change that is already undone, or never took effect, is not a failure.
      if (error.code === "not_found") return say(`${what}: ${error.message}`);
      notices.set(({ note }) => (note?.text === takenBack(what) ? { note: null } : {}));
      notices.fail(`Couldn’t undo: ${what}`, error);
    };
    const undo: Changes["undo"] = (groupId) => {
      const group = changes.undo(groupId);
      if (group === undefined) return undefined;
      forget(group.step);
      say(takenBack(group.what));
      return group;
    };
    /** Undoes a step that no open page made: from before a reload, or from a closed tab. */
    const undoFormer = (former: OwnStep) => {
      const { step, what } = former;
      forget(step);
      api.undo(step, crypto.randomUUID()).then(
        ({ problems }) => {
          say(takenBack(what));
          for (const problem of problems) failUndo(what, step, toProblemError(problem));
        },
        (error: unknown) => {
          const known = toApiError(error);
          if (known.code === "server_unreachable") remember(former);
          failUndo(what, step, known);
        },
      );
    };
    /** Users may not remember what a closed tab did last, so name it before undoing it. */
    const offerOfClosed = () => {
      const nothing = "Nothing to undo in this tab";
      tabSteps.lastOfClosed().then(
        (former) =>
          former === null
            ? say(nothing)
            : notices.say(`${nothing}. Last change in a closed tab: ${former.what}`, () => undoFormer(former)),
        () => say(nothing),
      );
    };
    const undoLast = () => {
      notices.set(() => ({ undoneAt: performance.now() }));
      const group = undo();
      if (group === undefined) {
        const former = ownSteps.last();
        if (former === undefined) offerOfClosed();
        else undoFormer(former);
        return;
      }
      notices.set(({ group: shown, closed }) => ({
        group: shown?.id === group.id ? null : shown,
        closed: Math.max(closed, group.id),
      }));
    };
    const created: Changes["created"] = (words, issue) => {
      awaitName(issue);
      changes.created(words, issue);
    };
    return { control: { ...changes, created, undo, say, undoLast }, notices };
  }, [client, store, live, notices, ownSteps, tabSteps, remember, unsent]);

  const { hasUnsent } = value.control;
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (hasUnsent() || hasPerishable() || hasUnstoredDrafts()) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [hasUnsent]);

  return <ChangesContext value={value}>{children}</ChangesContext>;
}
