import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { useState, type ReactNode, type RefObject } from "react";
import { Icon } from "../ui/icon.tsx";
import { isFocusNowhere } from "../ui/nowhere.ts";
import { useCountedDialog } from "./open-dialogs.ts";

type DialogFrameProps = {
  readonly label: string;
  readonly title?: string;
  readonly onClose: () => void;
  /** A function receives `close`, which closes the dialog. */
  readonly children: ReactNode | ((close: () => void) => ReactNode);
  readonly className?: string;
  /** The element focused initially; by default the first focusable one. */
  readonly initialFocus?: RefObject<HTMLElement | null> | (() => HTMLElement | null);
  /** A dialog without a title bar closes by key only; on a phone this adds a close button in its corner. */
  readonly closeOnPhone?: boolean;
  /** The element focused afterwards; by default, and for true, the one focused before. */
  readonly finalFocus?: () => HTMLElement | true;
};

/** A dialog that is open while mounted, and returns the focus when it closes. */
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
  const [isFromPage] = useState(isFocusNowhere);
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
          // If nothing had the focus, do not fall back to the page's first button; `keepFocus` restores it.
          finalFocus={finalFocus ?? !isFromPage}
        >
          {title !== undefined && (
            <header className="flex h-12 flex-none items-center justify-between border-b border-line pr-2 pl-4">
              {/* The visible title may be shorter than the dialog's full name. */}
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
