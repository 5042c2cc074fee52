import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

export type ChoiceEntry = {
  readonly id: string;
  /** Shown and searched. */
  readonly label: string;
  /** Also searched: a login next to the name. */
  readonly also?: string;
  readonly icon?: ReactNode;
  /** Small text at the end of the row. */
  readonly more?: ReactNode;
  readonly checked?: boolean;
  /** Some but not all of the issues have it. */
  readonly mixed?: boolean;
  /** The digit that chooses it while nothing is typed. */
  readonly digit?: string;
  /** Why it cannot be chosen. */
  readonly refused?: string | undefined;
};

type ChoiceRowProps = {
  readonly entry: ChoiceEntry;
  /** Several can be chosen, so it has a check box. */
  readonly multiple: boolean;
  readonly showsDigit: boolean;
};

/** What a row of a list of choices shows. */
export function ChoiceRow({ entry, multiple, showsDigit }: ChoiceRowProps) {
  return (
    <>
      {multiple && (
        <span className="check-box" data-checked={entry.checked || entry.mixed || undefined}>
          {entry.mixed ? <i /> : entry.checked && <Icon name="check" size={12} />}
        </span>
      )}
      {entry.icon}
      <span className="min-w-0 flex-1 truncate" dir="auto">
        {entry.label}
      </span>
      {entry.refused !== undefined ? (
        <span className="choices-more">{entry.refused}</span>
      ) : (
        entry.more !== undefined && <span className="choices-more">{entry.more}</span>
      )}
      {!multiple && entry.checked && <Icon name="check" size={14} className="text-ink-3" />}
      {entry.digit !== undefined && showsDigit && (
        <kbd aria-hidden="true" className="not-phone">
          {entry.digit}
        </kbd>
      )}
    </>
  );
}
