import { useEffect } from "react";

/** Whether a key press belongs to a text field or is a browser command, so that single-key shortcuts must ignore it. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.metaKey || event.ctrlKey || event.altKey) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** `⌘K` on a Mac, `Ctrl K` elsewhere. */
export function commandKey(key: string): string {
  return isMac ? `⌘${key}` : `Ctrl ${key}`;
}

/** All shortcuts, as listed in the help dialog. */
export const shortcuts: readonly { readonly keys: readonly string[]; readonly what: string; readonly where: string }[] =
  [
    { keys: [commandKey("K")], what: "Command palette", where: "Everywhere" },
    { keys: ["C"], what: "New issue", where: "Everywhere" },
    { keys: ["?"], what: "Keyboard shortcuts", where: "Everywhere" },
    { keys: ["G", "B"], what: "Go to board", where: "Everywhere" },
    { keys: ["G", "A"], what: "Go to activity and outbox", where: "Everywhere" },
    { keys: ["G", "W"], what: "Go to agents", where: "Everywhere" },
    { keys: ["G", "S"], what: "Go to settings", where: "Everywhere" },
    { keys: ["F", "/"], what: "Filter and search", where: "Board" },
    { keys: ["←", "→", "↑", "↓"], what: "Move between cards (also H, J, K, L)", where: "Board" },
    { keys: ["↵"], what: "Open issue", where: "Board" },
    { keys: ["⇧←", "⇧→"], what: "Move the focused card one column", where: "Board" },
    {
      keys: [isMac ? "⌥↑" : "Alt ↑", isMac ? "⌥↓" : "Alt ↓"],
      what: "Move the issue up or down, in manual order",
      where: "Board and list",
    },
    { keys: ["Space"], what: "Pick up the card; arrows move it, Space drops it", where: "Board" },
    { keys: ["S"], what: "Status, then 1 to 6", where: "Board, list and issue" },
    { keys: ["P"], what: "Priority", where: "Board, list and issue" },
    { keys: ["L"], what: "Labels (on the board without a selection: ⇧L)", where: "Board, list and issue" },
    { keys: ["I"], what: "Assignee", where: "Board, list and issue" },
    { keys: ["A"], what: "Start agent on the issue or each selected one", where: "Board, list and issue" },
    { keys: ["A"], what: "Start agent", where: "Agents" },
    { keys: ["E"], what: "Open in editor", where: "Board, list, issue and agents" },
    { keys: ["F6"], what: "Leave terminal", where: "Agents" },
    { keys: ["X"], what: "Select; moves and edits then apply to all selected", where: "Board, list and issue" },
    { keys: ["⇧↑", "⇧↓"], what: "Extend selection", where: "Board, list and issue" },
    { keys: ["Z"], what: "Undo last change", where: "Everywhere" },
    { keys: [commandKey("↵")], what: "Send, save, apply or create", where: "Everywhere" },
    { keys: ["⌫"], what: "Remove the last filter (in an empty filter field)", where: "Board" },
    { keys: ["J", "K"], what: "Next and previous issue of the column", where: "Issue" },
    { keys: [commandKey(".")], what: "Copy reference", where: "Issue" },
    { keys: [commandKey("⇧.")], what: "Copy branch name", where: "Issue" },
    // Other platforms' browsers reserve Ctrl Shift C.
    ...(isMac ? [{ keys: ["⌘⇧C"], what: "Copy link", where: "Issue" }] : []),
    { keys: ["Esc"], what: "Close; focus returns to the card", where: "Issue" },
    {
      keys: [isMac ? "⌥↑" : "Alt ↑", isMac ? "⌥↓" : "Alt ↓"],
      what: "Move the focused view up or down",
      where: "Sidebar",
    },
  ];

/** Calls `action` when one of `keys` is pressed outside text fields and dialogs. */
export function useSingleKey(keys: readonly string[], action: () => void, enabled = true): void {
  const wanted = keys.join(" ");
  useEffect(() => {
    if (!enabled) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || event.defaultPrevented || !wanted.split(" ").includes(event.key)) return;
      if (document.querySelector("[role=dialog]") !== null) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [wanted, action, enabled]);
}
