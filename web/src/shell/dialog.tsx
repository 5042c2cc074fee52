import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { useState, type ReactNode, type RefObject } from "react";
import { Icon } from "../ui/icon.tsx";
import { useCountedDialog } from "./open-dialogs.ts";

type DialogFrameProps = {
  readonly label: string;
  readonly title?: string;
  readonly onClose: () => void;
  /** Given a function, it is told how to close the dialog. */
  readonly children: ReactNode | ((close: () => void) => ReactNode);
  readonly className?: string;
  /** What has the focus at first; else the first thing that can. */
  readonly initialFocus?: RefObject<HTMLElement | null> | (() => HTMLElement | null);
  /** Without a title there is nothing to close it with but a key: on a phone a button stands in its corner. */
  readonly closeOnPhone?: boolean;
  /** What has the focus afterwards; else, and for true, what had it before. */
  readonly finalFocus?: () => HTMLElement | true;
};

/** A dialog that is open as long as it is there; the focus goes back to where it was. */
export function DialogFrame({
  label,
  title,
  onClose,
  children,
  className = "",
  initialFocus,
  finalFocus,
  closeOnPhone = false,
}: DialogFrameProps) {
  const [open, setOpen] = useState(true);
  const [isFromPage] = useState(() => document.activeElement?.id === "main");
  useCountedDialog();
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(next) => setOpen(next)}
      onOpenChangeComplete={(shown) => {
        if (!shown) onClose();
      }}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="scrim" />
        <BaseDialog.Popup
          className={`dialog ${className}`}
          aria-label={label}
          initialFocus={initialFocus}
          // The page as a whole had it: the first of its buttons is not what it goes back to (`keepFocus` gives it to the page).
          finalFocus={finalFocus ?? !isFromPage}
        >
          {title !== undefined && (
            <header className="flex h-12 flex-none items-center justify-between border-b border-line pr-2 pl-4">
              {/* The title names the dialog: it says what the whole name is where it shows less. */}
              <BaseDialog.Title className="text-13 font-semibold" aria-label={label}>
                {title}
              </BaseDialog.Title>
              <BaseDialog.Close className="icon-button" aria-label="Close" title="Close (Esc)">
                <Icon name="x" />
              </BaseDialog.Close>
            </header>
          )}
          {typeof children === "function" ? children(() => setOpen(false)) : children}
          {closeOnPhone && (
            <BaseDialog.Close className="icon-button dialog-close" aria-label="Close">
              <Icon name="x" />
            </BaseDialog.Close>
          )}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
