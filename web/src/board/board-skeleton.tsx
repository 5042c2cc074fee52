import { statuses, statusLabels } from "../../../src/domain/status.ts";
import type { Grouping } from "../../../src/domain/grouping.ts";
import { StatusIcon } from "../ui/icon.tsx";
import { CardSkeleton } from "./card/card.tsx";

const cardsPerColumn = [6, 4, 3, 2, 5];

/** Placeholder until the first response. Column names are known in advance only when grouped by status. */
export function BoardSkeleton({ grouping }: { readonly grouping: Grouping }) {
  return (
    <div className="board" aria-busy="true" aria-label="Loading the board">
      {statuses.slice(0, 5).map((status, column) => (
        <section className="column" key={status}>
          <header className="column-head">
            {grouping === "status" ? (
              <>
                <StatusIcon status={status} label={false} />
                <h2>
                  {statusLabels[status]} <span className="column-count">–</span>
                </h2>
              </>
            ) : (
              <i className="bone h-3 w-24" />
            )}
          </header>
          <div className="grid gap-1 px-1">
            {Array.from({ length: cardsPerColumn[column] ?? 3 }, (_, card) => (
              <CardSkeleton key={card} seed={column + card} />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
