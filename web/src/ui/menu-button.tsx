import { Suspense, useState } from "react";
import type { MenuProps, PopoverProps, PopupProps } from "./menu.tsx";
import { LoadBoundary, loadable } from "./lazy.tsx";

// Menus are loaded when the first one opens, not with the page.
const Menu = loadable<MenuProps>(async () => (await import("./menu.tsx")).Menu);
const Popover = loadable<PopoverProps>(async () => (await import("./menu.tsx")).Popover);

type ClosedProps = {
  readonly popup: PopupProps;
  readonly opens: "menu" | "dialog";
  readonly onOpen?: () => void;
};

function Closed({ popup, opens, onOpen }: ClosedProps) {
  return (
    <button
      type="button"
      className={popup.className}
      data-kind={popup.kind}
      aria-label={popup.label}
      aria-haspopup={opens}
      aria-expanded={false}
      title={popup.label}
      onPointerEnter={Menu.preload}
      onFocus={Menu.preload}
      onClick={onOpen}
    >
      {popup.trigger}
    </button>
  );
}

export function MenuButton(props: MenuProps) {
  const [asked, setAsked] = useState(false);
  if (!asked) return <Closed popup={props} opens="menu" onOpen={() => setAsked(true)} />;
  return (
    <LoadBoundary fallback={(_, retry) => <Closed popup={props} opens="menu" onOpen={retry} />}>
      <Suspense fallback={<Closed popup={props} opens="menu" />}>
        <Menu {...props} defaultOpen />
      </Suspense>
    </LoadBoundary>
  );
}

export function PopoverButton(props: PopoverProps) {
  const [asked, setAsked] = useState(false);
  if (!asked) return <Closed popup={props} opens="dialog" onOpen={() => setAsked(true)} />;
  return (
    <LoadBoundary fallback={(_, retry) => <Closed popup={props} opens="dialog" onOpen={retry} />}>
      <Suspense fallback={<Closed popup={props} opens="dialog" />}>
        <Popover {...props} defaultOpen />
      </Suspense>
    </LoadBoundary>
  );
}
