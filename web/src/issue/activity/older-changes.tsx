import { ErrorNote } from "../../ui/error-note.tsx";
import { Icon } from "../../ui/icon.tsx";
import { formatCount } from "../../ui/time.ts";
import type { OlderHistory } from "./use-history.ts";

type OlderChangesProps = {
  readonly older: OlderHistory;
  /** Called with how many more are about to come. */
  readonly onShow: (count: number) => void;
};

/** Says how many older changes are not loaded, and loads some; nothing if all are. */
export function OlderChanges({ older: { left, next, isLoading, error, load }, onShow }: OlderChangesProps) {
  if (left === 0) return null;
  if (error !== null) return <ErrorNote error={error} onRetry={load} />;
  return (
    <div className="my-2 flex flex-wrap items-center gap-x-2 text-12 text-ink-3">
      <button
        type="button"
        className="button"
        data-size="small"
        // Not `disabled`, which would drop the focus of whoever presses it several times.
        aria-disabled={isLoading}
        onClick={() => {
          if (isLoading) return;
          onShow(next);
          load();
        }}
      >
        <Icon name={isLoading ? "spin" : "down"} className={isLoading ? "spinning" : ""} />
        Show older changes
      </button>
      {formatCount(next)} of {formatCount(left)} that are not shown
    </div>
  );
}
