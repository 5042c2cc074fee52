import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { ViewShape } from "../../../../src/server/contract/project.ts";
import { toApiError } from "../../api/client.ts";
import { api } from "../../api/endpoints.ts";
import { useNoticeStore } from "../../changes/changes-provider.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import type { DialogProps } from "../dialog-props.ts";
import { DialogFrame } from "../dialog.tsx";
import { inOrder, readViewsAgain } from "./use-view-actions.ts";
import { ViewNameField } from "./view-name-field.tsx";

export type RenameViewDialogProps = DialogProps & { readonly view: ViewShape };

/** Asks for a saved view's new name. */
export function RenameViewDialog({ view, onClose }: RenameViewDialogProps) {
  const client = useQueryClient();
  const notices = useNoticeStore();
  const [name, setName] = useState(view.name);
  const field = useRef<HTMLInputElement>(null);
  const wanted = name.trim();
  const takeBack = useMutation({
    ...inOrder,
    mutationFn: () => api.changeView(view.id, { name: view.name }),
    onError: (error) => notices.fail(`Couldn’t rename view “${wanted}”`, toApiError(error)),
    onSettled: () => readViewsAgain(client),
  });
  const rename = useMutation({
    ...inOrder,
    mutationFn: () => api.changeView(view.id, { name: wanted }),
    onSuccess: async () => {
      notices.say(`View renamed to “${wanted}”`, () => takeBack.mutate());
      await readViewsAgain(client);
      onClose();
    },
  });
  return (
    <DialogFrame
      label={`Rename view ${view.name}`}
      title="Rename view"
      onClose={onClose}
      className="w-[440px]!"
      initialFocus={field}
    >
      <form
        className="grid gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted === view.name) onClose();
          else if (wanted !== "") rename.mutate();
        }}
      >
        <ViewNameField field={field} name={name} error={rename.error} onChange={setName} />
        {rename.error !== null && <ErrorNote error={toApiError(rename.error)} />}
        <div className="flex justify-end gap-2">
          <button type="button" className="button" data-kind="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button" data-kind="primary" disabled={wanted === "" || rename.isPending}>
            Rename view
          </button>
        </div>
      </form>
    </DialogFrame>
  );
}
