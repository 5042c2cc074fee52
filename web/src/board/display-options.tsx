import type { BoardQuery } from "../filter/board-query.ts";
import { Icon } from "../ui/icon.tsx";
import { loadable } from "../ui/lazy.tsx";
import { PopoverButton } from "../ui/menu-button.tsx";

type DisplayOptionsProps = { readonly query: BoardQuery };

const Sheet = loadable<DisplayOptionsProps>(async () => (await import("./display-sheet.tsx")).DisplaySheet);

/** The button that opens the display options, which are loaded on first use. */
export function DisplayOptions({ query }: DisplayOptionsProps) {
  return (
    <PopoverButton className="icon-button not-phone" label="Display options" trigger={<Icon name="settings" />}>
      <Sheet query={query} />
    </PopoverButton>
  );
}
