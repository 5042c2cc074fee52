import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { MoveChoiceShape } from "../../../src/server/contract/move-choice.ts";
import { formQuery } from "../api/queries.ts";
import type { Choice } from "../changes/change-group.ts";
import { MoveForm } from "./move-form.tsx";

type MoveWaysProps = {
  readonly source: string;
  readonly choices: readonly MoveChoiceShape[];
  readonly onChoose: (choice: Choice) => void;
};

/** Buttons for the transitions a refused move can still take; one with fields opens its form. */
export function MoveWays({ source, choices, onChoose }: MoveWaysProps) {
  const form = useQuery(formQuery(source)).data;
  const [open, setOpen] = useState<MoveChoiceShape | null>(null);
  if (open !== null) {
    return (
      <MoveForm
        choice={open}
        form={form}
        onSubmit={(fields) => onChoose({ transition: open.id, fields })}
        onBack={() => setOpen(null)}
      />
    );
  }
  return (
    <p className="mt-1 flex flex-wrap gap-1">
      {choices.map((choice) => (
        <button
          type="button"
          className="button"
          data-size="small"
          key={choice.id}
          title={choice.reversible ? undefined : "No way back, so no undo"}
          onClick={() => {
            if (choice.fields.length > 0) setOpen(choice);
            else onChoose({ transition: choice.id, fields: {} });
          }}
        >
          {choice.name}
          <span className="text-ink-3">{choice.state}</span>
        </button>
      ))}
    </p>
  );
}
