import { parsePriority } from "../../../src/domain/priority.ts";
import { isStatus } from "../../../src/domain/status.ts";
import { Icon, PriorityIcon, StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";
import type { Suggestion } from "./suggestions.ts";

/** A suggestion in the filter field's menu: the condition and its number of issues. */
export function SuggestionRow({ suggestion }: { readonly suggestion: Suggestion }) {
  if (suggestion.kind === "key") {
    return (
      <>
        <Icon name="filter" size={14} className="text-ink-4" />
        <span>{suggestion.key}:</span>
        <span className="truncate text-ink-3">{suggestion.label}</span>
      </>
    );
  }
  const { chip, label, count } = suggestion;
  const priority = chip.key === "priority" ? parsePriority(chip.value) : undefined;
  return (
    <>
      {chip.key === "tracker" && <TrackerGlyph tracker={chip.value} />}
      {chip.key === "status" && isStatus(chip.value) && <StatusIcon status={chip.value} size={14} label={false} />}
      {priority !== undefined && <PriorityIcon priority={priority} label={false} />}
      <span className="truncate">
        <span className="text-ink-3">{chip.key}:</span> {label}
      </span>
      {count !== null && <span className="count">{formatCount(count)}</span>}
    </>
  );
}
