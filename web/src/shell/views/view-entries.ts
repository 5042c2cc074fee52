import type { ViewShape } from "../../../../src/server/contract/project.ts";
import { canonical } from "../../filter/canonical.ts";
import type { MenuEntry } from "../../ui/menu.tsx";
import type { DialogControl } from "../dialog-control.ts";
import type { ViewActions } from "./use-view-actions.ts";

type Entries = {
  readonly view: ViewShape;
  /** All saved views, in order. */
  readonly saved: readonly ViewShape[];
  /** The filter of the work page; null on other pages. */
  readonly here: string | null;
  readonly actions: ViewActions;
  readonly dialogs: DialogControl;
};

/** The menu entries that change a saved view: those that would change something. */
export function viewEntries({ view, saved, here, actions, dialogs }: Entries): readonly MenuEntry[] {
  const index = saved.findIndex(({ id }) => id === view.id);
  return [
    { id: "rename", label: "Rename view…", onSelect: () => dialogs.open({ kind: "rename-view", view }) },
    ...(here !== null && here !== canonical(view.query) ? [updateEntry(view, here, actions)] : []),
    ...(index > 0 ? [{ id: "up", label: "Move view up", onSelect: () => actions.move(view, -1) }] : []),
    ...(index >= 0 && index < saved.length - 1
      ? [{ id: "down", label: "Move view down", onSelect: () => actions.move(view, 1) }]
      : []),
    { id: "delete", label: "Delete view", onSelect: () => actions.remove(view) },
  ];
}

function updateEntry(view: ViewShape, here: string, actions: ViewActions): MenuEntry {
  return { id: "update", label: "Update to current filter", onSelect: () => actions.update(view, here) };
}
