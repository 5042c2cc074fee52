/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox has no native tags */
import { Fragment, useEffect, useRef, type ReactNode } from "react";
import { toApiError } from "../../api/client.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { type Group, issuesTitle, type Option } from "./options.ts";
import { CommandRow, IssueRow } from "./rows.tsx";

type PaletteListProps = {
  readonly id: string;
  readonly groups: readonly Group[];
  /** The marked option, counted over all groups. */
  readonly current: number;
  readonly text: string;
  /** Why the search failed. */
  readonly error: Error | null;
  /** The search is answered and found nothing. */
  readonly foundNothing: boolean;
  readonly onMark: (index: number) => void;
  readonly onChoose: (option: Option) => void;
};

/** The palette's options by group, the marked one in view. */
export function PaletteList(props: PaletteListProps) {
  const { id: listId, groups, current, text, error, foundNothing, onMark, onChoose } = props;
  const list = useRef<HTMLDivElement>(null);
  const isEmpty = groups.every(({ options }) => options.length === 0);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const rows = (own: readonly Option[], from: number): ReactNode =>
    own.map((option, index) => (
      <div
        key={option.id}
        id={`${listId}-${from + index}`}
        role="option"
        tabIndex={-1}
        className="palette-row"
        aria-selected={from + index === current}
        onPointerMove={() => onMark(from + index)}
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => onChoose(option)}
        onKeyDown={undefined}
      >
        {option.kind === "issue" ? (
          <IssueRow issue={option.issue} text={text} />
        ) : (
          <CommandRow command={option} text={text} />
        )}
      </div>
    ));

  return (
    <>
      {/* A listbox without options is not valid. */}
      <div
        className="palette-list"
        role={isEmpty ? undefined : "listbox"}
        id={listId}
        aria-label={isEmpty ? undefined : "Results"}
        // A scrollable element would be in the tab order and lose the focus once it no longer scrolls.
        tabIndex={-1}
        ref={list}
      >
        {groups.map(({ title, note, options: own }, index) => {
          const from = groups.slice(0, index).reduce((sum, before) => sum + before.options.length, 0);
          const isOfIssues = title === issuesTitle;
          return (
            <Fragment key={`${title} ${index}`}>
              {title !== null && (own.length > 0 || isOfIssues) && (
                <div className="palette-group" role="presentation">
                  {title}
                  {note !== undefined && <span className="font-normal">{note}</span>}
                </div>
              )}
              {isOfIssues && error !== null && <ErrorNote error={toApiError(error)} />}
              {rows(own, from)}
              {isOfIssues && foundNothing && <p className="px-2 py-1 text-12 text-ink-3">No issues match.</p>}
            </Fragment>
          );
        })}
      </div>
    </>
  );
}
