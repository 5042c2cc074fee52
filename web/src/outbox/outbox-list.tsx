import { useQuery } from "@tanstack/react-query";
import type { OperationShape } from "../../../src/server/contract/change.ts";
import { keptMovesQuery, outboxQuery } from "../api/queries.ts";
import { needsUser } from "../changes/use-outbox.ts";
import { KeptMoves } from "../shadow/kept-moves.tsx";
import { Icon } from "../ui/icon.tsx";
import { useShowMore } from "../ui/show-more.tsx";
import { formatCount } from "../ui/time.ts";
import { OperationCard } from "./operation-card.tsx";
import "./outbox.css";

type OutboxListProps = {
  /** Summary of the changes settled since yesterday; null: none, or unknown. */
  readonly settled: string | null;
  /** Whether the feed shows only settled changes. */
  readonly showsSettled: boolean;
  /** Toggles the feed between settled changes and everything. */
  readonly onShowSettled: () => void;
};

/** The outbox; operations that need the user come first. */
export function OutboxList({ settled, showsSettled, onShowSettled }: OutboxListProps) {
  const { data, isPending } = useQuery(outboxQuery);
  const kept = useQuery(keptMovesQuery()).data ?? [];
  const operations = data ?? [];
  const needing = operations.filter(needsUser);
  const waiting = operations.filter((operation) => !needsUser(operation));
  const words = [
    ...(waiting.length > 0 ? [`${formatCount(waiting.length)} waiting`] : []),
    ...(needing.length > 0 ? [`${formatCount(needing.length)} ${needing.length === 1 ? "needs" : "need"} you`] : []),
    ...(kept.length > 0 ? [`${formatCount(kept.length)} kept here`] : []),
  ];
  return (
    <aside className="outbox" aria-label="Outbox" aria-busy={isPending}>
      <header>
        <h2>Outbox</h2>
        {/* Claim that everything is written only once the outbox has loaded. */}
        {data !== undefined && <p>{words.length === 0 ? "all changes written" : words.join(", ")}</p>}
        {data === undefined && !isPending && <p>couldn’t load</p>}
      </header>
      <Group id="needs-you" name="Needs you" operations={needing} />
      <Group id="waiting" name="Waiting" operations={waiting} />
      <KeptMoves />
      {isPending && <i className="late bone h-24" />}
      {data?.length === 0 && kept.length === 0 && (
        <p className="text-12 text-ink-3">
          Changes appear here until their tracker has them, with their age and the reason for any wait.
        </p>
      )}
      {settled !== null && (
        <p className="outbox-settled">
          <Icon name="check" size={14} />
          <span className="min-w-0 flex-1">Settled since yesterday: {settled}</span>
          <button type="button" onClick={onShowSettled}>
            {showsSettled ? "Show all" : "Show"}
          </button>
        </p>
      )}
    </aside>
  );
}

type GroupProps = {
  readonly id: string;
  readonly name: string;
  readonly operations: readonly OperationShape[];
};

function Group({ id, name, operations }: GroupProps) {
  // A bulk edit queues a thousand.
  const { shown, more } = useShowMore(operations);
  if (operations.length === 0) return null;
  return (
    <section id={id} aria-label={name}>
      <h3>
        {name} <span className="font-normal">{formatCount(operations.length)}</span>
      </h3>
      <ul>
        {shown.map((operation) => (
          <li key={operation.id}>
            <OperationCard operation={operation} />
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
}
