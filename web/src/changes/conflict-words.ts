/** The text of a conflict on a card or in a row: there are two values, and the tracker’s is shown. */
export function conflictWords(label: string): {
  readonly brief: string;
  readonly briefest: string;
  readonly full: string;
} {
  return {
    brief: `Shows ${label}’s value`,
    briefest: `${label}’s shown`,
    full: `Changed in ${label} while you edited. ${label}’s value is shown; yours is kept, and not sent until you choose.`,
  };
}
