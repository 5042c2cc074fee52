import { createContext, useContext, type ReactNode } from "react";

/** Content before the field of a choice list: in a dialog, what is being chosen. */
export const ChoicePrefix = createContext<ReactNode>(null);

export function useChoicePrefix(): ReactNode {
  return useContext(ChoicePrefix);
}
