/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox has no native tags */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useId, useRef, useState, type KeyboardEvent } from "react";
import { foldName } from "../../../src/domain/fold-name.ts";
import { statusLabels, statuses, type Status } from "../../../src/domain/status.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { MoveChoiceShape } from "../../../src/server/contract/move-choice.ts";
import { movesQuery, trackersQuery } from "../api/queries.ts";
import { subjectOf, useIssueChanges } from "../changes/use-issue-changes.ts";
import type { Choice } from "../changes/change-group.ts";
import { useChoicePrefix } from "../ui/choice-prefix.ts";
import { Icon } from "../ui/icon.tsx";
import { MoveForm } from "./move-form.tsx";
import { type Move, StatusRow, WayRow } from "./move-rows.tsx";
import { stateWords } from "./state-words.ts";
import { useForms } from "./use-forms.ts";

export type MoveListProps = {
  readonly issues: readonly IssueShape[];
  readonly onDone: () => void;
  /** A move already in progress that needs a transition; only this one is offered. */
  readonly asked?: {
    readonly status: Status;
    readonly choices: readonly MoveChoiceShape[];
    readonly onChoose: (choice: Choice) => void;
  };
};

type Row =
  | { readonly kind: "status"; readonly status: Status }
  | { readonly kind: "choice"; readonly status: Status; readonly choice: MoveChoiceShape };

/** The statuses issues can move to, with the native state of each. If the tracker needs a choice, the transitions expand in place. */
export function MoveList({ issues, onDone, asked }: MoveListProps) {
  const { move } = useIssueChanges();
  const [first] = issues;
  const only = issues.length === 1 ? first : undefined;
  /** The status they all share. */
  const common = issues.every(({ status }) => status === first?.status) ? first?.status : undefined;
  const trackers = useQuery(trackersQuery).data?.trackers;
  const moves = useQuery({
    ...movesQuery(only?.address ?? ""),
    enabled: only !== undefined && asked === undefined,
    retry: false,
  });
  const { forms } = useForms(issues);
  const prefix = useChoicePrefix();
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(asked === undefined ? Math.max(0, statuses.indexOf(common ?? "backlog")) : 0);
  const [opened, setOpened] = useState<Status | null>(asked?.status ?? null);
  const [form, setForm] = useState<{ status: Status; choice: MoveChoiceShape } | null>(null);
  /** Enter was pressed before the typed state could be resolved. */
  const entered = useRef(false);
  const label = trackers?.find(({ id }) => id === only?.tracker)?.label ?? "the tracker";

  const moveOf = (status: Status): Move | undefined => moves.data?.find((one) => one.status === status);
  const choicesOf = (status: Status) => (asked?.status === status ? asked.choices : (moveOf(status)?.choices ?? []));
  const nativeOf = (status: Status): string | null =>
    only === undefined
      ? null
      : stateWords(moves.data ?? forms[0]?.statuses ?? [], status, {
          status: only.status,
          state: only.nativeState.name,
        });
  const isShown = (status: Status) =>
    asked === undefined
      ? [statusLabels[status], nativeOf(status) ?? "", ...choicesOf(status).map(({ name }) => name)].some((word) =>
          foldName(word).includes(foldName(typed)),
        )
      : status === asked.status;

  const rows: Row[] = statuses
    .filter(isShown)
    .flatMap((status): Row[] => [
      { kind: "status", status },
      ...(opened === status ? choicesOf(status).map((choice): Row => ({ kind: "choice", status, choice })) : []),
    ]);
  const current = Math.min(at, rows.length - 1);

  useEffect(() => {
    list.current?.querySelector("[data-current]")?.scrollIntoView({ block: "nearest" });
  }, [current, opened]);

  const finish = (status: Status, choice?: Choice) => {
    if (asked !== undefined && choice !== undefined) asked.onChoose(choice);
    else if (asked === undefined) move(issues, status, choice === undefined ? {} : { choice });
    onDone();
  };
  const choose = (row: Row | undefined) => {
    if (row === undefined) return;
    if (row.kind === "choice") {
      // A transition with fields opens its form; one without needs no more input.
      if (row.choice.fields.length > 0) setForm(row);
      else finish(row.status, { transition: row.choice.id, fields: {} });
      return;
    }
    if (choicesOf(row.status).length > 0) {
      setOpened(row.status);
      setForm(null);
      setAt(statuses.filter(isShown).indexOf(row.status) + 1);
      return;
    }
    if (moveOf(row.status)?.allowed === false || common === row.status) return;
    finish(row.status);
  };
  const chooseEarly = useEffectEvent(() => {
    if (entered.current) choose(rows[current]);
    entered.current = false;
  });
  useEffect(() => {
    if (moves.isFetching) return undefined;
    const timer = setTimeout(() => chooseEarly());
    return () => clearTimeout(timer);
  }, [moves.isFetching]);

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const digit = /^[1-6]$/.test(event.key) && typed === "" ? statuses[Number(event.key) - 1] : undefined;
    if (step !== 0 && rows.length > 0) {
      event.preventDefault();
      setAt((current + step + rows.length) % rows.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      // Native state names arrive with the allowed moves; matching a status need not wait for them.
      if (rows.length === 0) entered.current = moves.isFetching;
      else choose(rows[current]);
    } else if (digit !== undefined && asked === undefined) {
      event.preventDefault();
      setAt(rows.findIndex((row) => row.kind === "status" && row.status === digit));
      choose({ kind: "status", status: digit });
    }
  };

  return (
    <div className="choices">
      <div className="choices-field">
        {prefix}
        <input
          ref={field}
          role="combobox"
          aria-label={`Move ${subjectOf(issues)} to`}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={only === undefined ? "Status" : `Status or ${label} state`}
          value={typed}
          readOnly={asked !== undefined}
          onChange={(event) => {
            setTyped(event.target.value);
            entered.current = false;
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        {moves.isFetching && (
          <Icon name="spin" size={14} className="spinning text-ink-3" label={`Loading moves from ${label}`} />
        )}
      </div>
      <div className="choices-list move-list" role="listbox" id={listId} aria-label="Moves" ref={list}>
        {rows.map((row, index) => (
          <div
            key={row.kind === "status" ? row.status : `${row.status} ${row.choice.id}`}
            id={`${listId}-${index}`}
            className={row.kind === "status" ? "move-row" : "move-way"}
            role="option"
            tabIndex={-1}
            aria-selected={row.kind === "status" && common === row.status}
            aria-disabled={row.kind === "status" && moveOf(row.status)?.allowed === false ? true : undefined}
            data-current={index === current || undefined}
            data-open={row.kind === "choice" || opened === row.status || undefined}
            onPointerMove={() => setAt(index)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(row)}
            onKeyDown={undefined}
          >
            {row.kind === "status" ? (
              <StatusRow
                status={row.status}
                native={nativeOf(row.status)}
                move={moveOf(row.status)}
                now={common === row.status}
                choices={choicesOf(row.status)}
                digit={asked === undefined && typed === "" ? statuses.indexOf(row.status) + 1 : null}
                label={label}
              />
            ) : (
              <WayRow choice={row.choice} />
            )}
          </div>
        ))}
      </div>
      {moves.error !== null && (
        <p className="choices-note">Couldn’t check which moves {label} allows. You can still move the issue.</p>
      )}
      {form !== null && (
        <MoveForm
          choice={form.choice}
          form={forms[0]}
          onSubmit={(fields) => finish(form.status, { transition: form.choice.id, fields })}
          onBack={() => {
            setForm(null);
            field.current?.focus();
          }}
        />
      )}
    </div>
  );
}
