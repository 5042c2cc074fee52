import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";
import { parseQuery, plainValueLabel } from "../filter/board-query.ts";
import { groupingLabels } from "../filter/grouping.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import type { DialogProps } from "./dialog-props.ts";
import { DialogFrame } from "./dialog.tsx";
import { ViewNameField } from "./views/view-name-field.tsx";

/** Saves the board's current filter and order under a name. */
export function SaveViewDialog({ query, onClose }: DialogProps & { readonly query: string }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const save = useMutation({
    mutationFn: () => api.addView({ name: name.trim(), query }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: queryKeys.views });
      onClose();
    },
  });
  const { chips, text, group, sort } = parseQuery(query).query;
  return (
    <DialogFrame label="Save view" title="Save view" onClose={onClose} className="w-[440px]!" initialFocus={field}>
      <form
        className="grid gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") save.mutate();
        }}
      >
        <ViewNameField field={field} name={name} error={save.error} onChange={setName} />
        <p className="flex flex-wrap items-center gap-1 text-12 text-ink-3">
          {chips.map((chip) => (
            <span className="filter-chip text-ink" key={`${chip.key}:${chip.value}`}>
              <span>
                <b>{chip.key}:</b>
                {plainValueLabel(chip)}
              </span>
            </span>
          ))}
          {text !== "" && (
            <span className="filter-chip text-ink">
              <span>“{text}”</span>
            </span>
          )}
          {chips.length === 0 && text === "" && <span>All issues</span>}
          <span>
            {group !== "status" && `grouped by ${groupingLabels[group].toLowerCase()}, `}
            sorted by {sort.name}
            {sort.reverse ? ", reversed" : ""}
          </span>
        </p>
        {save.error !== null && <ErrorNote error={toApiError(save.error)} />}
        <div className="flex justify-end gap-2">
          <button type="button" className="button" data-kind="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button" data-kind="primary" disabled={name.trim() === "" || save.isPending}>
            Save view
          </button>
        </div>
      </form>
    </DialogFrame>
  );
}
