import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import type { BoardQuery } from "../../filter/board-query.ts";
import type { CardLook } from "../card/card-look.ts";
import { Card } from "../card/card.tsx";
import { cardKey } from "../data/board-data.ts";
import type { IssueLooks } from "../work-layout.ts";

/** What cards of all columns share. */
export type CardContext = IssueLooks & {
  readonly selected: ReadonlySet<string>;
  /** Cards being dragged. */
  readonly held: ReadonlySet<string>;
  readonly sort: BoardQuery["sort"];
  readonly hrefOf: (issue: IssueShape) => string;
  readonly look: CardLook;
};

type ColumnCardProps = {
  readonly issue: IssueShape;
  readonly grouping: Grouping;
  readonly cards: CardContext;
  readonly open: boolean;
  readonly focusable: boolean;
  /** Shows the button that moves it, where there is no dragging. */
  readonly movable: boolean;
};

/** A card of a column. */
export function ColumnCard({ issue, grouping, cards, open, focusable, movable }: ColumnCardProps) {
  const key = cardKey(issue);
  return (
    <Card
      issue={issue}
      trackerLabel={cards.trackerLabels.get(issue.tracker) ?? issue.tracker}
      href={cards.hrefOf(issue)}
      me={cards.mine.has(`${issue.tracker}:${issue.assignees[0]?.login ?? ""}`)}
      stale={cards.staleTrackers.has(issue.tracker)}
      fresh={cards.fresh.has(key)}
      open={open}
      focusable={focusable}
      selected={cards.selected.has(key)}
      showsStatus={grouping !== "status"}
      showsState={grouping !== "state"}
      held={cards.held.has(key)}
      movable={movable}
      shows={cards.look.shows}
    />
  );
}
