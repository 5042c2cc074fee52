/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox has no native tags */
import { Avatar } from "../ui/avatar.tsx";
import { StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import type { Completion } from "./use-completion.ts";

const width = 320;

/** Completions of the word before the caret, shown below it. */
export function CompletionMenu({ completion }: { readonly completion: Completion }) {
  const { open, entries, at, listId, place, choose, setAt } = completion;
  if (!open) return null;
  return (
    <div
      className="menu completions"
      role="listbox"
      id={listId}
      aria-label="Suggestions"
      style={{ top: (place?.bottom ?? 0) + 4, left: `min(${place?.left ?? 0}px, calc(100% - ${width + 8}px))`, width }}
    >
      {entries.map((entry, index) => (
        <div
          key={entry.kind === "person" ? `@${entry.person.login}` : entry.issue.address}
          id={`${listId}-${index}`}
          className="menu-item"
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          onPointerMove={() => setAt(index)}
          onPointerDown={(event) => {
            event.preventDefault();
            choose(entry);
          }}
        >
          {entry.kind === "person" ? (
            <>
              <Avatar person={entry.person} />
              <span className="truncate">{entry.person.name || entry.person.login}</span>
              <span className="choices-more ml-auto">{entry.person.login}</span>
            </>
          ) : (
            <>
              <TrackerGlyph tracker={entry.issue.tracker} />
              <span className="flex-none text-ink-3">{entry.issue.ref}</span>
              <span className="min-w-0 flex-1 truncate" dir="auto">
                {entry.issue.title}
              </span>
              <StatusIcon status={entry.issue.status} size={14} />
            </>
          )}
        </div>
      ))}
    </div>
  );
}
