import { useId, useState, type FormEvent } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { subjectOf, useIssueChanges } from "../changes/use-issue-changes.ts";
import { formatDay } from "../ui/time.ts";
import { estimateProblem, parseEstimate } from "./parse-estimate.ts";
import "../ui/field.css";

type ValueFormProps = { readonly issues: readonly IssueShape[]; readonly onDone: () => void };

/** The value all issues share; undefined if they differ. */
function common<T>(issues: readonly IssueShape[], read: (issue: IssueShape) => T): T | undefined {
  const values = new Set(issues.map(read));
  const [only] = values;
  return values.size === 1 ? only : undefined;
}

function dayFrom(days: number): string {
  const date = new Date();
  date.setDate(date.getDate() + days);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
}

/** Days until the next Monday, never today. */
function untilMonday(): number {
  return (8 - new Date().getDay()) % 7 || 7;
}

/** Picks a date, with shortcuts for common ones. */
export function DueDateForm({ issues, onDone }: ValueFormProps) {
  const { change } = useIssueChanges();
  const [day, setDay] = useState(() => common(issues, ({ dueDate }) => dueDate) ?? "");
  const set = (dueDate: string | null) => {
    change(
      issues.filter((issue) => issue.dueDate !== dueDate),
      { dueDate },
      { dueDate },
      dueDate === null ? "set to no due date" : `due ${formatDay(dueDate)}`,
    );
    onDone();
  };
  const offers = [
    { label: "Today", day: dayFrom(0) },
    { label: "Tomorrow", day: dayFrom(1) },
    { label: "Next Monday", day: dayFrom(untilMonday()) },
    { label: "In two weeks", day: dayFrom(14) },
  ];
  return (
    <form
      className="value-form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        set(day === "" ? null : day);
      }}
    >
      <label>
        <span className="sr-only">Due date of {subjectOf(issues)}</span>
        <input type="date" className="field" value={day} onChange={(event) => setDay(event.target.value)} />
      </label>
      <button type="submit" className="button" data-kind="primary">
        Set
      </button>
      <div className="value-offers">
        {offers.map((offer) => (
          <button type="button" className="menu-item" key={offer.label} onClick={() => set(offer.day)}>
            <span className="flex-1">{offer.label}</span>
            <span className="choices-more">{formatDay(offer.day)}</span>
          </button>
        ))}
        {issues.some(({ dueDate }) => dueDate !== null) && (
          <button type="button" className="menu-item" onClick={() => set(null)}>
            No due date
          </button>
        )}
      </div>
    </form>
  );
}

const usualEstimates = [0, 1, 2, 3, 5, 8, 13];

export function EstimateForm({ issues, onDone }: ValueFormProps) {
  const { change } = useIssueChanges();
  const before = common(issues, ({ estimate }) => estimate);
  const [typed, setTyped] = useState(before == null ? "" : String(before));
  const set = (estimate: number | null) => {
    change(
      issues.filter((issue) => issue.estimate !== estimate),
      { estimate },
      { estimate },
      estimate === null ? "set to no estimate" : `estimated at ${estimate}`,
    );
    onDone();
  };
  const value = parseEstimate(typed);
  const problemId = useId();
  const isNumber = value !== undefined;
  return (
    <form
      className="value-form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (isNumber) set(value);
      }}
    >
      <label>
        <span className="sr-only">Estimate of {subjectOf(issues)}</span>
        <input
          className="field w-24"
          inputMode="decimal"
          autoComplete="off"
          placeholder="Points"
          aria-invalid={!isNumber || undefined}
          aria-describedby={isNumber ? undefined : problemId}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <button type="submit" className="button" data-kind="primary" disabled={!isNumber}>
        Set
      </button>
      {!isNumber && (
        <small id={problemId} className="basis-full text-12 text-bad">
          {estimateProblem}
        </small>
      )}
      <div className="flex basis-full flex-wrap gap-1">
        {usualEstimates.map((estimate) => (
          <button
            type="button"
            className="button"
            data-size="small"
            key={estimate}
            aria-pressed={before === estimate}
            onClick={() => set(estimate)}
          >
            {estimate}
          </button>
        ))}
        {before !== null && (
          <button type="button" className="button" data-kind="quiet" data-size="small" onClick={() => set(null)}>
            None
          </button>
        )}
      </div>
    </form>
  );
}
