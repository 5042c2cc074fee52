import { formatNumberOf } from "../../ui/time.ts";

type PaletteFootProps = {
  /** Whether the actions of one issue are listed. */
  readonly isForOne: boolean;
  /** How many issues are searched. */
  readonly mirrored: number;
};

/** The palette's keys, and what it searches. */
export function PaletteFoot({ isForOne, mirrored }: PaletteFootProps) {
  return (
    <footer className="key-foot">
      <span>
        <kbd aria-hidden="true">↑</kbd> <kbd aria-hidden="true">↓</kbd> Select
      </span>
      <span>
        <kbd aria-hidden="true">↵</kbd> {isForOne ? "Run" : "Open"}
      </span>
      <span>
        {isForOne ? (
          <>
            <kbd aria-hidden="true">⌫</kbd> Back
          </>
        ) : (
          <>
            <kbd aria-hidden="true">⇥</kbd> Actions for this issue
          </>
        )}
      </span>
      <span className="ml-auto truncate" title="Refs, titles, descriptions and the comments fetched so far">
        Searches {formatNumberOf(mirrored, "issue")} and the comments fetched so far
      </span>
    </footer>
  );
}
