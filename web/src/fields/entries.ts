import type { ChoiceEntry } from "../ui/choice-list.tsx";

/** The choices of a list, and what choosing does. */
export type Entries = {
  readonly entries: readonly ChoiceEntry[];
  readonly multiple: boolean;
  readonly choose: (id: string) => void;
  readonly create?: ((text: string) => void) | undefined;
};
