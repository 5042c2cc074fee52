import { useCallback, useSyncExternalStore } from "react";
import { writeKept } from "../ui/kept-text.ts";

type Theme = "dark" | "light";

/** The user's choice; `system` follows the operating system. */
export type ThemeChoice = Theme | "system";

const systemDark = matchMedia("(prefers-color-scheme: dark)");

function subscribe(listener: () => void): () => void {
  systemDark.addEventListener("change", listener);
  addEventListener("panopticon-theme", listener);
  return () => {
    systemDark.removeEventListener("change", listener);
    removeEventListener("panopticon-theme", listener);
  };
}

function currentChoice(): ThemeChoice {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === "dark" || chosen === "light" ? chosen : "system";
}

function current(): Theme {
  const chosen = currentChoice();
  if (chosen !== "system") return chosen;
  return systemDark.matches ? "dark" : "light";
}

function choose(choice: ThemeChoice): void {
  const { dataset } = document.documentElement;
  if (choice === "system") delete dataset["theme"];
  else dataset["theme"] = choice;
  writeKept("panopticon.theme", choice === "system" ? null : choice);
  dispatchEvent(new Event("panopticon-theme"));
}

/** The current theme, and a function that toggles it. Choosing the system's theme goes back to following the system. */
export function useTheme(): readonly [Theme, () => void] {
  const theme = useSyncExternalStore(subscribe, current);
  const toggle = useCallback(() => {
    const next: Theme = current() === "dark" ? "light" : "dark";
    choose((next === "dark") === systemDark.matches ? "system" : next);
  }, []);
  return [theme, toggle];
}

/** The current choice and its setter. */
export function useThemeChoice(): readonly [ThemeChoice, (choice: ThemeChoice) => void] {
  return [useSyncExternalStore(subscribe, currentChoice), choose];
}
