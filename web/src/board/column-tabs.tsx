import { useEffect, useState } from "react";
import { statusLabels, type Status } from "../../../src/domain/status.ts";
import { StatusIcon } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";
import type { ColumnData } from "./board-data.ts";

type ColumnTabsProps = {
  readonly columns: readonly ColumnData[];
  readonly shut: ReadonlySet<Status>;
  readonly onOpen: (status: Status) => void;
};

function columnElement(status: Status): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.column[data-status="${status}"]`);
}

/** On narrow screens, where one column fills the screen: which one it is, and the way to the others. */
export function ColumnTabs({ columns, shut, onOpen }: ColumnTabsProps) {
  const [current, setCurrent] = useState<Status | null>(columns[0]?.status ?? null);
  const shown = columns.filter(({ status }) => !shut.has(status)).map(({ status }) => status);
  const names = shown.join();

  useEffect(() => {
    const board = document.querySelector(".board");
    if (board === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const seen = entries.find(({ isIntersecting }) => isIntersecting);
        const status = seen?.target instanceof HTMLElement ? seen.target.dataset["status"] : undefined;
        if (status !== undefined) setCurrent(status as Status);
      },
      { root: board, threshold: 0.6 },
    );
    for (const status of names.split(",")) {
      const element = columnElement(status as Status);
      if (element !== null) observer.observe(element);
    }
    return () => observer.disconnect();
  }, [names]);

  useEffect(() => {
    if (current === null) return;
    document
      .querySelector(`[data-column-tab="${current}"]`)
      ?.scrollIntoView({ block: "nearest", inline: "center", behavior: "smooth" });
  }, [current]);

  return (
    <nav className="column-tabs" aria-label="Columns">
      {columns.map(({ status, total }) => (
        <button
          type="button"
          key={status}
          className="column-tab"
          data-column-tab={status}
          aria-current={current === status ? "true" : undefined}
          onClick={() => {
            if (shut.has(status)) onOpen(status);
            setCurrent(status);
            requestAnimationFrame(() => columnElement(status)?.scrollIntoView({ inline: "start", block: "nearest" }));
          }}
        >
          <StatusIcon status={status} size={14} label={false} />
          {statusLabels[status]}
          <span className="column-count">{formatCount(total)}</span>
        </button>
      ))}
    </nav>
  );
}
