import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { FieldProblem } from "./field-problem.tsx";
import { projectKeys, sameSource, type ChosenSource } from "./project-keys.ts";
import { SourcePicker } from "./source-picker.tsx";
import { useSayUnchecked } from "./use-say-unchecked.ts";
import "./settings.css";
import "./project-settings.css";
import "../ui/field.css";

type AddProjectProps = {
  readonly trackers: readonly TrackerShape[];
  readonly onDone: () => void;
  /** Absent if there is nothing to return to. */
  readonly onCancel?: () => void;
};

/** Adds a project: its name, and sources chosen from those the credentials can see. */
export function AddProject({ trackers, onDone, onCancel }: AddProjectProps) {
  const client = useQueryClient();
  const sayUnchecked = useSayUnchecked();
  const pathNote = useId();
  const nameNote = useId();
  const [name, setName] = useState("");
  const [path, setPath] = useState("");
  const [chosen, setChosen] = useState<readonly ChosenSource[]>([]);
  const first = chosen[0];
  const suggested = first === undefined ? "" : (first.key.split("/").at(-1) ?? first.key);
  const finalName = name.trim() || suggested;
  const keys = projectKeys(chosen, trackers);

  const add = useMutation({
    mutationFn: () =>
      api.addProject({
        name: finalName,
        ...(path.trim() !== "" && { path: path.trim() }),
        ...("keys" in keys ? keys.keys : {}),
      }),
    onSuccess: async (project) => {
      sayUnchecked(project);
      await client.invalidateQueries();
      onDone();
    },
  });
  const refused = add.error === null ? null : toApiError(add.error);
  const atName = refused !== null && (refused.field === "name" || refused.field === "id");
  const atPath = refused?.field === "path";

  return (
    <form
      className="project mb-2"
      aria-label="Add project"
      onSubmit={(event) => {
        event.preventDefault();
        if ("keys" in keys && chosen.length > 0) add.mutate();
      }}
    >
      <div className="grid gap-3 p-4">
        <SourcePicker
          trackers={trackers}
          chosen={chosen}
          focused
          onToggle={(source) =>
            setChosen((before) =>
              before.some((other) => sameSource(other, source))
                ? before.filter((other) => !sameSource(other, source))
                : [...before, source],
            )
          }
          {...(onCancel && { onEscape: onCancel })}
        />
        <div className="grid gap-3 phone:grid-cols-2">
          <label className="grid content-start gap-1 text-12">
            <span className="text-ink-3">Name</span>
            <input
              className="field"
              value={name}
              placeholder={suggested || "My Application"}
              maxLength={80}
              aria-invalid={atName || undefined}
              aria-describedby={nameNote}
              onChange={(event) => setName(event.target.value)}
            />
            <FieldProblem id={nameNote} error={atName ? refused : null} />
          </label>
          <label className="grid content-start gap-1 text-12">
            <span className="text-ink-3">Local checkout (optional, for agents)</span>
            <input
              className="field font-mono"
              value={path}
              placeholder="/home/you/projects/app"
              spellCheck={false}
              aria-invalid={atPath || undefined}
              aria-describedby={pathNote}
              onChange={(event) => setPath(event.target.value)}
            />
            <FieldProblem id={pathNote} error={atPath ? refused : null} />
          </label>
        </div>
        {"problem" in keys && <p className="text-12 text-warn">{keys.problem}</p>}
        {refused !== null && !atName && !atPath && <ErrorNote error={refused} />}
      </div>
      <footer className="flex items-center gap-2 border-t border-line px-4 py-2">
        <span className="min-w-0 flex-1 truncate text-12 text-ink-3">
          {chosen.length === 0 ? "Choose at least one source" : chosen.map(({ key }) => key).join(", ")}
        </span>
        {onCancel && (
          <button type="button" className="button" data-kind="quiet" onClick={onCancel}>
            Cancel
          </button>
        )}
        <button
          type="submit"
          className="button"
          data-kind="primary"
          disabled={chosen.length === 0 || finalName === "" || "problem" in keys || add.isPending}
        >
          {add.isPending ? "Adding…" : "Add project"}
        </button>
      </footer>
    </form>
  );
}
