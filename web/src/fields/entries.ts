import type { ChoiceEntry } from "../ui/choice-row.tsx";

/** The entries of a list, and what choosing one does. */
export type Entries = {
  readonly entries: readonly ChoiceEntry[];
  readonly multiple: boolean;
  readonly choose: (id: string) => void;
  readonly create?: ((text: string) => void) | undefined;
};
