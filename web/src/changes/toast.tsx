import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { Icon } from "../ui/icon.tsx";

/** Minimum time for which a change can be undone from its toast. */
export const leastMs = 8000;
/** Time to read the outcome. */
const lastWordMs = 1500;

const CloseContext = createContext<() => void>(() => undefined);

type ToastProps = {
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** Closes after this time, unless the pointer or the focus is on it; null: stays open. */
  readonly shownMs: number | null;
  readonly onClose: () => void;
  readonly role?: "alert";
};

/** A message at the bottom of the page; the pointer or the focus on it keeps it open. */
export function Toast({ icon, children, actions, shownMs, onClose, role }: ToastProps) {
  const [held, setHeld] = useState(false);
  const close = useRef(onClose);
  const openedAt = useRef(0);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    openedAt.current = performance.now();
  }, []);
  useEffect(() => {
    if (shownMs === null || held) return undefined;
    const left = shownMs - (performance.now() - openedAt.current);
    const timer = setTimeout(() => close.current(), Math.max(lastWordMs, left));
    return () => clearTimeout(timer);
  }, [shownMs, held]);
  return (
    <div
      className="toast"
      role={role}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {icon}
      <span className="toast-text">{children}</span>
      <CloseContext value={onClose}>{actions}</CloseContext>
      <button type="button" className="icon-button" aria-label="Dismiss" title="Dismiss" onClick={onClose}>
        <Icon name="x" />
      </button>
    </div>
  );
}

/** A button of a toast, which closes with it. */
export function ToastButton({ children, onPress }: { readonly children: ReactNode; readonly onPress: () => void }) {
  const close = useContext(CloseContext);
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      onClick={() => {
        close();
        onPress();
      }}
    >
      {children}
    </button>
  );
}

/** The undo button of a toast. */
export function UndoButton({ onUndo }: { readonly onUndo: () => void }) {
  return (
    <ToastButton onPress={onUndo}>
      Undo<kbd aria-hidden="true">Z</kbd>
    </ToastButton>
  );
}
