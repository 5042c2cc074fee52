import { createContext, useContext, type ReactNode } from "react";

/** What stands before the field of a list to choose from: in a dialog, what is being chosen. */
export const ChoicePrefix = createContext<ReactNode>(null);

export function useChoicePrefix(): ReactNode {
  return useContext(ChoicePrefix);
}
