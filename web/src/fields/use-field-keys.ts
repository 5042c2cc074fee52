import { useEffect, useRef } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { editorAddress } from "../agents/editor-link.ts";
import { useChanges } from "../changes/changes-provider.tsx";
import { createAfterG } from "../shell/after-g.ts";
import { useDialogs } from "../shell/dialog-control.ts";
import { isTyping } from "../shell/shortcuts.ts";
import { fieldKeys } from "./field-name.ts";

/**
 * S, P, L and I open a field of the selected issues, otherwise of the focused one; A starts an agent on each, E opens the workspace of a single one in the
 * editor. `walks`: keys that move between cards when nothing is selected (L on the board); with Shift they still open the field.
 */
export function useFieldKeys(
  issuesOf: (target: Element) => { readonly issues: readonly IssueShape[]; readonly selected: boolean },
  enabled: boolean,
  walks: readonly string[] = [],
): void {
  const { open } = useDialogs();
  const { say } = useChanges();
  const latest = useRef(issuesOf);
  useEffect(() => {
    latest.current = issuesOf;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const isAfterG = createAfterG();
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if (isAfterG(event)) return;
      const field = fieldKeys[key];
      if ((field === undefined && key !== "a" && key !== "e") || event.defaultPrevented || isTyping(event)) return;
      if (!(event.target instanceof Element) || document.querySelector("[role=dialog]") !== null) return;
      const { issues, selected } = latest.current(event.target);
      if (issues.length === 0 || (walks.includes(event.key) && !selected)) return;
      event.preventDefault();
      event.stopPropagation();
      const [first] = issues;
      if (field !== undefined) open({ kind: "field", field, issues });
      else if (first === undefined) return;
      else if (key === "a") open({ kind: "start-agent", issues });
      else if (first.workspace === null) say(`${first.ref} has no workspace yet`);
      else location.assign(editorAddress(first.workspace.path));
    };
    document.addEventListener("keydown", onKey, { capture: true });
    return () => document.removeEventListener("keydown", onKey, { capture: true });
  }, [enabled, open, say, walks]);
}
