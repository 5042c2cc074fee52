import { statuses, statusLabels } from "../../../src/domain/status.ts";
import type { Grouping } from "../../../src/domain/grouping.ts";
import { Icon, StatusIcon } from "../ui/icon.tsx";
import { ListHead } from "./list-head.tsx";
import "./list.css";

const rowsPerGroup = [8, 6, 5, 4];

/** Placeholder until the first response. Group names are known in advance only when grouped by status. */
export function ListSkeleton({ grouping }: { readonly grouping: Grouping }) {
  return (
    <section className="list" aria-busy="true" aria-label="Loading the list">
      <div className="min-h-0 flex-1 overflow-hidden" aria-hidden="true">
        <ListHead />
        {rowsPerGroup.map((rows, group) => (
          <div key={statuses[group]}>
            <div className="list-group">
              <span className="list-fold">
                <Icon name="down" size={14} className="text-ink-3" />
                {grouping === "status" ? (
                  <StatusName at={group} />
                ) : (
                  <i className="bone h-3" style={{ width: `${96 + ((group * 29) % 48)}px` }} />
                )}
              </span>
            </div>
            {Array.from({ length: rows }, (_, row) => (
              <WaitingRow key={row} seed={group * 7 + row} />
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

function StatusName({ at }: { readonly at: number }) {
  const status = statuses[at] ?? "backlog";
  return (
    <>
      <StatusIcon status={status} label={false} />
      <span className="font-semibold">{statusLabels[status]}</span>
      <span className="column-count">–</span>
    </>
  );
}

/** Placeholder for a loading row, of the same height. */
export function WaitingRow({ seed }: { readonly seed: number }) {
  return (
    <div className="list-row" role="presentation" aria-hidden="true">
      <span className="list-check" />
      <span className="list-ref">
        <i className="bone h-3 w-20" />
      </span>
      <span className="list-title">
        <i className="bone block h-3" style={{ width: `${40 + ((seed * 17) % 45)}%` }} />
      </span>
    </div>
  );
}
