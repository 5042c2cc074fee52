import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { navigate } from "wouter/use-browser-location";
import { trackersQuery } from "../../api/queries.ts";
import { useChanges } from "../../changes/changes-provider.tsx";
import { currentSearch } from "../../filter/canonical.ts";
import { layoutPath } from "../../routes.ts";
import type { Command } from "../command-words.ts";
import { useDialogs } from "../dialog-control.ts";
import { useTheme } from "../theme.ts";
import { connectionLabel } from "../tracker-sentence.ts";
import { useSyncNow } from "../use-sync-now.ts";
import { useViewCommands } from "../views/view-commands.ts";

/** Commands that are independent of the search. */
export function useCommands(): readonly Command[] {
  const { open } = useDialogs();
  const { undoLast } = useChanges();
  const client = useQueryClient();
  const views = useViewCommands();
  const trackers = useQuery(trackersQuery).data?.trackers;
  const sync = useSyncNow();
  const [theme, toggleTheme] = useTheme();
  return useMemo(() => {
    const used = (trackers ?? []).filter(({ sources }) => sources.length > 0);
    return [
      {
        id: "create",
        label: "New issue",
        also: "create add",
        icon: "plus",
        key: "C",
        run: () => open({ kind: "create" }),
      },
      { id: "undo", label: "Undo last change", also: "take back revert", icon: "undo", key: "Z", run: undoLast },
      { id: "agents", label: "Agents", also: "terminal", icon: "agents", run: () => navigate("/agents") },
      { id: "start-agent", label: "Start agent…", icon: "play", run: () => open({ kind: "start-agent" }) },
      {
        id: "outbox",
        label: "Activity and outbox",
        also: "history changes pending failed conflicts",
        icon: "activity",
        run: () => navigate("/activity"),
      },
      {
        id: "board",
        label: "Show as board",
        also: "kanban columns",
        icon: "board",
        run: () => navigate(layoutPath("board", currentSearch())),
      },
      {
        id: "list",
        label: "Show as list",
        also: "table rows",
        icon: "list",
        run: () => navigate(layoutPath("list", currentSearch())),
      },
      {
        id: "shortcuts",
        label: "Keyboard shortcuts",
        also: "help keys",
        icon: "info",
        key: "?",
        run: () => open({ kind: "shortcuts" }),
      },
      ...views,
      {
        id: "trackers",
        label: "Settings: trackers",
        also: "connections tokens credentials keys",
        icon: "settings",
        run: () => navigate("/settings"),
      },
      {
        id: "projects",
        label: "Settings: projects",
        also: "sources states mapping shadow",
        icon: "settings",
        run: () => navigate("/settings/projects"),
      },
      { id: "settings-agents", label: "Settings: agents", icon: "settings", run: () => navigate("/settings/agents") },
      {
        id: "appearance",
        label: "Settings: appearance",
        also: "theme dark light mode",
        icon: "settings",
        run: () => navigate("/settings/appearance"),
      },
      ...(used.length === 0
        ? []
        : [
            {
              id: "sync",
              label: "Sync all now",
              also: "refresh poll",
              more: used.map(connectionLabel).join(", "),
              icon: "sync" as const,
              run: () => sync.mutate(used.map(({ connection }) => connection)),
            },
          ]),
      {
        id: "theme",
        label: `Switch to ${theme === "dark" ? "light" : "dark"} theme`,
        also: "dark light mode appearance",
        icon: "moon",
        run: toggleTheme,
      },
      {
        id: "reload",
        label: "Reload data",
        more: "from the server",
        also: "reload refresh",
        icon: "sync",
        run: () => {
          client.invalidateQueries().catch(() => undefined);
        },
      },
    ] satisfies Command[];
  }, [client, views, trackers, sync, theme, toggleTheme, open, undoLast]);
}
