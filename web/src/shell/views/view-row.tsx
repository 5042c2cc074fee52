import { useQuery } from "@tanstack/react-query";
import { useRef, type KeyboardEventHandler } from "react";
import { Link } from "wouter";
import { countQuery } from "../../api/queries.ts";
import { workPath } from "../../routes.ts";
import { Icon } from "../../ui/icon.tsx";
import { MenuButton } from "../../ui/menu-button.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { formatCount } from "../../ui/time.ts";
import { useInSight } from "../../ui/use-in-sight.ts";

type ViewRowProps = {
  readonly name: string;
  readonly query: string;
  readonly current: boolean;
  /** What can be done with a saved view; the built-in ones cannot be changed. */
  readonly entries?: readonly MenuEntry[];
  readonly onKeyDown?: KeyboardEventHandler;
};

/** A view in the sidebar, with its count, and its menu if it is a saved one. Only counts in sight are read: each takes a request after every change. */
export function ViewRow({ name, query, current, entries, onKeyDown }: ViewRowProps) {
  const row = useRef<HTMLDivElement>(null);
  const { data: count } = useQuery({ ...countQuery(query), enabled: useInSight(row) });
  return (
    <div className="view-row" ref={row}>
      <Link
        href={workPath(query)}
        className="side-link"
        aria-current={current ? "page" : undefined}
        title={name}
        onKeyDown={onKeyDown}
      >
        <Icon name="view" size={14} />
        <span className="truncate">{name}</span>
        {count !== undefined && <span className="side-count">{formatCount(count)}</span>}
      </Link>
      {entries !== undefined && (
        <MenuButton
          className="icon-button"
          label={`Menu of view ${name}`}
          trigger={<Icon name="more" size={14} />}
          entries={entries}
        />
      )}
    </div>
  );
}
