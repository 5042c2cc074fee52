import { memo } from "react";
import { Link } from "wouter";
import { formatQuery, sortLabels, sortNames, type BoardQuery } from "../filter/board-query.ts";
import { FilterField } from "../filter/filter-field.tsx";
import { groupings } from "../../../src/domain/grouping.ts";
import { groupingLabels } from "../filter/grouping.ts";
import type { Vocabulary } from "../filter/suggestions.ts";
import { layoutPath, type Layout } from "../routes.ts";
import { Icon } from "../ui/icon.tsx";
import { MenuButton } from "../ui/menu-button.tsx";
import { DisplayOptions } from "./display-options.tsx";

type FilterRowProps = {
  readonly layout: Layout;
  readonly query: BoardQuery;
  readonly known: Vocabulary;
  readonly onChange: (query: BoardQuery, options: { replace: boolean }) => void;
};

/** Controls for filter, layout, grouping and order. */
export const FilterRow = memo(function FilterRow({ layout, query, known, onChange }: FilterRowProps) {
  const search = formatQuery(query);
  return (
    <search className="filter-row">
      <FilterField query={query} known={known} onChange={onChange} />
      <nav className="layout-switch" aria-label="Layout">
        {(["board", "list"] as const).map((one) => (
          <Link
            key={one}
            href={layoutPath(one, search)}
            aria-current={layout === one ? "true" : undefined}
            aria-label={one === "board" ? "Board" : "List"}
            title={one === "board" ? "Board" : "List"}
          >
            <Icon name={one === "board" ? "board" : "view"} size={14} />
          </Link>
        ))}
      </nav>
      <MenuButton
        className="button flex-none"
        kind="quiet"
        label={`Group: ${groupingLabels[query.group]}`}
        trigger={
          <>
            <Icon name="group" />
            <span className="wide-only text-ink-3">Group</span>{" "}
            <span className="not-phone">{groupingLabels[query.group]}</span>
            <Icon name="down" />
          </>
        }
        entries={groupings.map((group) => ({
          id: group,
          label: groupingLabels[group],
          checked: query.group === group,
          onSelect: () => onChange({ ...query, group }, { replace: false }),
        }))}
      />
      <MenuButton
        className="button flex-none"
        kind="quiet"
        label={`Sort: ${sortLabels[query.sort.name]}${query.sort.reverse ? ", reversed" : ""}`}
        trigger={
          <>
            <Icon name="sort" />
            <span className="wide-only text-ink-3">Sort</span>{" "}
            <span className="not-phone">{sortLabels[query.sort.name]}</span>
            <Icon name="down" />
          </>
        }
        entries={[
          ...sortNames.map((name) => ({
            id: name,
            label: sortLabels[name],
            checked: query.sort.name === name,
            onSelect: () => onChange({ ...query, sort: { name, reverse: false } }, { replace: false }),
          })),
          {
            id: "reverse",
            label: "Reverse order",
            checked: query.sort.reverse,
            onSelect: () =>
              onChange({ ...query, sort: { name: query.sort.name, reverse: !query.sort.reverse } }, { replace: false }),
          },
        ]}
      />
      {layout === "board" && <DisplayOptions query={query} />}
    </search>
  );
});
