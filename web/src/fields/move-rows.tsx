import { statusLabels, type Status } from "../../../src/domain/status.ts";
import type { MovesShape } from "../../../src/server/contract/change.ts";
import type { MoveChoiceShape } from "../../../src/server/contract/move-choice.ts";
import { Icon, StatusIcon } from "../ui/icon.tsx";

export type Move = MovesShape["moves"][number];

type StatusRowProps = {
  readonly status: Status;
  readonly native: string | null;
  readonly move: Move | undefined;
  readonly now: boolean;
  readonly choices: readonly MoveChoiceShape[];
  readonly digit: number | null;
  readonly label: string;
};

/** A status to move to, and what the tracker calls it or asks for. */
export function StatusRow({ status, native, move, now, choices, digit, label }: StatusRowProps) {
  return (
    <>
      <StatusIcon status={status} size={16} label={false} />
      <span>{statusLabels[status]}</span>
      <span className="move-to">
        {choices.length > 0 ? (
          <span className="truncate">
            Choose a {label} transition: {choices.map(({ name }) => name).join(" or ")}
          </span>
        ) : (
          native !== null && (
            <>
              <Icon name="arrow" size={14} className="text-ink-4" />
              <span className="chip" data-native>
                {native}
              </span>
            </>
          )
        )}
        {now && <span className="text-ink-3">now</span>}
        {move?.allowed === false && <span className="truncate text-bad">{move.reason ?? "not possible"}</span>}
      </span>
      {now && <Icon name="check" size={14} className="text-ink-3" />}
      {digit !== null && (
        <kbd aria-hidden="true" className="not-phone">
          {digit}
        </kbd>
      )}
    </>
  );
}

/** One of the transitions that lead to a status. */
export function WayRow({ choice }: { readonly choice: MoveChoiceShape }) {
  const required = choice.fields.filter((field) => field.required).map(({ name }) => name);
  const notes = [
    ...(required.length > 0 ? [`asks for ${required.join(", ")}`] : []),
    ...(choice.reversible ? [] : ["no way back, so no undo"]),
  ];
  return (
    <>
      <b className="font-semibold">{choice.name}</b>
      <Icon name="arrow" size={12} className="text-ink-4" />
      <span className="chip" data-native>
        {choice.state}
      </span>
      <span className="truncate text-ink-3">{notes.join(", ")}</span>
    </>
  );
}
