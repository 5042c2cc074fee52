import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { OperationShape } from "../../../src/server/contract/change.ts";
import { usePathname } from "wouter/use-browser-location";
import { issueQuery, trackersQuery } from "../api/queries.ts";
import { currentSearch } from "../filter/canonical.ts";
import { issueInPath, openIssue } from "../routes.ts";
import { isTyping } from "../shell/shortcuts.ts";
import { Icon } from "../ui/icon.tsx";
import { formatClock } from "../ui/time.ts";
import { Words } from "../ui/words.tsx";
import { useChanges, useNotices, useNoticeStore } from "./changes-provider.tsx";
import { useChangeStore } from "./local-changes.tsx";
import type { Failure, Notices } from "./notices.ts";
import { isPlacing, type ChangeGroup } from "./change-group.ts";
import { useOutbox } from "./use-outbox.ts";

/** Minimum time for which a change can be undone from its toast. */
const leastMs = 8000;
/** Time to read the outcome. */
const lastWordMs = 1500;
const noteMs = 4000;
/** A long note takes longer to read. */
const msPerCharacter = 50;

/** Notices about recent changes, at the bottom of the page. */
export function Toasts() {
  const group = useNotices((notices) => notices.group);
  const failures = useNotices((notices) => notices.failures);
  const note = useNotices((notices) => notices.note);
  const notices = useNoticeStore();
  const { undoLast } = useChanges();

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "z" || event.shiftKey || isTyping(event) || event.defaultPrevented) return;
      event.preventDefault();
      // A new change replaces the note, so a note is always newer than the last change.
      const { note: last } = notices.get();
      if (last?.undo === undefined) undoLast();
      else {
        notices.set(() => ({ note: null }));
        last.undo();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [undoLast, notices]);

  return (
    // A modal dialog hides everything from screen readers except live regions; with aria-live set, the toasts stay reachable over an open issue.
    <section className="toasts" aria-label="Messages" aria-live="off">
      <output className="sr-only">{note?.text ?? group?.what}</output>
      {failures.map((failure) => (
        <FailureToast
          key={failure.id}
          failure={failure}
          onClose={() =>
            notices.set((before) => ({ failures: before.failures.filter((other) => other.id !== failure.id) }))
          }
        />
      ))}
      {note !== null && <NoteToast key={note.id} note={note} onClose={() => notices.set(() => ({ note: null }))} />}
      {group !== null && (
        <ChangeToast
          key={group.id}
          group={group}
          onClose={() => notices.set(({ closed }) => ({ group: null, closed: Math.max(closed, group.id) }))}
        />
      )}
    </section>
  );
}

type ToastProps = {
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** Closes after this time, unless the pointer or the focus is on it; null: stays open. */
  readonly shownMs: number | null;
  readonly onClose: () => void;
  readonly role?: "alert";
};

function Toast({ icon, children, actions, shownMs, onClose, role }: ToastProps) {
  const [held, setHeld] = useState(false);
  const close = useRef(onClose);
  const openedAt = useRef(0);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    openedAt.current = performance.now();
  }, []);
  useEffect(() => {
    if (shownMs === null || held) return undefined;
    const left = shownMs - (performance.now() - openedAt.current);
    const timer = setTimeout(() => close.current(), Math.max(lastWordMs, left));
    return () => clearTimeout(timer);
  }, [shownMs, held]);
  return (
    <div
      className="toast"
      role={role}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {icon}
      <span className="toast-text">{children}</span>
      {actions}
      <button type="button" className="icon-button" aria-label="Dismiss" title="Dismiss" onClick={onClose}>
        <Icon name="x" />
      </button>
    </div>
  );
}

type NoteToastProps = { readonly note: NonNullable<Notices["note"]>; readonly onClose: () => void };

function NoteToast({ note: { text, undo }, onClose }: NoteToastProps) {
  return (
    <Toast
      icon={<Icon name="info" className="text-ink-3" />}
      shownMs={undo === undefined ? Math.max(noteMs, text.length * msPerCharacter) : leastMs}
      onClose={onClose}
      actions={
        undo !== undefined && (
          <UndoButton
            onUndo={() => {
              onClose();
              undo();
            }}
          />
        )
      }
    >
      <Words text={text} />
    </Toast>
  );
}

function UndoButton({ onUndo }: { readonly onUndo: () => void }) {
  return (
    <button type="button" className="button" data-size="small" onClick={onUndo}>
      Undo<kbd aria-hidden="true">Z</kbd>
    </button>
  );
}

function FailureToast({ failure, onClose }: { readonly failure: Failure; readonly onClose: () => void }) {
  const { what, error, edit } = failure;
  const { make } = useChanges();
  const canRepeat = edit !== undefined && error.status >= 500;
  return (
    <Toast
      icon={<Icon name="alert" className="text-bad" />}
      shownMs={null}
      role="alert"
      onClose={onClose}
      actions={
        canRepeat && (
          <button
            type="button"
            className="button"
            data-size="small"
            onClick={() => {
              onClose();
              make([edit], `${edit.issue.ref} changed`);
            }}
          >
            Retry
          </button>
        )
      }
    >
      <b className="font-semibold">
        <Words text={what} />.
      </b>{" "}
      <Words text={error.message} /> {error.hint !== undefined && <Words text={error.hint} />}
    </Toast>
  );
}

type Course = {
  readonly icon: ReactNode;
  readonly words: string;
  /** The outcome is final. */
  readonly settled: boolean;
  /** The operation that needs the user. */
  readonly trouble?: OperationShape;
};

/** A change's progress, from its outbox operations. */
function courseOf(
  group: ChangeGroup,
  operations: readonly OperationShape[],
  where: string,
  othersWait: boolean,
): Course {
  const spinner = <Icon name="spin" className="spinning text-run" />;
  const clock = <Icon name="clock" className="text-warn" />;
  // One that waits for its turn waits behind one that has noticed.
  if (group.state === "unreachable" || (group.state === "unsent" && othersWait)) {
    return { icon: clock, words: "queued until the Panopticon server is back", settled: false };
  }
  const isLocal = group.edits.length > 0 && group.edits.every(isPlacing);
  if (isLocal && group.state !== "sent") return { icon: spinner, words: "", settled: false };
  if (group.state !== "sent") return { icon: spinner, words: `writing to ${where}…`, settled: false };
  const open = operations.filter(({ id, address }) =>
    group.operations.length > 0 ? group.operations.includes(id) : address === group.address,
  );
  const trouble = open.find(({ state }) => state === "refused" || state === "conflict");
  if (trouble !== undefined) {
    const words = trouble.state === "conflict" ? `conflict: also changed in ${where}` : `not saved: ${trouble.reason}`;
    return { icon: <Icon name="alert" className="text-bad" />, words, settled: true, trouble };
  }
  const waiting = open.find(({ state }) => state === "waiting" || state === "unknown");
  if (waiting?.state === "waiting") {
    // Credentials do not come back by waiting.
    if (waiting.code === "auth") return { icon: clock, words: `waits for ${where}: ${waiting.reason}`, settled: true };
    const until = waiting.nextAttemptAt === null ? "" : `, ${formatClock(waiting.nextAttemptAt)}`;
    return { icon: clock, words: `waits for ${where}${until}`, settled: true };
  }
  if (waiting !== undefined) return { icon: clock, words: `answer lost, checking in ${where}`, settled: true };
  if (open.length > 0) return { icon: spinner, words: `writing to ${where}…`, settled: false };
  return { icon: <Icon name="check" className="text-ok" />, words: "", settled: true };
}

function ChangeToast({ group, onClose }: { readonly group: ChangeGroup; readonly onClose: () => void }) {
  const operations = useOutbox();
  const trackers = useQuery(trackersQuery).data?.trackers;
  const { undo } = useChanges();
  const othersWait = useNotices((notices) => notices.waits);
  const store = useChangeStore();
  const used = [...new Set(group.edits.map(({ issue }) => issue.tracker))];
  const [first] = used;
  const label = trackers?.find(({ id }) => id === first)?.label ?? first;
  const where = used.length > 1 ? `${used.length} trackers` : (label ?? "the tracker");
  const { icon, words, settled, trouble } = courseOf(group, operations, where, othersWait);
  const { created } = group;
  const open = issueInPath(usePathname())?.toLowerCase();
  const isOpen = trouble !== undefined && [trouble.ref, trouble.address].some((name) => name.toLowerCase() === open);
  // The issue's ref once its tracker has assigned it.
  const named = useQuery({ ...issueQuery(created?.address ?? ""), enabled: created !== undefined && settled }).data;

  // Keep cards where they were dropped while this toast is shown.
  useEffect(
    () => () => store.release(new Set(store.get().flatMap(({ id }) => (id < group.id ? [id] : [])))),
    [store, group.id],
  );

  return (
    <Toast
      icon={icon}
      shownMs={settled ? leastMs : null}
      onClose={onClose}
      actions={
        <>
          {created !== undefined && (
            <button
              type="button"
              className="button"
              data-size="small"
              onClick={() => {
                onClose();
                openIssue(named?.address ?? created.address, currentSearch());
              }}
            >
              Open
            </button>
          )}
          {created === undefined && trouble !== undefined && !isOpen && (
            <button
              type="button"
              className="button"
              data-size="small"
              onClick={() => {
                onClose();
                openIssue(trouble.address, currentSearch());
              }}
            >
              {trouble.state === "conflict" ? "Review" : "Open"}
            </button>
          )}
          <UndoButton
            onUndo={() => {
              onClose();
              undo(group.id);
            }}
          />
        </>
      }
    >
      <Words text={named === undefined ? group.what : `${named.ref} ${created?.words}`} />
      {words !== "" && (
        <span className="text-ink-3">
          {" "}
          · <Words text={words} />
        </span>
      )}
    </Toast>
  );
}
