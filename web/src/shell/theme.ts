import { useCallback, useSyncExternalStore } from "react";

type Theme = "dark" | "light";

const systemDark = matchMedia("(prefers-color-scheme: dark)");

function subscribe(listener: () => void): () => void {
  systemDark.addEventListener("change", listener);
  addEventListener("panopticon-theme", listener);
  return () => {
    systemDark.removeEventListener("change", listener);
    removeEventListener("panopticon-theme", listener);
  };
}

function current(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "dark" || chosen === "light") return chosen;
  return systemDark.matches ? "dark" : "light";
}

/** The theme on screen, and the switch to the other one. Choosing the system's theme goes back to following it. */
export function useTheme(): readonly [Theme, () => void] {
  const theme = useSyncExternalStore(subscribe, current);
  const toggle = useCallback(() => {
    const next: Theme = current() === "dark" ? "light" : "dark";
    const followsSystem = (next === "dark") === systemDark.matches;
    if (followsSystem) delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = next;
    try {
      if (followsSystem) localStorage.removeItem("panopticon.theme");
      else localStorage.setItem("panopticon.theme", next);
    } catch (error) {
      // Storage is forbidden: the choice holds until the page is left.
      console.debug(error);
    }
    dispatchEvent(new Event("panopticon-theme"));
  }, []);
  return [theme, toggle];
}
