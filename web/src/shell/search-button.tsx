import { Icon } from "../ui/icon.tsx";
import { useDialogs } from "./dialogs.tsx";
import { commandKey } from "./shortcuts.ts";

export function SearchButton() {
  const { open, preload } = useDialogs();
  return (
    <button
      type="button"
      className="search-button"
      aria-label="Search issues, run a command"
      onPointerEnter={() => preload("palette")}
      onFocus={() => preload("palette")}
      onClick={() => open({ kind: "palette" })}
    >
      <Icon name="search" size={14} />
      <span className="label">Search or run a command</span>
      <kbd className="not-phone">{commandKey("K")}</kbd>
    </button>
  );
}
