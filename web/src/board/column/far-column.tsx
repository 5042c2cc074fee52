import { formatCount } from "../../ui/time.ts";
import type { ColumnData } from "../data/board-data.ts";

type FarColumnProps = { readonly column: ColumnData; readonly label: string };

/** A column far outside the visible part of a wide board: its place and its name, without its cards. */
export function FarColumn({ column: { group, total }, label }: FarColumnProps) {
  return (
    <section className="column" aria-label={label} data-group={group} data-drop-group={group} data-far>
      <header className="column-head">
        <h2 className="flex min-w-0">
          <span className="truncate" dir="auto">
            {label}
          </span>{" "}
          <span className="column-count">{formatCount(total)}</span>
        </h2>
      </header>
    </section>
  );
}
