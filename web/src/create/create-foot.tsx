import { commandKey } from "../shell/shortcuts.ts";
import type { NewIssue } from "./use-new-issue.ts";

type CreateFootProps = {
  readonly issue: NewIssue;
  readonly more: boolean;
  readonly onMore: (more: boolean) => void;
  readonly onDiscard: () => void;
  readonly onRestore: () => void;
  readonly onClose: () => void;
};

/** The actions of the create dialog. */
export function CreateFoot({ issue, more, onMore, onDiscard, onRestore, onClose }: CreateFootProps) {
  const { label, isReadOnly, isNowhere, isEmpty, isCreating } = issue;
  return (
    <footer className="create-foot">
      <label className="create-more" htmlFor="create-more">
        <input
          id="create-more"
          type="checkbox"
          className="check-input"
          checked={more}
          onChange={({ target }) => onMore(target.checked)}
        />
        Create more
      </label>
      <span className="min-w-0 flex-1 truncate text-right text-ink-3 not-phone">
        {isReadOnly
          ? `${label} is read-only here`
          : isNowhere
            ? "Your draft is kept"
            : `Appears on the board right away. ${label} assigns the ref.`}
      </span>
      {!isEmpty && (
        <button type="button" className="button" data-kind="quiet" onClick={onDiscard}>
          Discard
        </button>
      )}
      {isEmpty && issue.canRestore && (
        <button type="button" className="button" data-kind="quiet" onClick={onRestore}>
          Restore draft
        </button>
      )}
      <button type="button" className="button" data-kind="quiet" onClick={onClose}>
        {isEmpty ? "Cancel" : "Save draft"}
        <kbd aria-hidden="true" className="not-phone">
          Esc
        </kbd>
      </button>
      <button
        type="button"
        className="button"
        data-kind="primary"
        disabled={isNowhere || isReadOnly || isCreating}
        onClick={issue.submit}
      >
        {isCreating ? "Creating…" : isNowhere ? "Create" : `Create in ${label}`}
        <kbd aria-hidden="true" className="not-phone">
          {commandKey("↵")}
        </kbd>
      </button>
    </footer>
  );
}
