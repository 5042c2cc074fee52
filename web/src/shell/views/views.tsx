import { useQuery } from "@tanstack/react-query";
import { type FocusEvent, useLayoutEffect, useRef, useState } from "react";
import { useSearch } from "wouter/use-browser-location";
import type { ViewShape } from "../../../../src/server/contract/project.ts";
import { viewsQuery } from "../../api/queries.ts";
import { stepOfKey } from "../../board/placing/place-steps.ts";
import { canonical } from "../../filter/canonical.ts";
import { Icon } from "../../ui/icon.tsx";
import { isFocusNowhere } from "../../ui/nowhere.ts";
import { builtInViews } from "../built-in-views.ts";
import { useDialogs } from "../dialog-control.ts";
import { movedBy } from "./moved-by.ts";
import { useViewActions, type ViewActions } from "./use-view-actions.ts";
import { viewEntries } from "./view-entries.ts";
import { ViewRow } from "./view-row.tsx";

/** The sidebar's list of views. `isWork`: the page shows a filter that can be saved. */
export function Views({ isWork }: { readonly isWork: boolean }) {
  const here = canonical(useSearch());
  const { data: saved = [] } = useQuery(viewsQuery);
  const dialogs = useDialogs();
  const actions = useViewActions();
  const { move, said } = useMove(saved, actions);
  const focus = useFocusInOrder(saved);
  return (
    <>
      <div className="side-section">
        Views
        <button
          type="button"
          className="icon-button"
          aria-label="Save current view"
          title="Save current view"
          disabled={!isWork}
          onPointerEnter={() => dialogs.preload("save-view")}
          onClick={() => dialogs.open({ kind: "save-view", query: here })}
        >
          <Icon name="plus" />
        </button>
      </div>
      <nav className="side-list views" aria-label="Saved views" {...focus}>
        {builtInViews.map((view) => (
          <ViewRow key={view.id} name={view.name} query={view.query} current={isWork && here === view.query} />
        ))}
        {saved.map((view) => (
          <ViewRow
            key={view.id}
            name={view.name}
            query={canonical(view.query)}
            current={isWork && here === canonical(view.query)}
            entries={viewEntries({ view, saved, here: isWork ? here : null, actions: { ...actions, move }, dialogs })}
            onKeyDown={(event) => {
              const step = stepOfKey(event);
              if (step === null) return;
              event.preventDefault();
              move(view, step);
            }}
          />
        ))}
      </nav>
      <output className="sr-only">{said}</output>
    </>
  );
}

/** Moves a view, and says to where. */
function useMove(saved: readonly ViewShape[], actions: ViewActions) {
  const [said, setSaid] = useState("");
  const move: ViewActions["move"] = (view, step) => {
    const moved = movedBy(saved, view.id, step);
    if (moved === null) return;
    setSaid(`${view.name}: ${moved.position} of ${saved.length}`);
    actions.move(view, step);
  };
  return { said, move };
}

/** Keeps the focus in a list whose order changes, whoever changed it: an element that is put elsewhere in the document loses it. */
function useFocusInOrder(order: readonly unknown[]) {
  const held = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (held.current !== null && isFocusNowhere()) held.current.focus();
  }, [order]);
  return {
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      held.current = target;
    },
    // React reports no events of its own changes to the document, only what the user does.
    onBlur: () => {
      held.current = null;
    },
  };
}
