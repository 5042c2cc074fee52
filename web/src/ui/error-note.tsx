import type { ApiError } from "../api/client.ts";
import { Icon } from "./icon.tsx";
import { Words } from "./words.tsx";

type ErrorNoteProps = {
  readonly error: ApiError;
  /** Absent if the retry is elsewhere or automatic. */
  readonly onRetry?: () => void;
};

/** What went wrong and what to do about it, shown in place. */
export function ErrorNote({ error, onRetry }: ErrorNoteProps) {
  return (
    <div role="alert" className="flex items-start gap-2 rounded-r2 bg-bad-bg px-3 py-2 text-12">
      <Icon name="alert" size={14} className="mt-[3px] text-bad" />
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">
          <Words text={error.message} />
        </p>
        {error.hint !== undefined && (
          <p className="wrap-anywhere text-ink-2">
            <Words text={error.hint} />
          </p>
        )}
      </div>
      {onRetry !== undefined && (
        <button type="button" className="button" data-size="small" onClick={onRetry}>
          Retry
        </button>
      )}
    </div>
  );
}
