import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { viewsQuery } from "../../api/queries.ts";
import { canonical, currentSearch } from "../../filter/canonical.ts";
import { goToWork, isWorkPath } from "../../routes.ts";
import { builtInViews } from "../built-in-views.ts";
import type { Command } from "../command-words.ts";
import { useDialogs } from "../dialog-control.ts";
import { useViewActions } from "./use-view-actions.ts";

/** What the built-in views are also called. */
const otherNames: Readonly<Record<(typeof builtInViews)[number]["id"], string>> = {
  all: "issues everything",
  mine: "issues assigned to me",
  blocked: "issues waiting blockers",
  "agent-waiting": "agents issues input questions",
};

/** The palette's commands about views: to open each, to save what is shown, and to rename or delete the saved view that is shown. */
export function useViewCommands(): readonly Command[] {
  const dialogs = useDialogs();
  const { remove } = useViewActions();
  const { data: saved = [] } = useQuery(viewsQuery);
  return useMemo(() => {
    const here = isWorkPath(location.pathname) ? currentSearch() : null;
    const shown = saved.find(({ query }) => canonical(query) === here);
    const isKnown = shown !== undefined || builtInViews.some(({ query }) => query === here);
    const open = (id: string, name: string, query: string, also: string): Command => ({
      id: `view:${id}`,
      label: name,
      more: "view",
      also: `go to open filter ${also}`,
      icon: "view",
      run: () => goToWork(canonical(query)),
    });
    const commands: Command[] = [
      ...builtInViews.map(({ id, name, query }) => open(id, name, query, otherNames[id])),
      ...saved.map(({ id, name, query }) => open(id, name, query, "saved")),
    ];
    if (here !== null && !isKnown) {
      const run = () => dialogs.open({ kind: "save-view", query: here });
      commands.push({ id: "save-view", label: "Save current view…", also: "filter add new", icon: "plus", run });
    }
    if (shown !== undefined) {
      const about = { more: shown.name, icon: "view" } as const;
      const rename = () => dialogs.open({ kind: "rename-view", view: shown });
      commands.push(
        { ...about, id: "rename-view", label: "Rename view…", also: "current filter", run: rename },
        { ...about, id: "delete-view", label: "Delete view", also: "current filter remove", run: () => remove(shown) },
      );
    }
    return commands;
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the actions are the same as long as the palette is open
  }, [saved, dialogs]);
}
