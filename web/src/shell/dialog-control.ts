import { createContext, useContext } from "react";
import type { Status } from "../../../src/domain/status.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { ViewShape } from "../../../src/server/contract/project.ts";
import type { WorkspaceShape } from "../../../src/server/contract/work.ts";
import type { FieldName } from "../fields/field-name.ts";

/** A dialog that can be opened from anywhere, with its subject. */
export type Dialog =
  | { readonly kind: "palette" }
  | { readonly kind: "create"; readonly status?: Status | undefined; readonly project?: string | undefined }
  | { readonly kind: "field"; readonly field: FieldName; readonly issues: readonly IssueShape[] }
  | { readonly kind: "start-agent"; readonly issues?: readonly IssueShape[]; readonly plan?: boolean }
  | { readonly kind: "remove-workspace"; readonly workspace: WorkspaceShape }
  | { readonly kind: "shortcuts" }
  | { readonly kind: "save-view"; readonly query: string }
  | { readonly kind: "rename-view"; readonly view: ViewShape };

/** Opens dialogs. */
export type DialogControl = {
  readonly open: (dialog: Dialog) => void;
  /** Starts loading a dialog before the click. */
  readonly preload: (kind: Dialog["kind"]) => void;
};

/** Provided by `Dialogs`. */
export const DialogContext = createContext<DialogControl>({ open: () => undefined, preload: () => undefined });

/** The dialog control, for any component below `Dialogs`. */
export function useDialogs(): DialogControl {
  return useContext(DialogContext);
}
