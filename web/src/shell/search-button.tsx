import { Icon } from "../ui/icon.tsx";
import { useDialogs } from "./dialog-control.ts";
import { commandKey } from "./shortcuts.ts";

export function SearchButton() {
  const { open, preload } = useDialogs();
  return (
    <button
      type="button"
      className="search-button"
      onPointerEnter={() => preload("palette")}
      onFocus={() => preload("palette")}
      onClick={() => open({ kind: "palette" })}
    >
      <Icon name="search" size={14} />
      <span className="label">Search or run a command</span>
      <kbd aria-hidden="true" className="not-phone">
        {commandKey("K")}
      </kbd>
    </button>
  );
}
