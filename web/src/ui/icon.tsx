import { priorityLabels, type Priority } from "../../../src/domain/priority.ts";
import { statusLabels, type Status } from "../../../src/domain/status.ts";

/** Shapes in the sprite of index.html. */
export type IconName =
  | "activity"
  | "agents"
  | "alert"
  | "arrow"
  | "block"
  | "board"
  | "bold"
  | "branch"
  | "cal"
  | "check"
  | "clock"
  | "code"
  | "copy"
  | "down"
  | "ext"
  | "file"
  | "filter"
  | "folder"
  | "group"
  | "info"
  | "italic"
  | "left"
  | "link"
  | "list"
  | "lock"
  | "mark"
  | "moon"
  | "more"
  | "msg"
  | "pencil"
  | "play"
  | "plus"
  | "quote"
  | "reply"
  | "request"
  | "right"
  | "search"
  | "send"
  | "settings"
  | "shadow"
  | "sort"
  | "spin"
  | "star"
  | "stop"
  | "sync"
  | "tag"
  | "task"
  | "trash"
  | "undo"
  | "user"
  | "view"
  | "wifi-off"
  | "x";

type IconProps = {
  readonly name: IconName;
  readonly size?: 12 | 14 | 16;
  readonly className?: string | undefined;
  /** Read by screen readers; an icon without a label is decorative. */
  readonly label?: string | undefined;
};

export function Icon({ name, size = 16, className, label }: IconProps) {
  return <Shape id={name} size={size} className={className} label={label} />;
}

type ShapeProps = {
  readonly id: string;
  readonly size: number;
  readonly className?: string | undefined;
  readonly label?: string | undefined;
  readonly color?: string;
};

function Shape({ id, size, className, label, color }: ShapeProps) {
  return (
    <svg
      className={className === undefined ? "icon" : `icon ${className}`}
      viewBox="0 0 16 16"
      data-size={size}
      style={color === undefined ? undefined : { color }}
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
    >
      <use href={`#${id}`} />
    </svg>
  );
}

/** A tracker's glyph, in its own colour (`src/trackers/NAME/glyph.svg`); a tracker without one gets a link icon. */
export function TrackerGlyph({
  tracker,
  label,
  size = 14,
}: {
  readonly tracker: string;
  readonly label?: string | undefined;
  readonly size?: 14 | 16;
}) {
  const own = `t-${tracker}`;
  const id = document.getElementById(own) === null ? "link" : own;
  return <Shape id={id} size={size} label={label} color="var(--ink-3)" />;
}

const statusColors: Record<Status, string> = {
  backlog: "var(--st-backlog)",
  planning: "var(--st-planning)",
  in_progress: "var(--st-progress)",
  in_review: "var(--st-review)",
  done: "var(--st-done)",
  canceled: "var(--st-canceled)",
};

export function StatusIcon({
  status,
  size = 16,
  label = true,
}: {
  readonly status: Status;
  readonly size?: 14 | 16;
  readonly label?: boolean;
}) {
  return (
    <Shape
      id={`s-${status}`}
      size={size}
      color={statusColors[status]}
      label={label ? statusLabels[status] : undefined}
    />
  );
}

export function PriorityIcon({ priority, label = true }: { readonly priority: Priority; readonly label?: boolean }) {
  return (
    <Shape
      id={`p-${priority}`}
      size={14}
      color={priority === 1 ? "var(--ink)" : "var(--ink-3)"}
      label={label ? `Priority: ${priorityLabels[priority]}` : undefined}
    />
  );
}
