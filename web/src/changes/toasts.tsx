import { useEffect } from "react";
import { isTyping } from "../shell/shortcuts.ts";
import { ChangeToast } from "./change-toast.tsx";
import { useChanges, useNotices, useNoticeStore } from "./changes-provider.tsx";
import { FailureToast } from "./failure-toast.tsx";
import { NoteToast } from "./note-toast.tsx";

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
