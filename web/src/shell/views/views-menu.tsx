import type { ViewShape } from "../../../../src/server/contract/project.ts";
import { canonical } from "../../filter/canonical.ts";
import { goToWork } from "../../routes.ts";
import { Icon } from "../../ui/icon.tsx";
import { MenuButton } from "../../ui/menu-button.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { Words } from "../../ui/words.tsx";
import { builtInViews } from "../built-in-views.ts";
import { useDialogs } from "../dialog-control.ts";
import { useLastView } from "./use-last-view.ts";
import { useViewActions } from "./use-view-actions.ts";
import { viewEntries } from "./view-entries.ts";

type ViewsMenuProps = {
  /** The name of what is shown. */
  readonly name: string;
  /** The current filter as a URL query. */
  readonly search: string;
  /** The id of the view that is shown, built-in or saved; undefined: the filter is none. */
  readonly current: string | undefined;
  readonly saved: readonly ViewShape[];
};

/** The board's title, which opens the list of views and what can be done with the one shown; the only list where there is no sidebar. */
export function ViewsMenu({ name, search, current, saved }: ViewsMenuProps) {
  const dialogs = useDialogs();
  const actions = useViewActions();
  const last = useLastView(saved, current);
  const changes = () => {
    if (current !== undefined) {
      return last === undefined ? [] : viewEntries({ view: last, saved, here: search, actions, dialogs });
    }
    const save = {
      id: "save",
      label: "Save as new view…",
      onSelect: () => dialogs.open({ kind: "save-view", query: search }),
    };
    return last === undefined ? [save] : [updateEntry(last, () => actions.update(last, search)), save];
  };
  return (
    <MenuButton
      className="flex min-w-0 items-center gap-1 rounded-r1"
      label={`Views: ${name}`}
      trigger={
        <>
          <span className="truncate">{name}</span>
          <Icon name="down" size={14} className="text-ink-3" />
        </>
      }
      entries={[
        ...[...builtInViews, ...saved].map((view) => ({
          id: view.id,
          label: view.name,
          checked: view.id === current,
          onSelect: () => goToWork(canonical(view.query)),
        })),
        ...changes().map((entry, index) => ({ ...entry, startsPart: index === 0 })),
      ]}
    />
  );
}

function updateEntry({ name }: ViewShape, onSelect: () => void): MenuEntry {
  const label = (
    <span>
      <Words text={`Update view “${name}”`} />
    </span>
  );
  return { id: "update", label, onSelect };
}
