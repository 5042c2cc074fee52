import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { RemoveWorkspaceDialogProps } from "../agents/remove-workspace-dialog.tsx";
import type { StartAgentDialogProps } from "../agents/start-agent-dialog.tsx";
import { useNotices } from "../changes/changes-provider.tsx";
import type { OpenChoice } from "../changes/notices.ts";
import type { CreateDialogProps } from "../create/create-dialog.tsx";
import type { FieldDialogProps } from "../fields/field-dialog.tsx";
import { loadable } from "../ui/lazy.tsx";
import { type Dialog, type DialogControl, DialogContext } from "./dialog-control.ts";
import { type EarlyKey, type EarlyText, isForField, pressAgain, textOf } from "../ui/early-keys.ts";
import type { DialogProps } from "./dialog-props.ts";
import { OverlayBoundary } from "./page-boundary.tsx";
import { isTyping } from "./shortcuts.ts";
import type { RenameViewDialogProps } from "./views/rename-view-dialog.tsx";
import { navigate } from "wouter/use-browser-location";

const Palette = loadable<DialogProps & { readonly takeEarly: () => EarlyText }>(
  async () => (await import("./palette/palette.tsx")).Palette,
);
const ShortcutsDialog = loadable<DialogProps>(async () => (await import("./shortcuts-dialog.tsx")).ShortcutsDialog);
const SaveViewDialog = loadable<DialogProps & { readonly query: string }>(
  async () => (await import("./save-view-dialog.tsx")).SaveViewDialog,
);
const RenameViewDialog = loadable<RenameViewDialogProps>(
  async () => (await import("./views/rename-view-dialog.tsx")).RenameViewDialog,
);

const FieldDialog = loadable<FieldDialogProps>(async () => (await import("../fields/field-dialog.tsx")).FieldDialog);
const ChoiceDialog = loadable<{ readonly choice: OpenChoice }>(
  async () => (await import("../fields/field-dialog.tsx")).ChoiceDialog,
);

const CreateDialog = loadable<CreateDialogProps>(
  async () => (await import("../create/create-dialog.tsx")).CreateDialog,
);

const StartAgentDialog = loadable<StartAgentDialogProps>(
  async () => (await import("../agents/start-agent-dialog.tsx")).StartAgentDialog,
);
const RemoveWorkspaceDialog = loadable<RemoveWorkspaceDialogProps>(
  async () => (await import("../agents/remove-workspace-dialog.tsx")).RemoveWorkspaceDialog,
);

const loadables: Record<Dialog["kind"], { readonly preload: () => void }> = {
  palette: Palette,
  shortcuts: ShortcutsDialog,
  "save-view": SaveViewDialog,
  "rename-view": RenameViewDialog,
  field: FieldDialog,
  create: CreateDialog,
  "start-agent": StartAgentDialog,
  "remove-workspace": RemoveWorkspaceDialog,
};

/** The destinations of G chords. */
const places: Readonly<Record<string, string>> = { b: "/", a: "/activity", w: "/agents", s: "/settings" };

/** Renders the dialogs that can be opened from anywhere, and handles their shortcuts. */
export function Dialogs({ children }: { readonly children: ReactNode }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const choice = useNotices((notices) => notices.choice);
  /** Keys pressed after a dialog was requested and before it had the focus; null: not waiting for a dialog. */
  const early = useRef<readonly EarlyKey[] | null>(null);
  const control = useMemo<DialogControl>(
    () => ({
      open: (asked) => {
        early.current = [];
        setDialog(asked);
      },
      preload: (kind) => loadables[kind].preload(),
    }),
    [],
  );

  useEffect(() => {
    let afterG = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        control.open({ kind: "palette" });
        return;
      }
      if (isTyping(event) || event.defaultPrevented || document.querySelector("[role=dialog]") !== null) return;
      if (event.key === "?") {
        event.preventDefault();
        control.open({ kind: "shortcuts" });
      } else if (event.key === "c" || event.key === "C") {
        event.preventDefault();
        control.open({ kind: "create" });
      } else if (event.key === "g") {
        afterG = event.timeStamp;
      } else if (event.timeStamp - afterG < 1000 && Object.hasOwn(places, event.key)) {
        navigate(places[event.key] ?? "/");
      }
    };
    // Capture on window, before all other handlers: these keys are for the dialog, not for the page behind it.
    const onEarlyKey = (event: KeyboardEvent) => {
      if (early.current === null || !isForField(event)) return;
      if (document.activeElement?.closest(".dialog") != null) {
        // The dialog was already open when it was requested.
        early.current = null;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      const { key, ctrlKey, metaKey } = event;
      early.current = [...early.current, { key, ctrlKey, metaKey }];
    };
    // The palette takes its own early keys: an early render of it may have the focus and be thrown away.
    const onFocusIn = ({ target }: FocusEvent) => {
      const dialogThere = target instanceof Element ? target.closest(".dialog") : null;
      if (early.current === null || dialogThere === null || dialogThere.querySelector(".palette-field") !== null)
        return;
      const keys = early.current;
      early.current = null;
      pressAgain(keys);
    };
    const onPointerDown = () => {
      early.current = null;
    };
    window.addEventListener("keydown", onEarlyKey, { capture: true });
    document.addEventListener("keydown", onKey);
    document.addEventListener("focusin", onFocusIn);
    document.addEventListener("pointerdown", onPointerDown);
    const idle = setTimeout(() => {
      Palette.preload();
      FieldDialog.preload();
      CreateDialog.preload();
    }, 1500);
    return () => {
      window.removeEventListener("keydown", onEarlyKey, { capture: true });
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("focusin", onFocusIn);
      document.removeEventListener("pointerdown", onPointerDown);
      clearTimeout(idle);
    };
  }, [control]);

  /** Called when the palette's field has the focus; an earlier render may be thrown away, together with the keys it took. */
  const takeEarly = () => {
    const keys = early.current ?? [];
    early.current = null;
    return textOf(keys);
  };

  /** Stops collecting keys for a dialog that failed to load. */
  const stopWaiting = useCallback(() => {
    early.current = null;
  }, []);
  const close = () => {
    stopWaiting();
    setDialog(null);
  };
  return (
    <DialogContext value={control}>
      {children}
      {dialog !== null && (
        <OverlayBoundary key={dialog.kind} onClose={close} onFailure={stopWaiting}>
          {dialog.kind === "palette" && <Palette onClose={close} takeEarly={takeEarly} />}
          {dialog.kind === "shortcuts" && <ShortcutsDialog onClose={close} />}
          {dialog.kind === "save-view" && <SaveViewDialog query={dialog.query} onClose={close} />}
          {dialog.kind === "rename-view" && <RenameViewDialog view={dialog.view} onClose={close} />}
          {dialog.kind === "create" && <CreateDialog status={dialog.status} project={dialog.project} onClose={close} />}
          {dialog.kind === "start-agent" && (
            <StartAgentDialog issues={dialog.issues} plan={dialog.plan} onClose={close} />
          )}
          {dialog.kind === "remove-workspace" && <RemoveWorkspaceDialog workspace={dialog.workspace} onClose={close} />}
          {dialog.kind === "field" && <FieldDialog field={dialog.field} issues={dialog.issues} onClose={close} />}
        </OverlayBoundary>
      )}
      {choice !== null && (
        <OverlayBoundary onClose={() => choice.settle(null)}>
          <ChoiceDialog choice={choice} />
        </OverlayBoundary>
      )}
    </DialogContext>
  );
}
