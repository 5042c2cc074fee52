import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Popover as BasePopover } from "@base-ui/react/popover";
import { Fragment, type ReactNode, useRef } from "react";
import { Icon } from "./icon.tsx";

export type MenuEntry = {
  readonly id: string;
  readonly label: ReactNode;
  readonly onSelect: () => void;
  /** Set on entries of a radio group. */
  readonly checked?: boolean;
  /** Starts a new part of the menu. */
  readonly startsPart?: boolean;
};

export type PopupProps = {
  readonly className: string;
  readonly kind?: "quiet" | undefined;
  readonly label: string;
  readonly trigger: ReactNode;
  readonly defaultOpen?: boolean;
};

export type MenuProps = PopupProps & { readonly entries: readonly MenuEntry[] };

/** A button that opens a list of actions or choices. */
export function Menu({ className, kind, label, trigger, defaultOpen = false, entries }: MenuProps) {
  // Not what had the focus before: while the first menu loads, its button is replaced and that is the page.
  const button = useRef<HTMLButtonElement>(null);
  return (
    <BaseMenu.Root defaultOpen={defaultOpen} modal={false}>
      <BaseMenu.Trigger ref={button} className={className} data-kind={kind} aria-label={label} title={label}>
        {trigger}
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align="start" className="z-40">
          <BaseMenu.Popup className="menu" finalFocus={button}>
            {entries.map((entry) => (
              <Fragment key={entry.id}>
                {entry.startsPart === true && <BaseMenu.Separator className="menu-line" />}
                {entry.checked === undefined ? (
                  <BaseMenu.Item className="menu-item" onClick={entry.onSelect}>
                    {entry.label}
                  </BaseMenu.Item>
                ) : (
                  <BaseMenu.CheckboxItem
                    className="menu-item"
                    checked={entry.checked}
                    closeOnClick
                    onCheckedChange={entry.onSelect}
                  >
                    <span className="flex min-w-0 flex-1 items-center gap-2">{entry.label}</span>
                    {entry.checked && <Icon name="check" size={14} className="text-ink-3" />}
                  </BaseMenu.CheckboxItem>
                )}
              </Fragment>
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

export type PopoverProps = PopupProps & {
  readonly children: ReactNode;
  /** Which edge to align with the button's. */
  readonly align?: "start" | "end";
};

/** A button that opens a small sheet of text and links. */
export function Popover({
  className,
  kind,
  label,
  trigger,
  defaultOpen = false,
  align = "end",
  children,
}: PopoverProps) {
  const button = useRef<HTMLButtonElement>(null);
  return (
    <BasePopover.Root defaultOpen={defaultOpen}>
      <BasePopover.Trigger ref={button} className={className} data-kind={kind} aria-label={label}>
        {trigger}
      </BasePopover.Trigger>
      <BasePopover.Portal>
        <BasePopover.Positioner sideOffset={4} align={align} className="z-40">
          <BasePopover.Popup className="menu p-3!" aria-label={label} finalFocus={button}>
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
